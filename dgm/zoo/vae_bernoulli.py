"""The same VAE with grey levels as the chance of white: poor densities, smooth samples.

Taught in: chapter 03.
"""

from collections.abc import Iterator

import torch

from dgm.distributions import kl_standard_normal
from dgm.nn.networks import conv_encoder_decoder
from dgm.vae import VAE, elbo
from dgm.zoo import vae
from dgm.zoo.checkpoints import Checkpoint

ABOUT = "the same VAE with the Bernoulli likelihood: for pictures"
STEPS = vae.STEPS


def build() -> VAE:
    """The model, untrained, of images (B, 1, 28, 28) in [0, 1]."""
    return VAE(*conv_encoder_decoder(16, width=16), 16)


def train(
    model: VAE,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
) -> Iterator[float]:
    """Train on the ELBO of images brought to [0, 1], as `dgm.zoo.vae` does."""
    return vae.train(model, (x + 1) / 2, y, steps, g, checkpoint)


@torch.no_grad()
def measure(model: VAE, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """The ELBO and the KL in nats; of grey levels this is no likelihood of quantised data."""
    x01, g = (x + 1) / 2, torch.Generator().manual_seed(0)
    mu, logvar = model.encoder(x01)
    bound = elbo(model, x01, torch.randn(mu.shape, generator=g))
    kl = kl_standard_normal(mu, logvar)
    return {"elbo_nats": bound.mean().item(), "kl_nats": kl.mean().item()}
