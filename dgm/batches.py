"""Batches: what the training loops read. Taught in: chapter 02."""

from collections.abc import Iterable, Iterator
from typing import Any

import torch

from dgm.validate import shapes


@shapes(x="B *D")
def minibatches(
    x: torch.Tensor, size: int, steps: int, generator: torch.Generator | None = None
) -> Iterator[torch.Tensor]:
    """Draw `steps` batches of rows: each epoch in a new order, its last, smaller batch left out.

    Args:
        x: (B, *D) data.
        size: rows in a batch; B, if that is less.
        steps: how many batches.
        generator: where the order comes from; on the CPU.

    Returns:
        An iterator over (size, *D) tensors.

    Raises:
        ValueError: if `size` or `steps` is below 1.

    Taught in: chapter 02.
    """
    if size < 1 or steps < 1:
        raise ValueError(f"size is {size} and steps is {steps}, wanted 1 or more of both")
    return _draw(x, min(size, len(x)), steps, generator)


def _draw(
    x: torch.Tensor, size: int, steps: int, generator: torch.Generator | None
) -> Iterator[torch.Tensor]:
    per_epoch = len(x) // size
    for step in range(steps):
        if step % per_epoch == 0:
            order = torch.randperm(len(x), generator=generator).to(x.device)
        start = step % per_epoch * size
        yield x[order[start : start + size]]


def inputs(loader: Iterable[Any]) -> Iterator[torch.Tensor]:
    """The x of each batch of a loader, whose batches are x, or begin with it: (x, y)."""
    for batch in loader:
        yield batch if isinstance(batch, torch.Tensor) else batch[0]
