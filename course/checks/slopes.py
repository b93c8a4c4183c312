"""Gradients that a `Doing` compares."""

from typing import Any

import torch
from torch import Tensor


def slopes(value: Any, **leaves: Tensor) -> dict[str, Any]:
    """What `value` is, and its gradient by each of the `leaves`; 0 where none comes back."""
    if not isinstance(value, Tensor):
        return {"what comes back": type(value).__name__}
    if not value.requires_grad:
        return {"what comes back": "a tensor without its graph"}
    found: dict[str, Any] = {"what comes back": "a tensor with its graph"}
    slopes = torch.autograd.grad(value.sum(), list(leaves.values()), allow_unused=True)
    for name, slope, leaf in zip(leaves, slopes, leaves.values(), strict=True):
        found[f"the gradient by {name}"] = torch.zeros_like(leaf) if slope is None else slope
    return found
