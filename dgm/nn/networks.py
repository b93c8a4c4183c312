"""Small networks for the first chapters. None knows an objective.

An encoder maps x (B, *D) to the mean and log-variance of z, each (B, K); a decoder maps z to the
parameters of x, each (B, *D). Taught in: chapters 02 and 03.
"""

import math
from collections.abc import Sequence
from typing import TypeVar

import torch
from torch import nn

from dgm.validate import takes

M = TypeVar("M", bound=nn.Module)
LOGVAR_RANGE = (-12.0, 4.0)  # of a pixel: standard deviations of 1/3 of a grey level in 256, to 7


def mlp(widths: Sequence[int], dropout: float = 0.0) -> nn.Sequential:
    """Linear layers of these widths with ReLU, and dropout, between them and none at the end.

    Args:
        widths: of the input, each hidden layer and the output; two of them are one linear map.
        dropout: the probability with which a hidden unit is left out in training.

    Taught in: chapter 02.

    Example:
        >>> mlp([2, 8, 3])(torch.zeros(5, 2)).shape
        torch.Size([5, 3])
    """
    layers: list[nn.Module] = []
    for i in range(1, len(widths)):
        layers.append(nn.Linear(widths[i - 1], widths[i]))
        if i < len(widths) - 1:
            layers.append(nn.ReLU())
            if dropout > 0:
                layers.append(nn.Dropout(dropout))
    return takes(nn.Sequential(*layers), "x", widths[0])


class GaussianEncoder(nn.Module):
    """Any body whose output (B, 2 K) is cut into a mean and a log-variance. Taught in: chapter 03.

    Example:
        >>> mu, logvar = GaussianEncoder(torch.nn.Identity())(torch.tensor([[1.0, 2.0, 3.0, 4.0]]))
        >>> mu.tolist(), logvar.tolist()
        ([[1.0, 2.0]], [[3.0, 4.0]])
    """

    def __init__(self, body: nn.Module) -> None:
        super().__init__()
        self.body = body

    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """From x (B, *D) to mu and logvar, each (B, K)."""
        mu, logvar = self.body(x).chunk(2, dim=1)
        return mu, logvar


class Decoder(nn.Module):
    """Any body whose output is shaped as data; with `with_logvar` twice as many channels.

    Args:
        body: from z (B, K) to a tensor of B C H W entries, or twice as many.
        shape: (C, H, W), or any other shape of the event.
        with_logvar: give mean and log-variance; the latter is kept within `LOGVAR_RANGE`.

    Taught in: chapter 03.

    Example:
        >>> Decoder(torch.nn.Linear(3, 4), (1, 2, 2), with_logvar=False)(torch.zeros(5, 3)).shape
        torch.Size([5, 1, 2, 2])
    """

    def __init__(self, body: nn.Module, shape: Sequence[int], with_logvar: bool) -> None:
        super().__init__()
        self.body, self.shape, self.with_logvar = body, tuple(shape), with_logvar

    def forward(self, z: torch.Tensor) -> torch.Tensor | tuple[torch.Tensor, torch.Tensor]:
        """From z (B, K) to one tensor (B, *shape), or to two."""
        out = self.body(z)
        if not self.with_logvar:
            return out.reshape(-1, *self.shape)
        mean, logvar = out.flatten(1).chunk(2, dim=1)
        logvar = logvar.clamp(*LOGVAR_RANGE)
        return mean.reshape(-1, *self.shape), logvar.reshape(-1, *self.shape)


def mlp_encoder_decoder(
    shape: Sequence[int],
    latent_dim: int,
    hidden_dims: Sequence[int] = (256,),
    *,
    with_logvar: bool = False,
) -> tuple[GaussianEncoder, Decoder]:
    """A fully connected encoder and decoder for data of any shape.

    Args:
        shape: of one x, as (1, 8, 8) or (2,).
        latent_dim: K.
        hidden_dims: widths of the encoder's hidden layers; the decoder has them in reverse.
        with_logvar: the decoder gives a log-variance too, as "discretized_gaussian" asks.

    Taught in: chapter 03.

    Example:
        >>> encoder, decoder = mlp_encoder_decoder((1, 8, 8), latent_dim=2)
        >>> mu, logvar = encoder(torch.zeros(5, 1, 8, 8))
        >>> mu.shape, decoder(mu).shape
        (torch.Size([5, 2]), torch.Size([5, 1, 8, 8]))
    """
    d, outputs = math.prod(shape), 1 + with_logvar
    encoder = GaussianEncoder(nn.Sequential(nn.Flatten(), mlp([d, *hidden_dims, 2 * latent_dim])))
    body = mlp([latent_dim, *reversed(hidden_dims), outputs * d])
    return encoder, takes(Decoder(body, shape, with_logvar), "z", latent_dim)


