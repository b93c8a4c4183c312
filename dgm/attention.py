"""Attention: each query reads from the values whose keys fit it.

    attention(Q, K, V) = softmax(Q K^T / sqrt(d)) V

Source: Vaswani et al. 2017 (arXiv 1706.03762). Taught in: chapter 08.
"""

import math
from collections.abc import Callable
from functools import wraps
from typing import ParamSpec

import torch
from torch import nn

from dgm.validate import shapes

P = ParamSpec("P")


def queries_fit_keys(function: Callable[P, torch.Tensor]) -> Callable[P, torch.Tensor]:
    """Check what `scaled_dot_product_attention` is called with, before it is called.

    Example:
        >>> last = queries_fit_keys(lambda q, k, v, mask=None: v[-1:])
        >>> last(torch.zeros(1, 4), torch.zeros(2, 4), torch.tensor([[1.0], [3.0]])).tolist()
        [[3.0]]
    """

    @shapes(q="...: float", k="...: float", v="...: float", mask="...")
    @wraps(function)
    def checked(*args: P.args, **kwargs: P.kwargs) -> torch.Tensor:
        if not torch.compiler.is_compiling():
            _check(*args, **kwargs)  # type: ignore[arg-type]
        return function(*args, **kwargs)

    return checked


@queries_fit_keys
def scaled_dot_product_attention(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> torch.Tensor:
    """Each query reads a weighted mean of the values: softmax(q k^T / sqrt(d)) v.

    The softmax runs over the keys, so that the weights of each query add up to 1; a key that
    must not be read has the weight 0, as if it were not there.

    Args:
        q: (..., Lq, d) queries.
        k: (..., Lk, d) keys.
        v: (..., Lk, dv) values, one for each key.
        mask: (..., Lq, Lk) booleans, or what broadcasts to it: True where a query may read;
            None lets all be read.

    Returns:
        (..., Lq, dv).

    Raises:
        ValueError: if shapes or dtypes do not agree, the mask is not of booleans, or leaves a
            query nothing to read.

    Source: Vaswani et al. 2017 (arXiv 1706.03762), eq. 1. Taught in: chapter 08.

    Example:
        >>> q, k, v = torch.zeros(1, 4), torch.ones(2, 4), torch.tensor([[1.0], [3.0]])
        >>> scaled_dot_product_attention(q, k, v).tolist()
        [[2.0]]
    """
    scores = q @ k.transpose(-1, -2) / math.sqrt(q.shape[-1])  # (..., Lq, Lk)
    if mask is not None:
        scores = scores.masked_fill(~mask, -math.inf)
    return scores.softmax(-1) @ v


class CrossAttention(nn.Module):
    """One sequence reads from another; a sequence that reads from itself is self-attention.

    `to_q` of x gives the queries, `to_k` and `to_v` of the context the keys and values. Each is
    cut into `heads` parts of dim / heads channels, which attend side by side; `out` mixes what
    they have read.

    Args:
        dim: the width of x, and of what comes out; a multiple of `heads`.
        context_dim: the width of the context.
        heads: so many attentions side by side.

    Raises:
        ValueError: if `heads` does not divide `dim`.

    Source: Vaswani et al. 2017 (arXiv 1706.03762), section 3.2.2; Rombach et al. 2022
    (arXiv 2112.10752), section 3.3. Taught in: chapter 08.

    Example:
        >>> CrossAttention(dim=8, context_dim=3)(torch.zeros(2, 5, 8), torch.zeros(2, 7, 3)).shape
        torch.Size([2, 5, 8])
    """

    def __init__(self, dim: int, context_dim: int, heads: int = 4) -> None:
        super().__init__()
        if heads < 1 or dim % heads:
            raise ValueError(f"dim is {dim}, wanted a multiple of heads, {heads}")
        self.heads = heads
        self.to_q = nn.Linear(dim, dim)
        self.to_k = nn.Linear(context_dim, dim)
        self.to_v = nn.Linear(context_dim, dim)
        self.out = nn.Linear(dim, dim)

    @shapes(x="B L dim: float", context="B M E", mask="B M")
    def forward(
        self, x: torch.Tensor, context: torch.Tensor, mask: torch.Tensor | None = None
    ) -> torch.Tensor:
        """From x (B, L, dim) and context (B, M, context_dim) to (B, L, dim).

        `mask` (B, M) is True where the context may be read; with None all of it may.
        """
        if context.shape[-1] != self.to_k.in_features or x.shape[-1] != self.to_q.in_features:
            raise ValueError(
                f"x has shape {tuple(x.shape)} and context {tuple(context.shape)}, wanted widths "
                f"of {self.to_q.in_features} and {self.to_k.in_features}"
            )
        q, k, v = (self.split(a) for a in (self.to_q(x), self.to_k(context), self.to_v(context)))
        may_read = None if mask is None else mask[:, None, None, :]  # (B, 1, 1, M)
        read = scaled_dot_product_attention(q, k, v, may_read)  # (B, heads, L, dim / heads)
        return self.out(read.transpose(1, 2).flatten(2))

    def split(self, a: torch.Tensor) -> torch.Tensor:
        """From (B, N, dim) to (B, heads, N, dim / heads)."""
        return a.unflatten(2, (self.heads, -1)).transpose(1, 2)


def _check(
    q: torch.Tensor, k: torch.Tensor, v: torch.Tensor, mask: torch.Tensor | None = None
) -> None:
    """Raise ValueError unless each query fits each key, and each key has a value."""
    sizes = {"q": tuple(q.shape), "k": tuple(k.shape), "v": tuple(v.shape)}
    given = ", ".join(f"{name} has shape {size}" for name, size in sizes.items())
    wanted = "wanted (..., Lq, d), (..., Lk, d) and (..., Lk, dv)"
    if min(q.ndim, k.ndim, v.ndim) < 2 or q.shape[-1] != k.shape[-1] or k.shape[-2] != v.shape[-2]:
        raise ValueError(f"{given}: {wanted}")
    try:
        lead = torch.broadcast_shapes(q.shape[:-2], k.shape[:-2], v.shape[:-2])
    except RuntimeError:
        raise ValueError(f"{given}: {wanted}, alike in all that stands before") from None
    if mask is None:
        return
    if mask.dtype != torch.bool:
        raise ValueError(f"mask is {mask.dtype}, wanted torch.bool: True where a query may read")
    scores = (*lead, q.shape[-2], k.shape[-2])
    try:
        fits = torch.broadcast_shapes(mask.shape, scores) == scores
    except RuntimeError:
        fits = False
    if not fits:
        raise ValueError(f"mask has shape {tuple(mask.shape)}, wanted {scores}: (..., Lq, Lk)")
    if mask.device.type == "cpu" and not mask.any(-1).all():
        raise ValueError("mask leaves a query nothing to read, wanted a True in each row")
