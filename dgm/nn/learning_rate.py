"""Learning rates that change in the course of a training. Taught in: chapter 02."""

import math
from collections.abc import Callable, Iterator

import torch
from torch import nn


def optimizer_of(
    model: nn.Module, lr: float, steps: int
) -> tuple[torch.optim.Adam, Callable[..., Iterator[float]]]:
    """Adam, and what lowers its learning rate to 0 along a cosine as a training goes on.

    The latter is called with the losses of a training, which it passes on, and with the number
    of steps done before the first of them, by default 0.

    Example:
        >>> optimizer, lowering = optimizer_of(torch.nn.Linear(1, 1), lr=0.1, steps=2)
        >>> losses = list(lowering(iter([3.0, 2.0])))
        >>> losses, optimizer.param_groups[0]["lr"]
        ([3.0, 2.0], 0.0)
    """
    optimizer = torch.optim.Adam(model.parameters(), lr)

    def lowering(losses: Iterator[float], done: int = 0) -> Iterator[float]:
        return with_rate(losses, [optimizer], lambda step: lr * cosine(step, steps), done)

    return optimizer, lowering


def with_rate(
    losses: Iterator[float],
    optimizers: list[torch.optim.Optimizer],
    rate: Callable[[int], float],
    done: int = 0,
) -> Iterator[float]:
    """Pass on the losses of a training, and after each set the learning rate for the next step.

    Args:
        losses: one of each step.
        optimizers: whose rate is set.
        rate: from the number of steps done to the learning rate of the next one.
        done: steps done before the first of these.

    Example:
        >>> optimizer = torch.optim.SGD([torch.zeros(1)], lr=1.0)
        >>> losses = with_rate(iter([5.0, 4.0]), [optimizer], lambda step: 0.5**step)
        >>> [(loss, optimizer.param_groups[0]["lr"]) for loss in losses]
        [(5.0, 0.5), (4.0, 0.25)]
    """
    for step, loss in enumerate(losses, done + 1):
        for optimizer in optimizers:
            for group in optimizer.param_groups:
                group["lr"] = rate(step)
        yield loss


def cosine(step: float, steps: float) -> float:
    """From 1 at step 0 to 0 at step `steps`.

    Example:
        >>> [round(cosine(step, 4), 4) for step in (0, 2, 4)]
        [1.0, 0.5, 0.0]
    """
    return (1 + math.cos(math.pi * step / steps)) / 2


def warm_up(step: int, steps: int) -> float:
    """From nearly 0 at step 0 along a line to 1 before step `steps`, and then 1.

    Example:
        >>> [warm_up(step, 4) for step in range(6)]
        [0.25, 0.5, 0.75, 1.0, 1.0, 1.0]
    """
    return min(1.0, (step + 1) / steps) if steps else 1.0
