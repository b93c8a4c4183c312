"""The U-Net that predicts noise: what goes in comes out in the same shape.

    encoder: at each resolution some residual blocks, whose results are kept;
    middle: a residual block, attention, a residual block;
    decoder: the same resolutions back up, each block reading what the encoder kept there.

Every residual block is told the step t through its embedding. With `patch=2` the network works on
squares of 2 by 2 pixels, laid out as channels, which is what makes it fast on a CPU. It may be
told a condition too: a class, added to the embedding, or a context that attention reads.

Source: Ho, Jain and Abbeel 2020 (arXiv 2006.11239), appendix B. Taught in: chapters 06 and 08.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import nn
from torch.nn.functional import pixel_shuffle, pixel_unshuffle, silu

from dgm.nn.conditions import ReadContext, check_condition, check_images, check_steps
from dgm.nn.networks import groups, zeroed
from dgm.nn.self_attention import Attention
from dgm.validate import check_dtype, check_input, shapes


@shapes(t="B")
def timestep_embedding(t: torch.Tensor, dim: int, max_period: float = 10000.0) -> torch.Tensor:
    """The step t as waves of many lengths: sines, then cosines.

    Entry i is sin(t f_i) and entry dim/2 + i is cos(t f_i), with the frequencies
    f_i = max_period^(-i / (dim/2)), i = 0 ... dim/2 - 1.

    Args:
        t: (B,) steps, integers or floats.
        dim: the width of the embedding, an even number.
        max_period: the longest wave is nearly so many times as long as the shortest.

    Returns:
        (B, dim), of the default dtype or of t's own, if t is floating-point.

    Raises:
        ValueError: if `t` is not (B,), or `dim` is odd or below 2.

    Source: Vaswani et al. 2017 (arXiv 1706.03762), section 3.5; Ho et al. 2020
    (arXiv 2006.11239), appendix B. Taught in: chapter 06.

    Example:
        >>> timestep_embedding(torch.tensor([0]), dim=4).tolist()
        [[0.0, 0.0, 1.0, 1.0]]
    """
    if dim < 2 or dim % 2:
        raise ValueError(f"dim is {dim}, wanted an even number of 2 or more")
    dtype = t.dtype if t.is_floating_point() else torch.get_default_dtype()
    i = torch.arange(dim // 2, dtype=dtype, device=t.device)
    angle = t.to(dtype)[:, None] * max_period ** (-i / (dim // 2))  # (B, dim/2)
    return torch.cat([angle.sin(), angle.cos()], dim=1)


class ResidualBlock(nn.Module):
    """Two convolutions whose result is added to what came in; t scales and shifts in between.

    `norm1`, silu, `conv1`; then `norm2` of that, times 1 + scale, plus shift, where `emb_proj`
    of the embedding gives both; then silu, dropout, `conv2`; and the input, through the 1 by 1
    convolution `skip` where the number of channels changes, is added. `conv2` begins as 0, so
    that a new block passes its input on.

    Args:
        in_channels, out_channels: channels before and after.
        time_dim: E, the width of the embedding.
        dropout: the share of entries dropped before the second convolution.

    Source: Ho et al. 2020 (arXiv 2006.11239), appendix B; the scale is from Dhariwal and Nichol
    2021 (arXiv 2105.05233), section 3. Taught in: chapter 06.

    Example:
        >>> x, emb = torch.rand(1, 8, 2, 2), torch.rand(1, 4)
        >>> torch.equal(ResidualBlock(8, 8, time_dim=4)(x, emb), x)  # before training
        True
    """

    def __init__(
        self, in_channels: int, out_channels: int, time_dim: int, dropout: float = 0.0
    ) -> None:
        super().__init__()
        self.norm1 = nn.GroupNorm(groups(in_channels), in_channels)
        self.conv1 = nn.Conv2d(in_channels, out_channels, 3, padding=1)
        self.emb_proj = nn.Linear(time_dim, 2 * out_channels)
        self.norm2 = nn.GroupNorm(groups(out_channels), out_channels)
        self.dropout = nn.Dropout(dropout)
        self.conv2 = zeroed(nn.Conv2d(out_channels, out_channels, 3, padding=1))
        same = in_channels == out_channels
        self.skip = nn.Identity() if same else nn.Conv2d(in_channels, out_channels, 1)

    def forward(self, x: torch.Tensor, emb: torch.Tensor) -> torch.Tensor:
        """From x (B, in_channels, H, W) and emb (B, E) to (B, out_channels, H, W)."""
        h = self.conv1(silu(self.norm1(x)))
        scale, shift = self.emb_proj(emb)[:, :, None, None].chunk(2, dim=1)  # (B, out, 1, 1) each
        h = silu(self.norm2(h) * (1 + scale) + shift)
        return self.skip(x) + self.conv2(self.dropout(h))


class UNet(nn.Module):
    """From noisy images and their steps to a prediction of the same shape.

    Args:
        channels: C of the images.
        width: channels at the highest resolution.
        multipliers: for each resolution, highest first, its channels as a multiple of `width`;
            each resolution has half the height and width of the one before.
        blocks: residual blocks at each resolution, on either side.
        attention: for each resolution, whether attention follows each of its blocks.
        patch: the images are cut into squares of so many pixels, whose pixels become channels.
        dropout: of each residual block.
        heads: of each attention.
        classes: K, if the condition is a class (B,), 0 to K - 1, one of which may mean "none".
        context_dim: E, if it is a context (B, L, E), which is read wherever attention is.

    Raises:
        ValueError: if the arguments do not agree, or both kinds of condition are asked for.

    Source: Ho et al. 2020 (arXiv 2006.11239), appendix B; the condition, Dhariwal and Nichol 2021
    (arXiv 2105.05233) and Rombach et al. 2022 (arXiv 2112.10752). Taught in: chapters 06, 08.

    Example:
        >>> UNet(width=8)(torch.zeros(2, 1, 4, 4), torch.tensor([1, 1000])).shape
        torch.Size([2, 1, 4, 4])
    """

    def __init__(
        self,
        channels: int = 1,
        width: int = 48,
        multipliers: Sequence[int] = (1, 2),
        blocks: int = 1,
        attention: Sequence[bool] = (False, True),
        patch: int = 1,
        dropout: float = 0.0,
        heads: int = 4,
        *,
        classes: int | None = None,
        context_dim: int | None = None,
    ) -> None:
        super().__init__()
        if classes and context_dim:
            raise ValueError("classes and context_dim are both given, wanted one of them")
        if len(multipliers) != len(attention):
            raise ValueError(
                f"multipliers has {len(multipliers)} entries and attention {len(attention)}, "
                "wanted one for each resolution in both"
            )
        widths = [width * m for m in multipliers]
        time_dim = 4 * width
        self.channels, self.patch, self.width = channels, patch, width
        self.classes, self.context_dim = classes, context_dim
        self.factor = patch * 2 ** (len(widths) - 1)  # height and width are multiples of it
        self.time = nn.Sequential(
            nn.Linear(width, time_dim), nn.SiLU(), nn.Linear(time_dim, time_dim), nn.SiLU()
        )
        self.first = nn.Conv2d(channels * patch**2, widths[0], 3, padding=1)

        def block(before: int, after: int, attends: bool) -> Level:
            return Level(before, after, time_dim, dropout, heads if attends else 0, context_dim)

        self.encoder, self.decoder = nn.ModuleList(), nn.ModuleList()
        self.downs, self.ups = nn.ModuleList(), nn.ModuleList()
        before = widths[0]
        for i, c in enumerate(widths):
            level = nn.ModuleList()
            for _ in range(blocks):
                level.append(block(before, c, attention[i]))
                before = c
            self.encoder.append(level)
            if i + 1 < len(widths):
                self.downs.append(nn.Conv2d(c, widths[i + 1], 3, stride=2, padding=1))
                before = widths[i + 1]
        self.middle = nn.ModuleList([block(before, before, True), block(before, before, False)])
        for i, c in reversed(list(enumerate(widths))):
            level = nn.ModuleList()
            for _ in range(blocks):
                level.append(block(before + c, c, attention[i]))
                before = c
            self.decoder.append(level)
            if i:
                self.ups.append(nn.Conv2d(c, 4 * widths[i - 1], 1))
                before = widths[i - 1]
        self.last = nn.Sequential(
            nn.GroupNorm(groups(before), before),
            nn.SiLU(),
            nn.Conv2d(before, channels * patch**2, 3, padding=1),
        )
        if classes:
            self.label = nn.Embedding(classes, time_dim)

    def forward(
        self, xt: torch.Tensor, t: torch.Tensor, cond: Any = None, mask: Any = None
    ) -> torch.Tensor:
        """From xt (B, C, H, W) and t (B,) to a prediction (B, C, H, W).

        `cond` is what this network was built for: None, classes (B,), or a context (B, L, E)
        to be read where `mask` (B, L) is True.

        Raises:
            ValueError: if the resolutions do not divide H and W, or for another condition.
        """
        condition = self.condition(xt, t, cond, mask)
        h, kept = self.encode(self.enter(xt), *condition)
        return self.decode(h, kept, *condition)

    def condition(
        self, xt: torch.Tensor, t: torch.Tensor, cond: Any, mask: Any = None
    ) -> tuple[torch.Tensor, Any, Any]:
        """What each block is told: an embedding (B, 4 width), a context or None, and its mask."""
        check_input(self, "xt", xt)
        check_steps(t, len(xt))
        check_condition(self.classes, self.context_dim, len(xt), cond, mask)
        if self.context_dim:
            check_dtype(self, "cond", cond)
        emb = self.time[:-1](timestep_embedding(t, self.width).to(xt.dtype))
        if self.classes:
            emb = emb + self.label(cond)
        return self.time[-1](emb), cond if self.context_dim else None, mask

    def enter(self, xt: torch.Tensor) -> torch.Tensor:
        """From images (B, C, H, W) to the first channels, (B, width, H / patch, W / patch)."""
        check_images(xt, self.channels, self.factor)
        return self.first(pixel_unshuffle(xt, self.patch))

    def encode(self, h: torch.Tensor, *condition: Any) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """What the middle makes of the first channels, and what each encoder block keeps."""
        kept = []
        for i, level in enumerate(self.encoder):
            for block in level.children():
                h = block(h, *condition)
                kept.append(h)
            if i < len(self.downs):
                h = self.downs[i](h)  # half the height and width
        for block in self.middle:
            h = block(h, *condition)
        return h, kept

    def decode(self, h: torch.Tensor, kept: list[torch.Tensor], *condition: Any) -> torch.Tensor:
        """The prediction (B, C, H, W) from what `encode` gives."""
        left = list(kept)
        for i, level in enumerate(self.decoder):
            for block in level.children():
                h = block(torch.cat([h, left.pop()], dim=1), *condition)
            if i < len(self.ups):
                h = pixel_shuffle(self.ups[i](h), 2)  # twice the height and width
        return pixel_shuffle(self.last(h), self.patch)


class Level(nn.Module):
    """A residual block and, if it has heads, attention after it: to itself, then to a context.

    Example:
        >>> level = Level(8, 16, time_dim=4, dropout=0.0, heads=4)
        >>> level(torch.zeros(1, 8, 2, 2), torch.zeros(1, 4)).shape
        torch.Size([1, 16, 2, 2])
    """

    def __init__(
        self,
        before: int,
        after: int,
        time_dim: int,
        dropout: float,
        heads: int,
        context_dim: int | None = None,
    ) -> None:
        super().__init__()
        self.block = ResidualBlock(before, after, time_dim, dropout)
        self.attention = Attention(after, heads) if heads else nn.Identity()
        self.read = ReadContext(after, context_dim, heads) if heads and context_dim else None

    def forward(
        self, x: torch.Tensor, emb: torch.Tensor, context: Any = None, mask: Any = None
    ) -> torch.Tensor:
        """From x (B, before, H, W) and emb (B, E) to (B, after, H, W)."""
        h = self.attention(self.block(x, emb))
        return h if self.read is None else self.read(h, context, mask)
