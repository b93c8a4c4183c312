"""ControlNet: a picture steers a trained network, which itself stays as it is.

A copy of the network's encoder and middle learns to read the control. What it finds is added to
what the locked encoder hands to the locked decoder, through convolutions that begin as 0: before
training nothing has changed.

Source: Zhang, Rao and Agrawala 2023 (arXiv 2302.05543). Taught in: chapter 08.
"""

import copy
from typing import Any

import torch
from torch import nn
from torch.nn.functional import conv2d, max_pool2d, pad

from dgm.nn.networks import zeroed
from dgm.nn.unet import UNet
from dgm.validate import shapes


def zero_conv(channels: int) -> nn.Conv2d:
    """A 1 by 1 convolution, of as many channels before as after, whose weights and bias are 0.

    Its output is 0 and sends no gradient back, but its own weights have a gradient wherever its
    input is not 0: it does not stay 0.

    Raises:
        ValueError: if `channels` is below 1.

    Source: Zhang et al. 2023 (arXiv 2302.05543), section 3.1. Taught in: chapter 08.

    Example:
        >>> zero_conv(2)(torch.ones(1, 2, 1, 1)).flatten().tolist()
        [0.0, 0.0]
    """
    if channels < 1:
        raise ValueError(f"channels is {channels}, wanted 1 or more")
    return zeroed(nn.Conv2d(channels, channels, 1))


def lock_and_copy(module: nn.Module) -> nn.Module:
    """Lock a trained module, and give a copy of it that learns.

    The module that is given is locked in place: none of its parameters asks for a gradient any
    more, and it is in evaluation mode. The copy begins with the same weights and shares none of
    them; all its parameters ask for gradients, and it is in training mode.

    Source: Zhang et al. 2023 (arXiv 2302.05543), section 3.1. Taught in: chapter 08.

    Example:
        >>> locked = torch.nn.Linear(2, 1)
        >>> learns = lock_and_copy(locked)
        >>> locked.weight.requires_grad, learns.weight.requires_grad
        (False, True)
    """
    learns = copy.deepcopy(module).requires_grad_(True).train()
    module.requires_grad_(False).eval()
    return learns


def width_of(level: Any) -> int:
    """How many channels come out of a `dgm.nn.unet.Level`.

    Example:
        >>> from dgm.nn.unet import UNet
        >>> width_of(UNet(width=8).encoder[0][0])
        8
    """
    return level.block.conv2.out_channels


class Branch(nn.Module):
    """All that learns in a ControlNet: the copy, what reads the control, the zero convolutions.

    Args:
        copied: a copy of the U-Net, as `lock_and_copy` gives; its decoder is taken out.
        control_channels: of the control.

    Example:
        >>> from dgm.nn.unet import UNet
        >>> branch = Branch(lock_and_copy(UNet(width=8)))
        >>> len(branch.zeros)  # two resolutions, one block at each
        2
    """

    def __init__(self, copied: Any, control_channels: int = 1) -> None:
        super().__init__()
        self.copy = copied
        del copied.decoder, copied.ups, copied.last
        width = copied.first.out_channels
        self.hint = nn.Sequential(  # reads the control, and gives nothing at first
            nn.PixelUnshuffle(copied.patch),
            nn.Conv2d(control_channels * copied.patch**2, width, 3, padding=1),
            nn.SiLU(),
            zero_conv(width),
        )
        kept = [block for level in copied.encoder for block in level]
        *zeros, self.middle = (zero_conv(width_of(b)) for b in (*kept, copied.middle[-1]))
        self.zeros = nn.ModuleList(zeros)
        like = copied.first.weight
        self.to(dtype=like.dtype, device=like.device)

    def forward(
        self, xt: torch.Tensor, t: torch.Tensor, cond: Any, control: torch.Tensor, mask: Any
    ) -> tuple[torch.Tensor, list[torch.Tensor]]:
        """What to add to the middle of the locked network, and to each map that it keeps."""
        condition = self.copy.condition(xt, t, cond, mask)
        h, kept = self.copy.encode(self.copy.enter(xt) + self.hint(control), *condition)
        return self.middle(h), [zero(k) for zero, k in zip(self.zeros, kept, strict=True)]


