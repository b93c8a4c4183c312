"""The diffusion model of Fashion-MNIST, a DDPM, from its settings to its figures of merit.

A U-Net predicts the velocity at the 1000 steps of the cosine schedule.

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
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.distributed import data_parallel, share, share_of_batch
from dgm.zoo.judges import as_judged, clothes_judge
from dgm.zoo.settings import Settings, bound_in_bits, copy_ema_adam, ddim_images, first_images

ABOUT = "diffusion model (DDPM): a U-Net; for digits and cifar10 too"
SETTINGS = Settings(  # its images are not mirrored: all shoes point to the left
    unet={
        "channels": 1,
        "width": 64,
        "multipliers": (1, 1),
        "attention": (False, True),
        "patch": 2,
    },
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
    checkpoint: Checkpoint,
    settings: Settings = SETTINGS,
) -> Iterator[float]:
    """Train a copy of `model` by algorithm 1, while `model` is its moving average, which ships.

    On the device of `g`, and in as many processes as there are. Labels are not used.
    """
    # What is trained, its moving average (which is `model`), and Adam with clipped gradients.
    net, ema, optimizer = copy_ema_adam(settings, model, steps)
    data = minibatches(share(x).to(g.device), share_of_batch(settings.batch), steps, g)
    # A training that was stopped goes on where its checkpoint is.
    checkpoint.resume(data, net=net, ema=ema, optimizer=optimizer)
    schedule = settings.schedule().to(g.device)
    losses = ddpm_train(
        data_parallel(net),
        data,
        schedule,
        optimizer,
        ema=ema,
        predicts=settings.predicts,
        weight=settings.weight(schedule),
        generator=g,
    )
    # Nothing has run yet: a step is made when its loss is asked for, and then the rate is lowered.
    return with_rate(losses, [optimizer], lambda step: settings.rate(step, steps), checkpoint.step)


def sample(
    model: nn.Module,
    shape: tuple[int, ...],
    generator: torch.Generator | None = None,
    settings: Settings = SETTINGS,
) -> torch.Tensor:
    """Draw images of `shape` (B, C, H, W) by DDIM; they come back to the CPU."""
    return ddim_images(settings, model, shape, generator).cpu()


def measure(
    model: nn.Module, x: torch.Tensor, y: torch.Tensor, settings: Settings = SETTINGS
) -> dict[str, float]:
    """The bound of some test images x, and what the classifier makes of 5000 samples at most."""
    g = torch.Generator(next(model.parameters()).device).manual_seed(0)
    found = {"bits_per_dim": bound_in_bits(settings, model, first_images(x), g)}
    samples = sample(model, (min(SAMPLES, len(x)), *x.shape[1:]), g, settings)
    return found | as_judged(clothes_judge(classifier.pretrained()), samples, x)
