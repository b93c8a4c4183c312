"""What `python -m dgm.train NAME` makes: for each name how to build, train and measure it.

A later chapter adds a line to `RECIPES`.
"""

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy

from dgm.autoencoder import Autoencoder, autoencoder_train
from dgm.batches import minibatches
from dgm.image_gan import ImageGAN, measure_image_gan, train_image_gan
from dgm.networks import Classifier, conv_encoder_decoder
from dgm.sparse import SparseAutoencoder, sparse_train
from dgm.vae import VAE, elbo, iwae_bound, vae_train
from dgm.weights import load_weights

SPARSE_L1 = 4.0  # activations have a length of about 27


@dataclass(frozen=True)
class Recipe:
    """One model that ships.

    Attributes:
        about: a line for the list of names.
        build: makes the model, untrained.
        train: from the model, images x, labels y, steps and a generator to each step's loss.
        measure: from the model, images x and labels y of the test set to its metrics.
        steps: how many steps are enough.
    """

    about: str
    build: Callable[[], nn.Module]
    train: Callable[[Any, torch.Tensor, torch.Tensor, int, torch.Generator], Iterator[float]]
    measure: Callable[[Any, torch.Tensor, torch.Tensor], dict[str, float]]
    steps: int


def pretrained(name: str) -> Any:
    """The model of that name with the weights that ship, in evaluation mode.

    Raises:
        ValueError: for a name that is not in `RECIPES`.
        FileNotFoundError: if its weights are not there.
    """
    if name not in RECIPES:
        raise ValueError(f"name is {name!r}, wanted one of {', '.join(RECIPES)}")
    return load_weights(name, RECIPES[name].build())


def optimizer_of(
    model: nn.Module, lr: float, steps: int
) -> tuple[torch.optim.Adam, Callable[[Iterator[float]], Iterator[float]]]:
    """Adam, and what lowers its learning rate to 0 along a cosine as a training goes on."""
    optimizer = torch.optim.Adam(model.parameters(), lr)

    def lowering(losses: Iterator[float]) -> Iterator[float]:
        for step, loss in enumerate(losses, 1):
            optimizer.param_groups[0]["lr"] = lr * (1 + math.cos(math.pi * step / steps)) / 2
            yield loss

    return optimizer, lowering


# Autoencoders


def train_autoencoder(
    model: Autoencoder, x: torch.Tensor, y: torch.Tensor, steps: int, g: torch.Generator
) -> Iterator[float]:
    """Train a plain autoencoder; labels are not used."""
    optimizer, lowering = optimizer_of(model, 2e-3, steps)
    return lowering(autoencoder_train(model, minibatches(x, 256, steps, g), optimizer))


@torch.no_grad()
def measure_autoencoder(model: Autoencoder, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """The mean squared error of a pixel, and the share of the variance that is explained."""
    error = ((model(x) - x) ** 2).flatten(1).sum(1).mean()
    total = ((x - x.mean(0)) ** 2).flatten(1).sum(1).mean()
    return {
        "mse_per_pixel": error.item() / x[0].numel(),
        "explained_variance": 1 - (error / total).item(),
    }


# The variational autoencoder


def build_vae() -> VAE:
    """A convolutional VAE of quantised images with 16 latent dimensions."""
    encoder, decoder = conv_encoder_decoder(16, width=16, with_logvar=True)
    return VAE(encoder, decoder, 16, "discretized_gaussian")


def train_vae(
    model: VAE, x: torch.Tensor, y: torch.Tensor, steps: int, g: torch.Generator
) -> Iterator[float]:
    """Train on the ELBO; labels are not used."""
    optimizer, lowering = optimizer_of(model, 2e-3, steps)
    return lowering(vae_train(model, minibatches(x, 128, steps, g), optimizer, generator=g))


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
    model: VAE, x: torch.Tensor, y: torch.Tensor, steps: int, g: torch.Generator
) -> Iterator[float]:
    """Train on the ELBO of images brought to [0, 1]."""
    return train_vae(model, (x + 1) / 2, y, steps, g)


