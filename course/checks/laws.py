"""What is measured on draws: their law, their independence, and where they come from."""

import math
from collections.abc import Callable, Iterator
from typing import Any

import torch
from torch import Generator, Tensor

from course.checks.cases import Reading, holds

SIX = 6.0  # standard errors: a Gaussian is farther out once in 500 million times
KOLMOGOROV = 3.2  # a right sample's distance times sqrt(n) exceeds it once in 400 million times


def seeded(seed: int) -> Generator:
    return torch.Generator().manual_seed(seed)


def of_the_generator(call: Callable[[Generator], Any], what: str = "noise") -> Iterator[Reading]:
    """`call(generator)` draws from what it is given: again for its state, and anew for the next."""
    one, two = seeded(1), seeded(1)
    first, again, second = call(one), call(two), call(one)
    yield holds(_equal(first, again), f"the same generator state gave other {what}: pass generator=generator to all that draws")  # fmt: skip
    yield holds(not _equal(first, second), f"a second call gave the same {what}: set no seed inside, and draw from the generator itself")  # fmt: skip
    free = torch.get_rng_state()
    call(seeded(2))
    yield holds(torch.equal(free, torch.get_rng_state()), "it draws from torch's global generator too: pass generator=generator to all that draws")  # fmt: skip


def each_alone(noise: Tensor, axes: tuple[str, ...] = (), of: str = "x") -> Iterator[Reading]:
    """Each entry on its own: neighbours along an axis, and its two halves; the likest are told."""
    noise = noise.double() - noise.double().mean()
    spread, alike = noise.var().clamp(min=1e-300), {}
    for axis, size in enumerate(noise.shape):
        for step in sorted({1, size // 2} - {0, size}):
            a, b = (noise.narrow(axis, start, size - step) for start in (0, step))
            name = axes[axis] if axis < len(axes) else f"neighbours along axis {axis}"
            name += f" {step} apart" if step > 1 else ""
            alike[name] = ((a * b).mean() / spread).item() * math.sqrt(a.numel())
    if alike:
        most = max(alike, key=lambda name: abs(alike[name]))
        yield Reading(f"the likeness of {most}, in standard errors,", alike[most], 0.0, SIX, f"Draw a number for each entry, in the shape of {of}")  # fmt: skip


def standard_normal(noise: Tensor, what: str = "the noise", axes: tuple[str, ...] = (), of: str = "x") -> Iterator[Reading]:  # fmt: skip
    """Mean 0, variance 1, Gaussian up to its tails, and each entry along each axis on its own.

    `of` is what the noise should have the shape of.
    """
    yield from each_alone(noise, axes, of)
    noise = noise.double()
    n = noise.numel()
    yield Reading(f"the mean of {what}, in standard errors,", noise.mean().item() * math.sqrt(n), 0.0, SIX)  # fmt: skip
    yield Reading(f"the variance of {what}", noise.var().item(), 1.0, SIX * math.sqrt(2 / n))
    ranks = torch.special.ndtr(noise).flatten().sort().values - torch.arange(n) / n
    far = max(ranks.max().item(), 1 / n - ranks.min().item()) * math.sqrt(n)
    yield Reading(f"the distance of {what} from a Gaussian (Kolmogorov's)", far, 0.0, KOLMOGOROV)
    most = noise.abs().max().item()
    low, high = _largest(n)
    yield Reading(f"the largest of {n} draws", most, (low + high) / 2, (high - low) / 2, "Is something clamped?")  # fmt: skip


def of_codes(model: Any, k: int, words: str, axes: tuple[str, ...]) -> Iterator[Reading]:
    """The codes that a `draw.Watched` has decoded: `k` for each row, each with noise of its own."""
    counts, eps = model.noise()
    every = bool(counts.eq(k).all())
    yield holds(every, words)
    if every:
        yield from standard_normal(eps.squeeze(1) if k == 1 else eps, axes=axes, of="mu")
        yield drawn_each(eps)


def drawn_each(noise: Tensor) -> Reading:
    """Whether each entry has a draw of its own; in float64, where two are hardly ever alike."""
    apart = noise.abs().mul(1e9).round().unique().numel()
    return holds(apart > 0.9 * noise.numel(), "entries share their noise, or it comes with both signs: draw a number for each")  # fmt: skip


def share(hits: Tensor, p: float, what: str) -> Reading:
    """How often something came up that comes up with probability `p`."""
    n = hits.numel()
    slack = SIX * math.sqrt(max(p * (1 - p), 1 / n) / n)
    return Reading(what, hits.double().mean().item(), p, slack)


def _largest(n: int) -> tuple[float, float]:
    """Between what the largest of n standard normal magnitudes lies but twice in a million times."""
    normal = torch.distributions.Normal(torch.tensor(0.0, dtype=torch.float64), 1.0)

    def at_most(p: float) -> float:  # the magnitude below which all n lie with probability p
        tail = -math.expm1(math.log(p) / n) / 2
        return -normal.icdf(torch.tensor(tail, dtype=torch.float64)).item()

    return at_most(1e-6), at_most(1 - 1e-6)


def _equal(a: Any, b: Any) -> bool:
    if isinstance(a, (tuple, list)):
        return len(a) == len(b) and all(map(_equal, a, b))
    return torch.equal(torch.as_tensor(a), torch.as_tensor(b))
