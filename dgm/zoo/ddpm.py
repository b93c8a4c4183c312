"""The diffusion model of Fashion-MNIST, a DDPM, from its settings to its figures of merit.

    x = sample(pretrained("ddpm"), (16, 1, 28, 28))

Taught in: chapter 06.
"""

from collections.abc import Iterator

import torch
from torch import nn

from dgm.data.batches import minibatches
from dgm.ddpm import ddpm_train
from dgm.nn.learning_rate import with_rate
from dgm.nn.unet import UNet
from dgm.zoo import classifier
from dgm.zoo.checkpoints import Keep
from dgm.zoo.distributed import averaged, share, share_of_batch
from dgm.zoo.judges import as_judged, clothes_judge
from dgm.zoo.settings import Settings, bound, draw, few, set_up

ABOUT = "diffusion model (DDPM): a U-Net; for digits and cifar10 too"
SETTINGS = Settings(  # its images are not mirrored: all shoes point to the left
    {"channels": 1, "width": 64, "multipliers": (1, 1), "attention": (False, True), "patch": 2},
    steps=18_000,
    batch=64,
    lr=2e-3,
    decay=0.999,  # of the moving average
    predicts="v",
    gamma=5.0,  # of the min-SNR weights
    sample_steps=50,
)
SAMPLES = 5000  # that are judged, at most


def build(settings: Settings = SETTINGS) -> UNet:
    """The network, untrained: from xt (B, 1, 28, 28) and t (B,) to the velocity."""
    return UNet(**settings.unet)


def train(
    model: UNet,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    keep: Keep,
    settings: Settings = SETTINGS,
) -> Iterator[float]:
    """Train a copy of `model` by algorithm 1, while `model` is its moving average, which ships.

    On the device of `g`, and in as many processes as there are. Labels are not used.
    """
    net, ema, optimizer = set_up(settings, model, steps)
    data = minibatches(share(x).to(g.device), share_of_batch(settings.batch), steps, g)
    keep(data, net=net, ema=ema, optimizer=optimizer)  # a training that was stopped goes on here
    schedule = settings.schedule().to(g.device)
    losses = ddpm_train(
        averaged(net),
        data,
        schedule,
        optimizer,
        ema=ema,
        predicts=settings.predicts,
        weight=settings.weight(schedule),
        generator=g,
    )
    return with_rate(losses, [optimizer], lambda step: settings.rate(step, steps), keep.step)


def sample(
    model: nn.Module,
    shape: tuple[int, ...],
    generator: torch.Generator | None = None,
    settings: Settings = SETTINGS,
) -> torch.Tensor:
    """Draw images of `shape` (B, C, H, W) by DDIM; they come back to the CPU."""
    return draw(settings, model, shape, generator).cpu()


def measure(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, settings: Settings = SETTINGS
) -> dict[str, float]:
    """The bound of some test images x, and what the classifier makes of 5000 samples at most."""
    g = torch.Generator(next(model.parameters()).device).manual_seed(0)
    found = {"bits_per_dim": bound(settings, model, few(x), g)}
    samples = sample(model, (min(SAMPLES, len(x)), *x.shape[1:]), g, settings)
    return found | as_judged(clothes_judge(classifier.pretrained()), samples, x)