def conv_encoder_decoder(
    latent_dim: int, channels: int = 1, width: int = 16, *, with_logvar: bool = False
) -> tuple[GaussianEncoder, Decoder]:
    """A convolutional encoder and decoder for images of 28 by 28.

    Args:
        latent_dim: K.
        channels: of an image.
        width: channels at 14 by 14; at 7 by 7 there are twice as many.
        with_logvar: as in `mlp_encoder_decoder`.

    Taught in: chapter 03.

    Example:
        >>> encoder, decoder = conv_encoder_decoder(latent_dim=2)
        >>> mu, logvar = encoder(torch.zeros(5, 1, 28, 28))
        >>> mu.shape, decoder(mu).shape
        (torch.Size([5, 2]), torch.Size([5, 1, 28, 28]))
    """
    inner = 2 * width
    down = nn.Sequential(
        nn.Conv2d(channels, width, 4, stride=2, padding=1),  # (B, width, 14, 14)
        nn.ReLU(),
        nn.Conv2d(width, inner, 4, stride=2, padding=1),  # (B, inner, 7, 7)
        nn.ReLU(),
        nn.Flatten(),
        nn.Linear(inner * 49, 2 * latent_dim),
    )
    up = nn.Sequential(
        nn.Linear(latent_dim, inner * 49),
        nn.ReLU(),
        nn.Unflatten(1, (inner, 7, 7)),
        nn.ConvTranspose2d(inner, width, 4, stride=2, padding=1),  # (B, width, 14, 14)
        nn.ReLU(),
        nn.ConvTranspose2d(width, (1 + with_logvar) * channels, 4, stride=2, padding=1),
    )
    encoder = takes(GaussianEncoder(down), "x", channels, 28, 28)
    return encoder, takes(Decoder(up, (channels, 28, 28), with_logvar), "z", latent_dim)


class Classifier(nn.Module):
    """A small convolutional classifier of images of 28 by 28.

    Its features are what a sparse autoencoder takes apart (chapter 02) and what Frechet
    distances compare (chapter 09).

    Taught in: chapter 02.

    Example:
        >>> Classifier()(torch.zeros(5, 1, 28, 28)).shape
        torch.Size([5, 10])
    """

    def __init__(self, n_classes: int = 10, feature_dim: int = 64, width: int = 16) -> None:
        super().__init__()
        self.body = nn.Sequential(
            nn.Conv2d(1, width, 3, padding=1, bias=False),
            nn.MaxPool2d(2),  # (B, width, 14, 14)
            nn.BatchNorm2d(width),
            nn.ReLU(),
            nn.Conv2d(width, 2 * width, 3, padding=1, bias=False),
            nn.MaxPool2d(2),  # (B, 2 width, 7, 7)
            nn.BatchNorm2d(2 * width),
            nn.ReLU(),
            nn.Flatten(),
            nn.Dropout(0.25),
            nn.Linear(2 * width * 49, feature_dim),
            nn.ReLU(),
        )
        takes(self.body, "x", 1, 28, 28)
        self.head = nn.Linear(feature_dim, n_classes)

    def features(self, x: torch.Tensor) -> torch.Tensor:
        """The activations (B, feature_dim) before the last layer, of images x (B, 1, 28, 28)."""
        return self.body(x)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """Logits (B, n_classes) of images x (B, 1, 28, 28) in [-1, 1]."""
        return self.head(self.features(x))


def conv_gan(
    latent_dim: int, channels: int = 1, width: int = 16
) -> tuple[nn.Sequential, nn.Sequential]:
    """A convolutional generator and discriminator for images of 28 by 28 in [-1, 1].

    As the tips have it: strides in place of pooling, leaky ReLU in the discriminator, batch norm
    in the generator alone, tanh at its end.

    Args:
        latent_dim: K.
        channels: of an image.
        width: channels at 14 by 14; at 7 by 7 there are twice as many.

    Returns:
        The generator, from z (B, K) to (B, C, 28, 28), and the discriminator, from images to
        logits (B,).

    Source: Radford et al. 2016 (arXiv 1511.06434). Taught in: chapter 04.

    Example:
        >>> net_g, net_d = conv_gan(latent_dim=2)
        >>> x = net_g(torch.zeros(5, 2))
        >>> x.shape, net_d(x).shape
        (torch.Size([5, 1, 28, 28]), torch.Size([5]))
    """
    inner = 2 * width
    net_g = nn.Sequential(
        nn.Linear(latent_dim, inner * 49, bias=False),
        nn.Unflatten(1, (inner, 7, 7)),
        nn.BatchNorm2d(inner),
        nn.ReLU(),
        nn.ConvTranspose2d(inner, width, 4, stride=2, padding=1, bias=False),  # (B, width, 14, 14)
        nn.BatchNorm2d(width),
        nn.ReLU(),
        nn.ConvTranspose2d(width, channels, 4, stride=2, padding=1),  # (B, channels, 28, 28)
        nn.Tanh(),
    )
    net_d = nn.Sequential(
        nn.Conv2d(channels, width, 4, stride=2, padding=1),  # (B, width, 14, 14)
        nn.LeakyReLU(0.2),
        nn.Conv2d(width, inner, 4, stride=2, padding=1),  # (B, inner, 7, 7)
        nn.LeakyReLU(0.2),
        nn.Flatten(),
        nn.Linear(inner * 49, 1),
        nn.Flatten(0),  # (B,)
    )
    return takes(net_g, "z", latent_dim), takes(net_d, "x", channels, 28, 28)


def zeroed(module: M) -> M:
    """The module with all its parameters 0: at first it adds nothing.

    Example:
        >>> zeroed(torch.nn.Linear(2, 1))(torch.ones(1, 2)).item()
        0.0
    """
    for parameter in module.parameters():
        nn.init.zeros_(parameter)
    return module


def groups(channels: int) -> int:
    """How many groups of channels are normalised together: 8, or what divides them.

    Example:
        >>> [groups(channels) for channels in (48, 12, 3)]
        [8, 4, 1]
    """
    return math.gcd(8, channels)
