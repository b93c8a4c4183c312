"""Two VAEs of images, as they ship: how each is built, trained and measured. Taught in: chapter 03."""

import math
from collections.abc import Iterator

import torch

from dgm.data.batches import minibatches
from dgm.nn.learning_rate import optimizer_of
from dgm.nn.networks import conv_encoder_decoder
from dgm.vae import VAE, elbo, iwae_bound, vae_train
from dgm.zoo.checkpoints import Keep


def build_vae() -> VAE:
    """A convolutional VAE of quantised images with 16 latent dimensions."""
    encoder, decoder = conv_encoder_decoder(16, width=16, with_logvar=True)
    return VAE(encoder, decoder, 16, "discretized_gaussian")


def train_vae(
    model: VAE, x: torch.Tensor, y: torch.Tensor, steps: int, g: torch.Generator, keep: Keep
) -> Iterator[float]:
    """Train on the ELBO; labels are not used."""
    optimizer, lowering = optimizer_of(model, 2e-3, steps)
    data = minibatches(x, 128, steps, g)
    keep(data, model=model, optimizer=optimizer)
    return lowering(vae_train(model, data, optimizer, generator=g), keep.step)


@torch.no_grad()
def measure_vae(model: VAE, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """The bounds on the negative log-likelihood in bits per dimension, the KL in nats."""
    g = torch.Generator().manual_seed(0)
    bound, tighter, kl = 0.0, 0.0, 0.0
    for part in x.split(1000):
        mu, logvar = model.encoder(part)
        eps = torch.randn(mu.shape, generator=g)
        bound -= elbo(model, part, eps).sum().item()
        kl += (mu**2 + logvar.exp() - 1 - logvar).sum().item() / 2
    few = x[:500]
    tighter = -iwae_bound(model, few, 32, g).mean().item()
    bits = 1 / (x[0].numel() * math.log(2))
    return {
        "elbo_bits_per_dim": bound / len(x) * bits,
        "iwae32_bits_per_dim_of_the_first_500": tighter * bits,
        "kl_nats": kl / len(x),
    }


def build_vae_bernoulli() -> VAE:
    """The same networks with grey levels as the chance of white: poor densities, smooth samples."""
    return VAE(*conv_encoder_decoder(16, width=16), 16)


def train_vae_bernoulli(
    model: VAE, x: torch.Tensor, y: torch.Tensor, steps: int, g: torch.Generator, keep: Keep
) -> Iterator[float]:
    """Train on the ELBO of images brought to [0, 1]."""
    return train_vae(model, (x + 1) / 2, y, steps, g, keep)


@torch.no_grad()
def measure_vae_bernoulli(model: VAE, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """The ELBO and the KL in nats; of grey levels this is no likelihood of quantised data."""
    x01, g = (x + 1) / 2, torch.Generator().manual_seed(0)
    mu, logvar = model.encoder(x01)
    bound = elbo(model, x01, torch.randn(mu.shape, generator=g))
    kl = (mu**2 + logvar.exp() - 1 - logvar).sum(1) / 2
    return {"elbo_nats": bound.mean().item(), "kl_nats": kl.mean().item()}
