"""The diffusion model of scikit-learn's digits, which learns in a minute. Taught in: chapter 06.

It does not ship: `python -m dgm.train ddpm --data digits` makes it.
"""

from collections.abc import Iterator

import torch
from torch import nn

from dgm.data import load
from dgm.nn.unet import UNet
from dgm.zoo import ddpm
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.judges import as_judged, digits_judge
from dgm.zoo.settings import Settings, bound_in_bits, first_images

SETTINGS = Settings(
    {"channels": 1, "width": 32, "multipliers": (1, 2), "attention": (False, True), "patch": 2},
    steps=900,
    batch=128,
    gamma=None,
)
LEVELS = 17  # of grey


def build(settings: Settings = SETTINGS) -> UNet:
    """The network, untrained: from xt (B, 1, 8, 8) and t (B,) to the velocity."""
    return ddpm.build(settings)


def train(
    model: UNet,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
    settings: Settings = SETTINGS,
) -> Iterator[float]:
    """As `dgm.zoo.ddpm` does, with other settings."""
    return ddpm.train(model, x, y, steps, g, checkpoint, settings)


def measure(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, settings: Settings = SETTINGS
) -> dict[str, float]:
    """The bound, what a classifier makes of samples, and what training images would get.

    That distance is of chance alone, and of other writers.
    """
    g = torch.Generator(next(model.parameters()).device).manual_seed(0)
    bits = bound_in_bits(settings, model, first_images(x), g, LEVELS)
    samples = ddpm.sample(model, (len(x), *x.shape[1:]), g, settings)
    found = {"bits_per_dim": bits} | as_judged(digits_judge(), samples, x)
    train_x, _ = load("digits")
    of_all_writers = train_x[:: max(1, len(train_x) // len(x))][: len(x)]
    real = as_judged(digits_judge(), of_all_writers, x)
    return found | {"frechet_distance_of_training_images": real["frechet_distance"]}
