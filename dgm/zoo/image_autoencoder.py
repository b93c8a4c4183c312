"""Autoencoders of images, a classifier, and what explains it: how each is trained and measured.

Taught in: chapter 02.
"""

from collections.abc import Iterator

import torch
from torch.nn.functional import cross_entropy

from dgm.autoencoder import Autoencoder, autoencoder_train
from dgm.data.batches import in_parts, minibatches
from dgm.nn.learning_rate import optimizer_of
from dgm.nn.networks import Classifier
from dgm.sparse import SparseAutoencoder, sparse_train
from dgm.zoo.checkpoints import Keep

SPARSE_L1 = 4.0  # activations have a length of about 27


# Autoencoders


def train_autoencoder(
    model: Autoencoder, x: torch.Tensor, y: torch.Tensor, steps: int, g: torch.Generator, keep: Keep
) -> Iterator[float]:
    """Train a plain autoencoder; labels are not used."""
    optimizer, lowering = optimizer_of(model, 2e-3, steps)
    data = minibatches(x, 256, steps, g)
    keep(data, model=model, optimizer=optimizer)
    return lowering(autoencoder_train(model, data, optimizer), keep.step)


@torch.no_grad()
def measure_autoencoder(model: Autoencoder, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """The mean squared error of a pixel, and the share of the variance that is explained."""
    error = ((model(x) - x) ** 2).flatten(1).sum(1).mean()
    total = ((x - x.mean(0)) ** 2).flatten(1).sum(1).mean()
    return {
        "mse_per_pixel": error.item() / x[0].numel(),
        "explained_variance": 1 - (error / total).item(),
    }


# The classifier, and the sparse autoencoder that explains it


def train_classifier(
    model: Classifier, x: torch.Tensor, y: torch.Tensor, steps: int, g: torch.Generator, keep: Keep
) -> Iterator[float]:
    """Train on the cross-entropy; each batch is mirrored or not."""
    optimizer, lowering = optimizer_of(model, 3e-3, steps)
    rows = minibatches(torch.arange(len(x)), 128, steps, g)
    keep(rows, model=model, optimizer=optimizer)

    def losses() -> Iterator[float]:
        model.train()
        for i in rows:
            mirrored = torch.rand(1, generator=g) < 0.5
            loss = cross_entropy(model(x[i].flip(3) if mirrored else x[i]), y[i])
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            yield loss.item()

    return lowering(losses(), keep.step)


@torch.no_grad()
def measure_classifier(model: Classifier, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """The share of images that are given their label."""
    guess = in_parts(model, x).argmax(1)
    return {"accuracy": (guess == y).float().mean().item()}


def train_sae(
    model: SparseAutoencoder,
    classifier: Classifier,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    keep: Keep,
) -> Iterator[float]:
    """Train on the activations (B, 64) of the classifier; labels are not used."""
    with torch.no_grad():
        features = in_parts(classifier.features, x)
        model.decoder_bias.copy_(features.mean(0))
    optimizer, lowering = optimizer_of(model, 1e-3, steps)
    data = minibatches(features, 512, steps, g)
    keep(data, model=model, optimizer=optimizer)
    return lowering(sparse_train(model, data, optimizer, SPARSE_L1), keep.step)


@torch.no_grad()
def measure_sae(
    model: SparseAutoencoder, classifier: Classifier, x: torch.Tensor, y: torch.Tensor
) -> dict[str, float]:
    """What the code keeps, how sparse it is, and what the classifier makes of the rest."""
    features = in_parts(classifier.features, x)
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
