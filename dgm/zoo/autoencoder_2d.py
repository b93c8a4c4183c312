"""The autoencoder of Fashion-MNIST with 2 latent dimensions: a map. Taught in: chapter 02."""

from dgm.autoencoder import Autoencoder
from dgm.zoo.autoencoder import STEPS, measure, train  # as the one with 32

__all__ = ["ABOUT", "STEPS", "build", "measure", "train"]

ABOUT = "autoencoder, 2 latent dimensions: a map of the data"


def build() -> Autoencoder:
    """The network, untrained: from images (B, 1, 28, 28) to a point of the plane and back."""
    return Autoencoder(784, 2, (128, 64))
