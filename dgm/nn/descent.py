"""Gradient descent: the loop of the trainings that make one loss small. Taught in: chapter 02.

DDPM has its own, laid beside Algorithm 1, and each game its own.
"""

from collections.abc import Iterable, Iterator

import torch
from torch import nn


def descend(
    model: nn.Module, losses: Iterable[torch.Tensor], optimizer: torch.optim.Optimizer
) -> Iterator[float]:
    """Take a step of the optimizer down each loss, and then yield that loss.

        losses = (vae_loss(model, x) for x in batches)
        for loss in descend(model, losses, optimizer):
            print(loss)

    Args:
        model: what is trained; it is put into training mode.
        losses: tensors without dimensions. A generator: each is computed when its turn has come,
            with the weights that the step before has left.
        optimizer: over the model's parameters.

    Taught in: chapter 02.

    Example:
        >>> from dgm.nn.networks import zeroed
        >>> model = zeroed(torch.nn.Linear(1, 1))
        >>> losses = (model(torch.ones(4, 1)).mean() for _ in range(3))
        >>> list(descend(model, losses, torch.optim.SGD(model.parameters(), lr=0.5)))
        [0.0, -1.0, -2.0]
    """
    model.train()
    for loss in losses:
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.item()
