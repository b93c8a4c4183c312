"""Draws what the cases of several exercises are made of."""

from collections.abc import Callable

import torch
from torch import Generator, Tensor, nn

from dgm.schedule import NoiseSchedule

DOUBLE, SINGLE = torch.float64, torch.float32


def normal(g: Generator, *shape: int, dtype: torch.dtype = DOUBLE) -> Tensor:
    """Draws of N(0, 1)."""
    return torch.randn(*shape, generator=g, dtype=dtype)


def seeded(g: Generator) -> Generator:
    """A generator of its own, seeded by `g`."""
    return torch.Generator().manual_seed(int(torch.randint(2**31, (1,), generator=g)))


def uniform(g: Generator, *shape: int, low: float = 0.0, high: float = 1.0, dtype: torch.dtype = DOUBLE) -> Tensor:  # fmt: skip
    """Draws between `low` and `high`."""
    return low + (high - low) * torch.rand(*shape, generator=g, dtype=dtype)


def schedule(g: Generator, T: int, low: float = 0.05, high: float = 0.45) -> NoiseSchedule:
    """A schedule whose betas lie between `low` and `high`, in no order."""
    beta = uniform(g, T + 1, low=low, high=high)
    beta[0] = 0
    return NoiseSchedule(beta)


def steps(g: Generator, n: int, first: int, last: int) -> Tensor:
    """`n` different steps of `first` to `last`."""
    return first + torch.randperm(last - first + 1, generator=g)[:n]


def diffused(g: Generator, hidden: bool = False):  # type: ignore[no-untyped-def]
    """Two noises of a shape, steps of the rows and a schedule, for what takes `(x, t, y, schedule)`.

    As many rows as entries along each axis at first, so that a coefficient along the wrong axis
    passes without an error; then few and many axes, the first and the last step, float32.
    """
    if not hidden:
        table = schedule(g, 9)
        yield normal(g, 4, 4, 4), normal(g, 4, 4, 4), steps(g, 4, 3, 8), table
        for shape, dtype in (((3, 2), DOUBLE), ((3, 2, 1, 4), DOUBLE), ((3, 5), SINGLE)):
            t = torch.tensor([1, 5, 9])
            yield normal(g, *shape, dtype=dtype), normal(g, *shape, dtype=dtype), t, table
        return
    for shape, T, dtype in (
        ((3, 3, 3, 3), 1000, DOUBLE),
        ((5, 3), 12, DOUBLE),
        ((2, 3, 4, 5), 3, SINGLE),
        ((6, 1, 2), 1, DOUBLE),
        ((1, 7), 30, SINGLE),
    ):
        table = NoiseSchedule.cosine(T) if T == 1000 else schedule(g, T)
        t = torch.randint(1, T + 1, shape[:1], generator=g)
        t[0], t[-1] = 1, T
        yield 3 * normal(g, *shape, dtype=dtype), normal(g, *shape, dtype=dtype), t, table


def module(g: Generator, make: Callable[[], nn.Module], dtype: torch.dtype = DOUBLE) -> nn.Module:
    """What `make` builds, its parameters drawn from `g`."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        made = make().to(dtype)
        for parameter in made.parameters():
            parameter.copy_(0.6 * normal(g, *parameter.shape))
    return made
