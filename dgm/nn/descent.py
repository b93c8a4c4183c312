"""Gradient descent: the loop of every training that makes one loss small. Taught in: chapter 02."""

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
    """
    model.train()
    for loss in losses:
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        yield loss.item()
