"""The latent diffusion model of Fashion-MNIST: a DDPM of the codes that the first stage makes.

    x = sample(pretrained("ldm"), pretrained("first_stage"), 16)

Taught in: chapter 07.
"""

from collections.abc import Iterator

import torch
from torch import nn

from dgm.latent import FirstStage, encode_latents, latent_sample, latent_scale
from dgm.nn.unet import UNet
from dgm.zoo import classifier, ddpm, first_stage
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.judges import as_judged, clothes_judge
from dgm.zoo.settings import AT_ONCE, Settings

ABOUT = "latent diffusion model: DDPM on the codes of first_stage"
SETTINGS = Settings(
    {"channels": 4, "width": 64, "multipliers": (1,), "blocks": 2, "attention": (True,)},
    steps=4500,
)
SCALED_BY = 10_000  # images that tell the scale


class LatentUNet(UNet):
    """A U-Net of latents, and the scale that they were multiplied with."""

    scale: torch.Tensor

    def __init__(self) -> None:
        super().__init__(**SETTINGS.unet)
        self.register_buffer("scale", torch.ones(()))


def build() -> LatentUNet:
    """The network, untrained: from zt (B, 4, 7, 7) and t (B,) to the velocity."""
    return LatentUNet()


def train(
    model: LatentUNet,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
    stage: FirstStage | None = None,
) -> Iterator[float]:
    """Encode all images once, and train on their codes as `dgm.zoo.ddpm` does on images.

    The first stage is the one that ships, unless another is given.
    """
    stage = stage or first_stage.pretrained()
    scale = latent_scale(stage, x[:SCALED_BY])
    model.scale.fill_(scale)
    z = encode_latents(stage, x, scale)  # (B, 4, 7, 7)
    return ddpm.train(model, z, y, steps, g, checkpoint, SETTINGS)


def sample(
    model: nn.Module,
    stage: FirstStage,
    n: int,
    generator: torch.Generator | None = None,
    *,
    scale: float | None = None,
    steps: int = SETTINGS.sample_steps,
) -> torch.Tensor:
    """Draw n images (n, 1, 28, 28) by DDIM, some at a time; the scale is the model's own."""
    schedule = SETTINGS.schedule()
    scale = scale or float(model.get_buffer("scale"))
    sizes = [min(AT_ONCE, n - start) for start in range(0, n, AT_ONCE)]
    shapes = [(size, stage.latent_channels, 7, 7) for size in sizes]
    return torch.cat(
        [
            latent_sample(
                model, stage, schedule, shape, scale, generator,
                steps=steps, predicts=SETTINGS.predicts,
            )
            for shape in shapes
        ]
    )  # fmt: skip


def measure(model: LatentUNet, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """What a classifier makes of 5000 samples, or as many as there are test images x."""
    g = torch.Generator().manual_seed(0)
    samples = sample(model, first_stage.pretrained(), min(ddpm.SAMPLES, len(x)), g)
    return as_judged(clothes_judge(classifier.pretrained()), samples, x)
