"""Conditions of a U-Net: what it may be given, checked, and how its pixels read a context.

Taught in: chapter 08.
"""

from typing import Any

import torch
from torch import nn

from dgm.attention import CrossAttention
from dgm.nn.networks import zeroed
from dgm.validate import check_range, shapes


def check_images(x: torch.Tensor, channels: int, factor: int, name: str = "xt") -> None:
    """Raise ValueError unless x is (B, channels, H, W) with multiples of `factor` as H and W.

    Example:
        >>> check_images(torch.zeros(2, 1, 28, 30), channels=1, factor=4)
        Traceback (most recent call last):
        ValueError: xt has shape (2, 1, 28, 30), wanted (B, 1, H, W) with H and W multiples of 4
    """
    if x.ndim != 4 or x.shape[1] != channels or any(n % factor for n in x.shape[2:]):
        raise ValueError(
            f"{name} has shape {tuple(x.shape)}, wanted (B, {channels}, H, W) "
            f"with H and W multiples of {factor}"
        )


def check_steps(t: Any, rows: int) -> None:
    """Raise ValueError unless there is a step t (B,) for each of the B rows: one is not for all.

    Example:
        >>> check_steps(torch.tensor([5]), rows=2)
        Traceback (most recent call last):
        ValueError: t has shape (1,), wanted (2,), a step for each row of xt
    """
    found = f"has shape {tuple(t.shape)}" if isinstance(t, torch.Tensor) else f"is {t!r}"
    if getattr(t, "shape", None) != (rows,):
        raise ValueError(f"t {found}, wanted ({rows},), a step for each row of xt")


def check_condition(
    classes: int | None, context_dim: int | None, rows: int, cond: Any, mask: Any = None
) -> None:
    """Raise ValueError unless `cond` is what the network was built for.

    Args:
        classes: K: then `cond` is classes (B,) in 0..K-1.
        context_dim: E: then it is a context (B, L, E), and `mask` None or booleans (B, L).
        rows: B.
        cond, mask: what came.

    Example:
        >>> check_condition(classes=10, context_dim=None, rows=2, cond=torch.tensor([3, 9]))
        >>> check_condition(classes=None, context_dim=None, rows=2, cond=torch.tensor([3, 9]))
        Traceback (most recent call last):
        ValueError: cond is given, but this network was built without classes or context_dim
    """
    if mask is not None and not context_dim:
        raise ValueError("mask is given, but this network reads no context: wanted None")
    if classes:
        wanted = f"classes ({rows},), 0 to {classes - 1}"
    elif context_dim:
        wanted = f"a context ({rows}, L, {context_dim})"
    elif cond is None:
        return
    else:
        raise ValueError("cond is given, but this network was built without classes or context_dim")
    if cond is None:
        raise ValueError(f"cond is None, wanted {wanted}: this network was built for a condition")
    if isinstance(cond, torch.Tensor) and len(cond.shape) and len(cond) != rows:
        raise ValueError(f"cond has shape {tuple(cond.shape)}, wanted {wanted}, a row for each xt")
    if classes:
        _classes(cond)
        check_range("cond", cond, 0, classes - 1, f" ({classes=}, the null class counts, too)")
    else:
        _context(cond, mask)
        if cond.shape[2] != context_dim:
            raise ValueError(f"cond has shape {tuple(cond.shape)}, wanted {wanted}")


@shapes(cond="B: int")
def _classes(cond: Any) -> None:
    """Raise ValueError unless it has the form of classes."""


@shapes(cond="B L E: float", mask="B L")
def _context(cond: Any, mask: Any = None) -> None:
    """Raise ValueError unless it is a context, with a mask that fits."""


class ReadContext(nn.Module):
    """Every pixel reads from a context; what it read is added to it, at first nothing.

    Args:
        channels: channels before and after, a multiple of `heads`.
        context_dim: E, the width of the context.
        heads: of the attention.

    Source: Rombach et al. 2022 (arXiv 2112.10752), section 3.3. Taught in: chapter 08.

    Example:
        >>> x, context = torch.rand(1, 8, 2, 2), torch.rand(1, 5, 3)
        >>> torch.equal(ReadContext(8, context_dim=3)(x, context), x)  # before training
        True
    """

    def __init__(self, channels: int, context_dim: int, heads: int = 4) -> None:
        super().__init__()
        self.norm = nn.LayerNorm(channels)
        self.attention = CrossAttention(channels, context_dim, heads)
        zeroed(self.attention.out)

    def forward(
        self, x: torch.Tensor, context: torch.Tensor, mask: torch.Tensor | None = None
    ) -> torch.Tensor:
        """From x (B, channels, H, W) and context (B, L, E), mask (B, L), to the shape of x."""
        pixels = self.norm(x.flatten(2).transpose(1, 2))  # (B, H W, channels)
        return x + self.attention(pixels, context, mask).transpose(1, 2).reshape(x.shape)
