"""The classifier of Fashion-MNIST: it judges samples by its activations. Taught in: chapter 02."""

from collections.abc import Iterator

import torch
from torch.nn.functional import cross_entropy

from dgm.data.batches import in_parts, minibatches
from dgm.nn.descent import descend
from dgm.nn.learning_rate import optimizer_of
from dgm.nn.networks import Classifier
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.weights import load_weights

ABOUT = "convolutional classifier, whose 64 activations later chapters use"
STEPS, BATCH, RATE = 4500, 128, 3e-3


def build() -> Classifier:
    """The network, untrained: from images (B, 1, 28, 28) to 10 logits, by way of 64 activations."""
    return Classifier()


def pretrained() -> Classifier:
    """The one that ships."""
    return load_weights("classifier", build())


def train(
    model: Classifier,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
) -> Iterator[float]:
    """Train on the cross-entropy; each batch is mirrored or not."""
    optimizer, lowering = optimizer_of(model, RATE, steps)
    rows = minibatches(torch.arange(len(x)), BATCH, steps, g)
    checkpoint.resume(rows, model=model, optimizer=optimizer)

    def losses() -> Iterator[torch.Tensor]:
        for i in rows:
            mirrored = torch.rand(1, generator=g) < 0.5
            yield cross_entropy(model(x[i].flip(3) if mirrored else x[i]), y[i])

    return lowering(descend(model, losses(), optimizer), checkpoint.step)


@torch.no_grad()
def measure(model: Classifier, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """The share of images that are given their label."""
    guess = in_parts(model, x).argmax(1)
    return {"accuracy": (guess == y).float().mean().item()}
