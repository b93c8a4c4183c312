"""The autoencoder of Fashion-MNIST with 32 latent dimensions. Taught in: chapter 02."""

from collections.abc import Iterator

import torch

from dgm.autoencoder import Autoencoder, autoencoder_train
from dgm.data.batches import minibatches
from dgm.nn.learning_rate import optimizer_of
from dgm.zoo.checkpoints import Checkpoint

ABOUT = "autoencoder, 32 latent dimensions"
STEPS, BATCH, RATE = 9000, 256, 2e-3


def build() -> Autoencoder:
    """The network, untrained: from images (B, 1, 28, 28) to 32 numbers and back."""
    return Autoencoder(784, 32, (128,))


def train(
    model: Autoencoder,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
) -> Iterator[float]:
    """Train on the squared error, with Adam; the labels y are not used."""
    optimizer, lowering = optimizer_of(model, RATE, steps)
    data = minibatches(x, BATCH, steps, g)
    # A training that was stopped goes on where its checkpoint is.
    checkpoint.resume(data, model=model, optimizer=optimizer)
    return lowering(autoencoder_train(model, data, optimizer), checkpoint.step)


@torch.no_grad()
def measure(model: Autoencoder, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """The mean squared error of a pixel, and the share of the variance that is explained."""
    error = ((model(x) - x) ** 2).flatten(1).sum(1).mean()
    total = ((x - x.mean(0)) ** 2).flatten(1).sum(1).mean()
    return {
        "mse_per_pixel": error.item() / x[0].numel(),
        "explained_variance": 1 - (error / total).item(),
    }