@torch.no_grad()
def measure_vae_bernoulli(model: VAE, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """The ELBO and the KL in nats; of grey levels this is no likelihood of quantised data."""
    x01, g = (x + 1) / 2, torch.Generator().manual_seed(0)
    mu, logvar = model.encoder(x01)
    bound = elbo(model, x01, torch.randn(mu.shape, generator=g))
    kl = (mu**2 + logvar.exp() - 1 - logvar).sum(1) / 2
    return {"elbo_nats": bound.mean().item(), "kl_nats": kl.mean().item()}


# The classifier, and the sparse autoencoder that explains it


def train_classifier(
    model: Classifier, x: torch.Tensor, y: torch.Tensor, steps: int, g: torch.Generator
) -> Iterator[float]:
    """Train on the cross-entropy; each batch is mirrored or not."""
    optimizer, lowering = optimizer_of(model, 3e-3, steps)

    def losses() -> Iterator[float]:
        model.train()
        for i in minibatches(torch.arange(len(x)), 128, steps, g):
            mirrored = torch.rand(1, generator=g) < 0.5
            loss = cross_entropy(model(x[i].flip(3) if mirrored else x[i]), y[i])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            yield loss.item()

    return lowering(losses())


@torch.no_grad()
def measure_classifier(model: Classifier, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """The share of images that are given their label."""
    guess = torch.cat([model(part).argmax(1) for part in x.split(1000)])
    return {"accuracy": (guess == y).float().mean().item()}


@torch.no_grad()
def classifier_features(x: torch.Tensor) -> tuple[torch.Tensor, Classifier]:
    """The activations (B, 64) of the classifier that ships, and the classifier."""
    classifier = pretrained("classifier")
    return torch.cat([classifier.features(part) for part in x.split(1000)]), classifier


def train_sae(
    model: SparseAutoencoder, x: torch.Tensor, y: torch.Tensor, steps: int, g: torch.Generator
) -> Iterator[float]:
    """Train on the activations of the classifier that ships; labels are not used."""
    features, _ = classifier_features(x)
    with torch.no_grad():
        model.decoder_bias.copy_(features.mean(0))
    optimizer, lowering = optimizer_of(model, 1e-3, steps)
    return lowering(sparse_train(model, minibatches(features, 512, steps, g), optimizer, SPARSE_L1))


@torch.no_grad()
def measure_sae(model: SparseAutoencoder, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """What the code keeps, how sparse it is, and what the classifier makes of the rest."""
    features, classifier = classifier_features(x)
    z = model.encode(features)
    rebuilt = model.decode(z)
    error, spread = (features - rebuilt) ** 2, (features - features.mean(0)) ** 2
    return {
        "explained_variance": 1 - (error.sum() / spread.sum()).item(),
        "features_active": (z > 0).float().sum(1).mean().item(),
        "features_never_active": (z <= 0).all(0).float().mean().item(),
        "accuracy_of_the_classifier": (classifier.head(features).argmax(1) == y)
        .float()
        .mean()
        .item(),
        "accuracy_from_the_code": (classifier.head(rebuilt).argmax(1) == y).float().mean().item(),
    }


def measure_gan(model: ImageGAN, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """`dgm.image_gan.measure_image_gan` with the classifier that ships."""
    return measure_image_gan(model, x, pretrained("classifier"))


RECIPES: dict[str, Recipe] = {
    "autoencoder": Recipe(
        "autoencoder, 32 latent dimensions",
        lambda: Autoencoder(784, 32, (128,)),
        train_autoencoder,
        measure_autoencoder,
        steps=9000,
    ),
    "autoencoder_2d": Recipe(
        "autoencoder, 2 latent dimensions: a map of the data",
        lambda: Autoencoder(784, 2, (128, 64)),
        train_autoencoder,
        measure_autoencoder,
        steps=9000,
    ),
    "vae": Recipe(
        "convolutional VAE of quantised images, 16 latent dimensions",
        build_vae,
        train_vae,
        measure_vae,
        steps=6000,
    ),
    "vae_bernoulli": Recipe(
        "the same VAE with the Bernoulli likelihood: for pictures",
        build_vae_bernoulli,
        train_vae_bernoulli,
        measure_vae_bernoulli,
        steps=6000,
    ),
    "classifier": Recipe(
        "convolutional classifier, whose 64 activations later chapters use",
        Classifier,
        train_classifier,
        measure_classifier,
        steps=4500,
    ),
    "sae": Recipe(
        "sparse autoencoder of the classifier's activations, 256 features",
        lambda: SparseAutoencoder(64, 256),
        train_sae,
        measure_sae,
        steps=8000,
    ),
    "gan": Recipe(
        "convolutional GAN, 32 latent dimensions, with a record of its training",
        ImageGAN,
        train_image_gan,
        measure_gan,
        steps=5000,
    ),
}
