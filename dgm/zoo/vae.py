"""The VAE of Fashion-MNIST: a likelihood of its 256 grey levels. Taught in: chapter 03."""

from collections.abc import Iterator

import torch

from dgm.data.batches import minibatches
from dgm.distributions import kl_standard_normal
from dgm.evaluate import bits_per_dim
from dgm.nn.learning_rate import optimizer_of
from dgm.nn.networks import conv_encoder_decoder
from dgm.vae import VAE, elbo, iwae_bound, vae_train
from dgm.zoo.checkpoints import Checkpoint

ABOUT = "convolutional VAE of quantised images, 16 latent dimensions"
STEPS, BATCH, RATE = 6000, 128, 2e-3


def build() -> VAE:
    """The model, untrained, of images (B, 1, 28, 28)."""
    encoder, decoder = conv_encoder_decoder(16, width=16, with_logvar=True)
    return VAE(encoder, decoder, 16, "discretized_gaussian")


def train(
    model: VAE,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
) -> Iterator[float]:
    """Train on the ELBO; labels are not used."""
    optimizer, lowering = optimizer_of(model, RATE, steps)
    data = minibatches(x, BATCH, steps, g)
    checkpoint.resume(data, model=model, optimizer=optimizer)
    return lowering(vae_train(model, data, optimizer, generator=g), checkpoint.step)


@torch.no_grad()
def measure(model: VAE, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """The bounds on the negative log-likelihood in bits per dimension, the KL in nats."""
    g = torch.Generator().manual_seed(0)
    bound, kl = 0.0, 0.0
    for part in x.split(1000):
        mu, logvar = model.encoder(part)
        eps = torch.randn(mu.shape, generator=g)
        bound -= elbo(model, part, eps).sum().item()
        kl += kl_standard_normal(mu, logvar).sum().item()
    tighter = -iwae_bound(model, x[:500], 32, g).mean().item()
    return {
        "elbo_bits_per_dim": bits_per_dim(bound / len(x), x[0].numel()),
        "iwae32_bits_per_dim_of_the_first_500": bits_per_dim(tighter, x[0].numel()),
        "kl_nats": kl / len(x),
    }
