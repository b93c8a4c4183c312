"""Self-attention of pixels, for the low resolutions of a U-Net. Taught in: chapter 06."""

import torch
from torch import nn
from torch.nn.functional import scaled_dot_product_attention

from dgm.nn.networks import groups, zeroed


class Attention(nn.Module):
    """Every pixel reads from every other one; what it read is added to it.

    Args:
        channels: channels before and after, a multiple of `heads`.
        heads: so many attentions side by side, on channels / heads channels each.

    Source: Vaswani et al. 2017 (arXiv 1706.03762), section 3.2. Taught in: chapter 06.

    Example:
        >>> x = torch.rand(1, 8, 2, 2)
        >>> torch.equal(Attention(8)(x), x)  # before training
        True
    """

    def __init__(self, channels: int, heads: int = 4) -> None:
        super().__init__()
        if channels % heads:
            raise ValueError(f"channels is {channels}, wanted a multiple of heads, {heads}")
        self.heads = heads
        self.norm = nn.GroupNorm(groups(channels), channels)
        self.qkv = nn.Conv2d(channels, 3 * channels, 1)
        self.out = zeroed(nn.Conv2d(channels, channels, 1))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From x (B, channels, H, W) to the same shape."""
        b, c, height, width = x.shape
        qkv = self.qkv(self.norm(x)).reshape(b, 3, self.heads, c // self.heads, height * width)
        q, k, v = qkv.transpose(-1, -2).unbind(1)  # (B, heads, H W, c / heads) each
        read = scaled_dot_product_attention(q, k, v).transpose(-1, -2)
        return x + self.out(read.reshape(b, c, height, width))
