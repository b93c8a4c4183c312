"""What the samplers share: where they start, what a network says of x_t, and the way back.

Taught in: chapter 06.
"""

from collections.abc import Callable, Iterator, Sequence
from itertools import chain, pairwise
from numbers import Integral, Real
from typing import Any, cast

import torch

from dgm.diffusion import predict_eps, predict_x0
from dgm.prediction import as_eps
from dgm.schedule import NoiseSchedule

Model = Callable[[torch.Tensor, torch.Tensor], torch.Tensor]
Step = Callable[..., torch.Tensor]


def call(model: Model, xt: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """`model(xt, t)`, whose shape must be that of `xt`; under autocast its dtype need not.

    Example:
        >>> call(lambda xt, t: 2 * xt, torch.ones(2), torch.tensor([1, 1])).tolist()
        [2.0, 2.0]
    """
    prediction = model(xt, t)
    if prediction.shape != xt.shape:
        raise ValueError(
            f"model gives shape {tuple(prediction.shape)}, wanted that of xt, {tuple(xt.shape)}"
        )
    return prediction.to(xt.dtype)


def estimate(
    model: Model,
    xt: torch.Tensor,
    t: torch.Tensor,
    schedule: NoiseSchedule,
    predicts: str = "eps",
    clip: tuple[float, float] | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """The noise and the data (eps_hat, x0_hat) that the model sees in `xt`, each (B, *D).

    With `clip=(lo, hi)` x0_hat is brought into the range of the data, and eps_hat fits to it.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> t, schedule = torch.tensor([1]), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> eps_hat, x0_hat = estimate(lambda xt, t: 1 + 0 * xt, torch.tensor([1.4]), t, schedule)
        >>> eps_hat.item(), round(x0_hat.item(), 4)
        (1.0, 1.0)
    """
    eps_hat = as_eps(call(model, xt, t), xt, t, schedule, predicts)
    x0_hat = predict_x0(xt, t, eps_hat, schedule)
    if clip is not None:
        check_clip(clip)
        x0_hat = x0_hat.clamp(*clip)
        eps_hat = predict_eps(xt, t, x0_hat, schedule)
    return eps_hat, x0_hat


def check_clip(clip: Any) -> None:
    """Raise ValueError unless it is a range (lo, hi).

    Example:
        >>> check_clip(1.0)
        Traceback (most recent call last):
        ValueError: clip is 1.0, wanted None or a range (lo, hi), as (-1, 1)
    """
    two = isinstance(clip, Sequence) and len(clip) == 2
    if (
        not two
        or not all(isinstance(n, (Real, torch.Tensor)) for n in clip)
        or not clip[0] < clip[1]
    ):
        raise ValueError(f"clip is {clip!r}, wanted None or a range (lo, hi), as (-1, 1)")


def start(
    model: Model,
    schedule: NoiseSchedule,
    shape: Sequence[int],
    generator: torch.Generator | None = None,
    dtype: torch.dtype | None = None,
) -> torch.Tensor:
    """Noise x_T ~ N(0, I) of `shape` (B, *D), of the model's dtype and on its device.

    A model without parameters gets torch's default dtype and the schedule's device.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> start(lambda xt, t: xt, NoiseSchedule.linear(T=10), (2, 3)).shape
        torch.Size([2, 3])
    """
    sizes = tuple(shape) if isinstance(shape, Sequence) else ()
    if not sizes or not all(isinstance(n, Integral) and n >= 1 for n in sizes):
        raise ValueError(f"shape is {shape!r}, wanted (B, *D) of numbers of 1 or more")
    like, net = torch.empty(0, device=schedule.device), cast(Any, model)
    if hasattr(model, "parameters"):
        held = chain(net.parameters(), net.buffers())
        like = next((p for p in held if p.is_floating_point()), like)
    return torch.randn(sizes, generator=generator, dtype=dtype or like.dtype, device=like.device)


def reverse_path(
    model: Model,
    xt: torch.Tensor,
    times: Sequence[int],
    step: Step,
    schedule: NoiseSchedule,
    generator: torch.Generator | None = None,
    predicts: str = "eps",
    clip: tuple[float, float] | None = None,
) -> Iterator[tuple[int, torch.Tensor, torch.Tensor]]:
    """From `xt` back to data by way of `times`, decreasing; after the last comes 0.

    Yields (t, x_s, x0_hat) for each t and the s that follows it, where x_s is
    `step(xt, t, s, eps_hat, z)` with fresh noise z.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> blind, step = lambda xt, t: 0 * xt, lambda xt, t, s, eps_hat, z: xt - 1
        >>> path = reverse_path(blind, torch.tensor([3.0]), [2, 1], step, NoiseSchedule.linear(T=2))
        >>> [(t, x.item()) for t, x, _ in path]
        [(2, 2.0), (1, 1.0)]
    """
    for now, after in pairwise([*times, 0]):
        t, s = (torch.full((len(xt),), n, device=xt.device) for n in (now, after))
        with torch.no_grad():
            eps_hat, x0_hat = estimate(model, xt, t, schedule, predicts, clip)
            z = torch.randn(xt.shape, generator=generator, dtype=xt.dtype, device=xt.device)
            xt = step(xt, t, s, eps_hat, z)
        yield now, xt, x0_hat
