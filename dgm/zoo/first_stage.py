"""The first stage of the latent diffusion: images to codes of 4 x 7 x 7 and back.

Taught in: chapter 07.
"""

from collections.abc import Iterator

import torch

from dgm.data.batches import in_parts, minibatches
from dgm.latent import FirstStage, first_stage_train
from dgm.nn.learning_rate import optimizer_of
from dgm.zoo import classifier
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.judges import as_judged, clothes_judge
from dgm.zoo.weights import load_weights

ABOUT = "autoencoder of a latent diffusion: images to codes of 4 x 7 x 7 and back"
STEPS, BATCH, RATE = 3000, 128, 2e-3


def build() -> FirstStage:
    """The network, untrained, of images (B, 1, 28, 28)."""
    return FirstStage()


def pretrained() -> FirstStage:
    """The one that ships."""
    return load_weights("first_stage", build())


def train(
    model: FirstStage,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
) -> Iterator[float]:
    """Train on `first_stage_loss`; labels are not used."""
    optimizer, lowering = optimizer_of(model, RATE, steps)
    data = minibatches(x, BATCH, steps, g)
    checkpoint.resume(data, model=model, optimizer=optimizer)
    return lowering(first_stage_train(model, data, optimizer, generator=g), checkpoint.step)


@torch.no_grad()
def reconstructions(model: FirstStage, x: torch.Tensor) -> torch.Tensor:
    """What is left of images x (B, C, H, W) when they are encoded and decoded."""
    return in_parts(model, x)


def measure(model: FirstStage, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """What reconstructions lose, to the eye of a mean square and to that of a classifier."""
    x_hat = reconstructions(model, x)
    error, spread = ((x_hat - x) ** 2).mean().item(), ((x - x.mean(0)) ** 2).mean().item()
    judged = as_judged(clothes_judge(classifier.pretrained()), x_hat, x)
    return {
        "mse_per_pixel": error,
        "explained_variance": 1 - error / spread,
        "frechet_distance_of_reconstructions": judged["frechet_distance"],
    }
