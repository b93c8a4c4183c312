"""A latent diffusion model of images of clothes, as it ships: first stage, and DDPM on its codes.

Taught in: chapter 07.
"""

from collections.abc import Iterator

import torch
from torch import nn

from dgm.data.batches import in_parts, minibatches
from dgm.latent import FirstStage, encode_latents, first_stage_train, latent_sample, latent_scale
from dgm.nn.learning_rate import optimizer_of
from dgm.nn.networks import Classifier
from dgm.nn.unet import UNet
from dgm.zoo.checkpoints import Keep
from dgm.zoo.image_ddpm import AT_ONCE, SAMPLES, Settings, train_ddpm
from dgm.zoo.judges import as_judged, clothes_judge

SCALED_BY = 10_000  # images that tell the scale
LATENT = Settings(
    "fashion_mnist",
    {"channels": 4, "width": 64, "multipliers": (1,), "blocks": 2, "attention": (True,)},
    steps=4500,
    batch=64,
    gamma=5.0,
)


def train_first_stage(
    model: FirstStage, x: torch.Tensor, y: torch.Tensor, steps: int, g: torch.Generator, keep: Keep
) -> Iterator[float]:
    """Train on `first_stage_loss`; labels are not used."""
    optimizer, lowering = optimizer_of(model, 2e-3, steps)
    data = minibatches(x, 128, steps, g)
    keep(data, model=model, optimizer=optimizer)
    return lowering(first_stage_train(model, data, optimizer, generator=g), keep.step)


@torch.no_grad()
def reconstructions(first_stage: FirstStage, x: torch.Tensor) -> torch.Tensor:
    """What is left of images x (B, C, H, W) when they are encoded and decoded."""
    return in_parts(first_stage, x)


def measure_first_stage(
    model: FirstStage, x: torch.Tensor, classifier: Classifier
) -> dict[str, float]:
    """What reconstructions lose, to the eye of a mean square and to that of a classifier."""
    x_hat = reconstructions(model, x)
    error, spread = ((x_hat - x) ** 2).mean().item(), ((x - x.mean(0)) ** 2).mean().item()
    judged = as_judged(clothes_judge(classifier), x_hat, x)
    return {
        "mse_per_pixel": error,
        "explained_variance": 1 - error / spread,
        "frechet_distance_of_reconstructions": judged["frechet_distance"],
    }


class LatentUNet(UNet):
    """A U-Net of latents, and the scale that they were multiplied with."""

    scale: torch.Tensor

    def __init__(self) -> None:
        super().__init__(**LATENT.unet)
        self.register_buffer("scale", torch.ones(()))


def train_ldm(
    model: LatentUNet,
    first_stage: FirstStage,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    keep: Keep,
) -> Iterator[float]:
    """Encode all images once, and train on their latents as `train_ddpm` does on images."""
    scale = latent_scale(first_stage, x[:SCALED_BY])
    model.scale.fill_(scale)
    return train_ddpm(LATENT, model, encode_latents(first_stage, x, scale), y, steps, g, keep)


def sample_latent_images(
    model: nn.Module,
    first_stage: FirstStage,
    n: int,
    generator: torch.Generator | None = None,
    *,
    scale: float | None = None,
    steps: int = LATENT.sample_steps,
) -> torch.Tensor:
    """Draw n images (n, 1, 28, 28) by DDIM, some at a time; the scale is the model's own."""
    schedule = LATENT.schedule()
    scale = scale or float(model.get_buffer("scale"))
    sizes = [min(AT_ONCE, n - start) for start in range(0, n, AT_ONCE)]
    shapes = [(size, first_stage.latent_channels, 7, 7) for size in sizes]
    return torch.cat(
        [
            latent_sample(
                model, first_stage, schedule, shape, scale, generator,
                steps=steps, predicts=LATENT.predicts,
            )
            for shape in shapes
        ]
    )  # fmt: skip


def measure_ldm(
    model: LatentUNet, first_stage: FirstStage, x: torch.Tensor, classifier: Classifier
) -> dict[str, float]:
    """What a classifier makes of 5000 samples, or as many as there are test images x."""
    g = torch.Generator().manual_seed(0)
    samples = sample_latent_images(model, first_stage, min(SAMPLES, len(x)), g)
    return as_judged(clothes_judge(classifier), samples, x)
