"""The diffusion model of CIFAR-10 with the settings of the paper: days on a GPU, or on several.

It does not ship: `python -m dgm.train ddpm --data cifar10` makes it.

Source: Ho et al. 2020 (arXiv 2006.11239), appendix B. Taught in: chapter 06.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import torch
from torch import nn

from dgm.data.batches import minibatches
from dgm.ddpm import ddpm_train
from dgm.nn.learning_rate import warm_up, with_rate
from dgm.nn.unet import UNet
from dgm.schedule import NoiseSchedule
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.distributed import data_parallel, share, share_of_batch
from dgm.zoo.settings import Settings, bound_in_bits, copy_ema_adam, first_images


@dataclass(frozen=True)
class Paper(Settings):
    """The linear schedule, and a learning rate that stays when it has warmed up."""

    def schedule(self) -> NoiseSchedule:
        """The noise schedule."""
        return NoiseSchedule.linear()

    def rate(self, step: int, steps: int) -> float:
        """The learning rate after `step` steps."""
        return self.lr * warm_up(step, self.warmup)


# This U-Net has a block less on the way up than the paper's; the width makes up for it: 34 million
# parameters.
SETTINGS = Paper(
    {
        "channels": 3,
        "width": 136,
        "multipliers": (1, 2, 2, 2),
        "blocks": 2,
        "attention": (False, True, False, False),
        "dropout": 0.1,
        "heads": 1,
    },
    steps=800_000,
    batch=128,
    lr=2e-4,
    warmup=5000,
    decay=0.9999,
    predicts="eps",
    gamma=None,
)


def build(settings: Settings = SETTINGS) -> UNet:
    """The network, untrained: from xt (B, 3, 32, 32) and t (B,) to the noise."""
    return UNet(**settings.unet)


def train(
    model: UNet,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
    settings: Settings = SETTINGS,
) -> Iterator[float]:
    """Train a copy of `model` by algorithm 1, while `model` is its moving average.

    On the device of `g`, and in as many processes as there are, each with a part of every batch;
    half of the images are mirrored, and products are computed in bfloat16. Labels are not used.
    """
    net, ema, optimizer = copy_ema_adam(settings, model, steps)
    data = minibatches(share(x).to(g.device), share_of_batch(settings.batch), steps, g)
    checkpoint.resume(data, net=net, ema=ema, optimizer=optimizer)
    schedule = settings.schedule().to(g.device)
    fast = data_parallel(Bfloat16(net))
    losses = ddpm_train(
        fast,
        mirrored(data, g),
        schedule,
        optimizer,
        ema=ema,
        predicts=settings.predicts,
        weight=settings.weight(schedule),
        generator=g,
    )
    return with_rate(losses, [optimizer], lambda step: settings.rate(step, steps), checkpoint.step)


class Bfloat16(nn.Module):
    """A network whose products are computed in bfloat16; parameters and result are float32."""

    def __init__(self, net: nn.Module) -> None:
        super().__init__()
        self.net = net

    def forward(self, xt: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
        """The network's prediction, of the dtype of `xt`."""
        with torch.autocast(xt.device.type, torch.bfloat16):
            prediction = self.net(xt, t)
        return prediction.to(xt.dtype)


def mirrored(
    batches: Iterator[torch.Tensor], generator: torch.Generator | None = None
) -> Iterator[torch.Tensor]:
    """Batches (B, C, H, W), of which each image is as in a mirror with probability 1/2."""
    for x in batches:
        u = torch.rand(len(x), 1, 1, 1, generator=generator, device=x.device)
        yield torch.where(u < 0.5, x.flip(3), x)


def measure(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, settings: Settings = SETTINGS
) -> dict[str, float]:
    """The bound of some test images x: no classifier of CIFAR-10 comes with the course."""
    g = torch.Generator(next(model.parameters()).device).manual_seed(0)
    return {"bits_per_dim": bound_in_bits(settings, model, first_images(x), g)}
