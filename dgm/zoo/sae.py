"""The sparse autoencoder that explains the classifier: its activations as sums of a few features.

Taught in: chapter 02.
"""

from collections.abc import Iterator

import torch

from dgm.data.batches import in_parts, minibatches
from dgm.nn.learning_rate import optimizer_of
from dgm.sparse import SparseAutoencoder, sparse_train
from dgm.zoo import classifier
from dgm.zoo.checkpoints import Checkpoint

ABOUT = "sparse autoencoder of the classifier's activations, 256 features"
STEPS, BATCH, RATE = 8000, 512, 1e-3
L1 = 4.0  # activations have a length of about 27


def build() -> SparseAutoencoder:
    """The network, untrained: from 64 activations to 256 features, of which few are not 0."""
    return SparseAutoencoder(64, 256)


def train(
    model: SparseAutoencoder,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
) -> Iterator[float]:
    """Train on the activations (B, 64) of the classifier that ships; labels are not used."""
    with torch.no_grad():
        features = in_parts(classifier.pretrained().features, x)
        model.decoder_bias.copy_(features.mean(0))
    optimizer, lowering = optimizer_of(model, RATE, steps)
    data = minibatches(features, BATCH, steps, g)
    checkpoint.resume(data, model=model, optimizer=optimizer)
    return lowering(sparse_train(model, data, optimizer, L1), checkpoint.step)


@torch.no_grad()
def measure(model: SparseAutoencoder, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """What the code keeps, how sparse it is, and what the classifier makes of the rest."""
    explained = classifier.pretrained()
    features = in_parts(explained.features, x)
    z = model.encode(features)
    rebuilt = model.decode(z)
    error, spread = (features - rebuilt) ** 2, (features - features.mean(0)) ** 2

    def accuracy(activations: torch.Tensor) -> float:
        return (explained.head(activations).argmax(1) == y).float().mean().item()

    return {
        "explained_variance": 1 - (error.sum() / spread.sum()).item(),
        "features_active": (z > 0).float().sum(1).mean().item(),
        "features_never_active": (z <= 0).all(0).float().mean().item(),
        "accuracy_of_the_classifier": accuracy(features),
        "accuracy_from_the_code": accuracy(rebuilt),
    }
