"""The first stage of latent diffusion: a convolutional autoencoder whose code is a small picture.

Source: Rombach et al. 2022 (arXiv 2112.10752). Taught in: chapter 07.
"""

from collections.abc import Sequence
from itertools import pairwise

import torch
from torch import nn

from dgm.nn.conditions import check_images
from dgm.nn.networks import groups
from dgm.validate import shapes, takes


class FirstStage(nn.Module):
    """A convolutional autoencoder whose code is a small picture: 28 by 28 becomes 4 x 7 x 7.

    The encoder gives a Gaussian of codes, as a VAE's does. Its KL weighs so little that it keeps
    the code from growing and leaves the reconstruction sharp.

    Args:
        channels: C of the images.
        latent_channels: K of the code.
        width: channels after the first halving.
        multipliers: for each halving of height and width, its channels as a multiple of `width`.

    Source: Rombach et al. 2022 (arXiv 2112.10752), section 3.1 and appendix G. Taught in:
    chapter 07.

    Example:
        >>> mu, logvar = FirstStage().encode(torch.zeros(2, 1, 28, 28))
        >>> mu.shape
        torch.Size([2, 4, 7, 7])
    """

    def __init__(
        self,
        channels: int = 1,
        latent_channels: int = 4,
        width: int = 32,
        multipliers: Sequence[int] = (1, 2),
    ) -> None:
        super().__init__()
        widths = [width * m for m in multipliers]
        self.channels, self.latent_channels = channels, latent_channels
        self.factor = 2 ** len(widths)  # height and width are multiples of it
        inner = widths[-1]
        down: list[nn.Module] = [nn.Conv2d(channels, widths[0], 4, stride=2, padding=1)]
        for before, after in pairwise(widths):
            down += [*norm(before), nn.Conv2d(before, after, 4, stride=2, padding=1)]
        down += [*norm(inner), nn.Conv2d(inner, inner, 3, padding=1)]
        down += [*norm(inner), nn.Conv2d(inner, 2 * latent_channels, 1)]
        up: list[nn.Module] = [nn.Conv2d(latent_channels, inner, 3, padding=1)]
        up += [*norm(inner), nn.Conv2d(inner, inner, 3, padding=1)]
        for before, after in zip(widths[::-1], [*widths[-2::-1], channels], strict=True):
            up += [*norm(before), nn.ConvTranspose2d(before, after, 4, stride=2, padding=1)]
        self.encoder = takes(nn.Sequential(*down), "x")
        self.decoder = takes(nn.Sequential(*up), "z")

    @shapes(x="B C H W: float")
    def encode(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """From images x (B, C, H, W) to mu and logvar, each (B, K, H / factor, W / factor).

        Raises:
            ValueError: for other channels, or if H or W is not a multiple of `factor`.
        """
        check_images(x, self.channels, self.factor, "x")
        mu, logvar = self.encoder(x).chunk(2, dim=1)
        return mu, logvar.clamp(-30, 20)

    @shapes(z="B K h w: float")
    def decode(self, z: torch.Tensor) -> torch.Tensor:
        """From codes z (B, K, h, w) to images (B, C, factor h, factor w)."""
        if z.shape[1] != self.latent_channels:
            raise ValueError(
                f"z has shape {tuple(z.shape)}, wanted (B, {self.latent_channels}, h, w)"
            )
        return self.decoder(z)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The reconstruction (B, C, H, W) of x from the mean of its codes."""
        return self.decode(self.encode(x)[0])


def norm(channels: int) -> tuple[nn.Module, nn.Module]:
    """What stands before each convolution but the first.

    Example:
        >>> norm(16)[0].num_groups
        8
    """
    return nn.GroupNorm(groups(channels), channels), nn.SiLU()
