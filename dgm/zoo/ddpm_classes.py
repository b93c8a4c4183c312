"""The diffusion model that is told a class of Fashion-MNIST, or none: for guidance.

    x = sample(pretrained("ddpm_classes"), torch.arange(10), w=1.0)

Taught in: chapter 08.
"""

from collections.abc import Iterator

import torch
from torch import nn

from dgm.data.batches import minibatches
from dgm.evaluate import frechet_distance
from dgm.guidance import ClassifierFreeGuidance, conditional_train
from dgm.nn.learning_rate import with_rate
from dgm.nn.unet import UNet
from dgm.zoo import classifier
from dgm.zoo.checkpoints import Checkpoint
from dgm.zoo.judges import clothes_judge
from dgm.zoo.settings import Settings, copy_ema_adam, ddim_images
from dgm.zoo.weights import load_weights

ABOUT = "diffusion model that is told a class, or none: for guidance"
SETTINGS = Settings(
    {
        "channels": 1,
        "width": 32,
        "multipliers": (1, 2),
        "attention": (False, True),
        "patch": 2,
        "classes": 11,
    },
    steps=3200,
    sample_steps=25,
)
NO_CLASS = 10  # the null label, one of the 11
DROPPED = 0.1  # of the labels
SAMPLES = 1000  # that are judged, at most


def build() -> UNet:
    """The network, untrained: from xt (B, 1, 28, 28), t (B,) and a class (B,) to the velocity."""
    return UNet(**SETTINGS.unet)


def pretrained() -> UNet:
    """The one that ships."""
    return load_weights("ddpm_classes", build())


def train(
    model: UNet,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    checkpoint: Checkpoint,
) -> Iterator[float]:
    """Train a copy of `model`, its moving average, on images x and labels y, some dropped."""
    net, ema, optimizer = copy_ema_adam(SETTINGS, model, steps)
    rows = minibatches(torch.arange(len(x)), SETTINGS.batch, steps, g)
    checkpoint.resume(rows, net=net, ema=ema, optimizer=optimizer)
    schedule = SETTINGS.schedule()
    losses = conditional_train(
        net,
        ((x[i], y[i]) for i in rows),
        schedule,
        optimizer,
        NO_CLASS,
        DROPPED,
        ema=ema,
        predicts=SETTINGS.predicts,
        weight=SETTINGS.weight(schedule),
        generator=g,
    )
    return with_rate(losses, [optimizer], lambda step: SETTINGS.rate(step, steps), checkpoint.step)


def sample(
    model: nn.Module,
    y: torch.Tensor,
    w: float = 0.0,
    generator: torch.Generator | None = None,
    *,
    steps: int = SETTINGS.sample_steps,
) -> torch.Tensor:
    """Draw an image of each class y (n,) by DDIM with guidance: (n, 1, 28, 28).

    The same generator gives the same noise whatever w is; without guidance the model is asked
    once a step, else twice.
    """
    guided = ClassifierFreeGuidance(model, w, NO_CLASS) if w else model
    return ddim_images(SETTINGS, guided, (len(y), 1, 28, 28), generator, y, steps=steps)


def measure(model: nn.Module, x: torch.Tensor, y: torch.Tensor) -> dict[str, float]:
    """Whether samples are of the class that was asked for, and how like the data x they are.

    1000 samples, or as many as there are images, without guidance and with w = 1.
    """
    asked, judge, found = y[:SAMPLES], clothes_judge(classifier.pretrained()), {}
    real, _ = judge(x)
    for name, w in (("", 0.0), ("_w1", 1.0)):
        fake, p = judge(sample(model, asked, w, torch.Generator().manual_seed(0)))
        found[f"class_accuracy{name}"] = (p.argmax(1) == asked).float().mean().item()
        found[f"frechet_distance{name}"] = frechet_distance(real, fake)
    return found