class ControlNet(nn.Module):
    """A locked U-Net with a branch that a control steers: `model(xt, t, cond, control)`.

    The U-Net that is given is the one that is used: its parameters ask for no gradient any more,
    and it stays in evaluation mode. Train `parameters()` that ask for one, all in `branch`.

    Args:
        unet: a trained `dgm.nn.unet.UNet`, with or without a condition.
        control_channels: of the control; an edge map has 1.

    Source: Zhang et al. 2023 (arXiv 2302.05543), section 3.2. Taught in: chapter 08.

    Example:
        >>> from dgm.nn.unet import UNet
        >>> unet, t = UNet(width=8), torch.tensor([1])
        >>> xt, control = torch.rand(2, 1, 1, 4, 4)
        >>> torch.equal(ControlNet(unet)(xt, t, None, control), unet(xt, t))  # before training
        True
    """

    def __init__(self, unet: UNet, control_channels: int = 1) -> None:
        super().__init__()
        self.branch = Branch(lock_and_copy(unet), control_channels)
        self.unet = unet
        self.control_channels = control_channels

    def train(self, mode: bool = True) -> "ControlNet":
        """Put the branch into training mode; the locked network stays in evaluation mode."""
        super().train(mode)
        self.unet.eval()
        return self

    def forward(
        self,
        xt: torch.Tensor,
        t: torch.Tensor,
        cond: Any = None,
        control: torch.Tensor | None = None,
        mask: torch.Tensor | None = None,
    ) -> torch.Tensor:
        """From xt (B, C, H, W), t (B,), the U-Net's condition and control to (B, C, H, W).

        `control` is (B, control_channels, H, W), as `edges` gives; with None the locked network
        speaks alone.

        Raises:
            ValueError: if the control does not fit, or as the U-Net says.
        """
        unet = self.unet
        condition = unet.condition(xt, t, cond, mask)
        h, kept = unet.encode(unet.enter(xt), *condition)
        if control is None:
            return unet.decode(h, kept, *condition)
        wanted = (len(xt), self.control_channels, *xt.shape[2:])
        if control.shape != wanted:
            raise ValueError(f"control has shape {tuple(control.shape)}, wanted {wanted}")
        middle, extra = self.branch(xt, t, cond, control.to(xt.dtype), mask)
        kept = [k + e for k, e in zip(kept, extra, strict=True)]
        return unet.decode(h + middle, kept, *condition)


@shapes(x="B C H W: float")
def edges(x: torch.Tensor, threshold: float = 0.25) -> torch.Tensor:
    """The edge map of images: 1 where they change steeply, else 0.

    The length of Sobel's gradient, over 8, so that a step from -1 to 1 has the length 1; the
    channel that changes most counts. An image goes on beyond its border as at it.

    Args:
        x: (B, C, H, W) images in [-1, 1].
        threshold: how long the gradient is at an edge at least, above 0.

    Returns:
        (B, 1, H, W) of 0 and 1, of the dtype of `x`.

    Raises:
        ValueError: if `x` is no such tensor, or `threshold` not above 0.

    Source: Gonzalez and Woods, Digital Image Processing, section 10.2. Taught in: chapter 08.

    Example:
        >>> edges(torch.tensor([[[[-1.0, -1.0, 1.0, 1.0]]]])).tolist()
        [[[[0.0, 1.0, 1.0, 0.0]]]]
    """
    if not threshold > 0:
        raise ValueError(f"threshold is {threshold}, wanted a number above 0")
    across = torch.tensor([[-1.0, 0, 1], [-2, 0, 2], [-1, 0, 1]], dtype=x.dtype, device=x.device)
    kernels = torch.stack([across, across.T])[:, None] / 8  # (2, 1, 3, 3)
    flat = pad(x.flatten(0, 1)[:, None], (1, 1, 1, 1), mode="replicate")
    steep = conv2d(flat, kernels).square().sum(1).sqrt()  # (B C, H, W)
    return (steep.reshape(x.shape).amax(1, keepdim=True) > threshold).to(x.dtype)


@shapes(x="B C H W: number", control="B 1 H W: number, binary")
def edge_agreement(
    x: torch.Tensor, control: torch.Tensor, threshold: float = 0.25, tolerance: int = 0
) -> torch.Tensor:
    """How well the edges of images follow an edge map: F1, from 0 to 1.

    The harmonic mean of two shares: of the images' edge pixels, those that are edges of the
    control too; and of the control's, those that are edges of the image. With a `tolerance`, an
    edge so many pixels away will do.

    Args:
        x: (B, C, H, W) images in [-1, 1].
        control: (B, 1, H, W) of 0 and 1, as `edges` gives.
        threshold: as in `edges`.
        tolerance: in pixels, along rows and columns.

    Returns:
        (B,); 1 where neither has an edge, and 0 where one has none, or none is near.

    Raises:
        ValueError: if shapes or dtypes do not agree, the control has other values, or `tolerance`
            is below 0.

    Source: Martin, Fowlkes and Malik 2004 (IEEE TPAMI 26), section 4. Taught in: chapter 08.

    Example:
        >>> x = torch.tensor([[[[-1.0, -1.0, 1.0, 1.0]]]])
        >>> edge_agreement(x, edges(x)).tolist()
        [1.0]
    """
    if tolerance < 0:
        raise ValueError(f"tolerance is {tolerance}, wanted 0 or more")
    found = edges(x, threshold)
    size = 2 * tolerance + 1
    near_found, near_control = (max_pool2d(e, size, 1, tolerance) for e in (found, control))
    hits = torch.stack([(found * near_control), (control * near_found)]).flatten(2).sum(2)
    total = torch.stack([found, control]).flatten(2).sum(2)  # (2, B)
    precision, recall = hits / total.clamp(min=1)
    f1 = 2 * precision * recall / (precision + recall).clamp(min=1e-12)
    return torch.where(total.sum(0) == 0, torch.ones_like(f1), f1)
