"""Diffusion models of images as `python -m dgm.train ddpm` makes them: settings by data, training.

Taught in: chapter 06.
"""

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Any

import torch
from torch import nn

from dgm.data import load
from dgm.data.batches import minibatches
from dgm.ddpm import ddim_sample, ddpm_train
from dgm.evaluate import bits_per_dim
from dgm.nn.ema import EMA
from dgm.nn.learning_rate import cosine, warm_up, with_rate
from dgm.nn.networks import Classifier
from dgm.nn.unet import UNet
from dgm.schedule import NoiseSchedule
from dgm.vlb import vlb
from dgm.weighting import min_snr_weight
from dgm.zoo.checkpoints import Keep
from dgm.zoo.distributed import averaged, share, world_size
from dgm.zoo.judges import Judge, as_judged, clothes_judge, digits_judge

AT_ONCE = 500  # images that are sampled together
SAMPLES = 5000  # that are judged, at most
CLIP = (-1.0, 1.0)  # the range of the data


@dataclass(frozen=True)
class Settings:
    """How one set of images is learnt.

    Attributes:
        data: its name for `dgm.data.load`.
        unet: arguments of `dgm.nn.unet.UNet`.
        steps, batch: of the training; several processes share a batch.
        lr: the highest learning rate; reached after `warmup` steps, and lowered to 0 along a
            cosine, if `lowered`.
        decay: of the moving average, which is what ships.
        weight_decay: of AdamW; with 0 it is Adam.
        noise: the schedule, "cosine" or "linear", of 1000 steps.
        predicts: what the network predicts, "eps", "x0" or "v".
        gamma: of `dgm.weighting.min_snr_weight`; with None all steps weigh alike.
        mirrored: half of the images are shown as in a mirror.
        bf16: the network's products are computed in bfloat16.
        levels: grey levels of the data.
        sample_steps: of DDIM, for the metrics.
        bound_steps: of the bound, drawn at random; None tries all.
    """

    data: str
    unet: dict[str, Any] = field(default_factory=dict)
    steps: int = 1000
    batch: int = 128
    lr: float = 2e-3
    warmup: int = 100
    lowered: bool = True
    decay: float = 0.999
    weight_decay: float = 0.0
    noise: str = "cosine"
    predicts: str = "v"
    gamma: float | None = None
    mirrored: bool = False
    bf16: bool = False
    levels: int = 256
    sample_steps: int = 50
    bound_steps: int | None = None

    def schedule(self) -> NoiseSchedule:
        """The noise schedule."""
        return NoiseSchedule.linear() if self.noise == "linear" else NoiseSchedule.cosine()

    def weight(self, schedule: NoiseSchedule) -> Callable[[torch.Tensor], torch.Tensor] | None:
        """What `dgm.ddpm.ddpm_loss` multiplies the errors at steps t with."""
        if self.gamma is None:
            return None
        return partial(min_snr_weight, schedule=schedule, predicts=self.predicts, gamma=self.gamma)

    def rate(self, step: int, steps: int) -> float:
        """The learning rate after `step` of `steps` steps."""
        lower = cosine(step, steps) if self.lowered else 1.0
        return self.lr * warm_up(step, self.warmup) * lower

    def small(self) -> "Settings":
        """The same with a narrow network and small batches: every line runs, little is learnt."""
        unet = self.unet | {"width": 8}
        return replace(self, unet=unet, batch=8, warmup=2, sample_steps=2, bound_steps=2)


SETTINGS = {
    "digits": Settings(
        "digits",
        {"channels": 1, "width": 32, "multipliers": (1, 2), "attention": (False, True), "patch": 2},
        steps=900,
        levels=17,
    ),
    "fashion_mnist": Settings(  # not mirrored: all shoes point to the left
        "fashion_mnist",
        {"channels": 1, "width": 64, "multipliers": (1, 1), "attention": (False, True), "patch": 2},
        steps=18_000,
        batch=64,
        gamma=5.0,
    ),
    # Ho et al. 2020, appendix B. This U-Net has a block less on the way up; the width makes up
    # for it: 34 million parameters.
    "cifar10": Settings(
        "cifar10",
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
        lr=2e-4,
        warmup=5000,
        lowered=False,
        decay=0.9999,
        noise="linear",
        predicts="eps",
        mirrored=True,
        bf16=True,
    ),
}


def build_ddpm(settings: Settings) -> UNet:
    """The network, untrained."""
    return UNet(**settings.unet)


def set_up(
    settings: Settings, model: nn.Module, steps: int
) -> tuple[Any, EMA, torch.optim.Optimizer]:
    """What a training needs: a copy to train, `model` itself as its moving average, AdamW.

    Gradients longer than 1 are shortened to 1.
    """
    net = copy.deepcopy(model)
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # a quarter faster
    ema = EMA(model, settings.decay)
    ema.model = model.eval().requires_grad_(False)
    optimizer = torch.optim.AdamW(
        net.parameters(), settings.rate(0, steps), weight_decay=settings.weight_decay, fused=True
    )

    def shorten(*_: Any) -> None:
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)

    optimizer.register_step_pre_hook(shorten)
    return net, ema, optimizer


def train_ddpm(
    settings: Settings,
    model: UNet,
    x: torch.Tensor,
    y: torch.Tensor,
    steps: int,
    g: torch.Generator,
    keep: Keep,
) -> Iterator[float]:
    """Train a copy of `model` by algorithm 1, while `model` is its moving average.

    Runs on the device of the model and in as many processes as there are; gradients longer
    than 1 are shortened to 1. Labels are not used.
    """
    if settings.batch % world_size():
        raise ValueError(f"{world_size()} processes cannot share a batch of {settings.batch}")
    net, ema, optimizer = set_up(settings, model, steps)
    images = share(x).to(g.device)
    data = minibatches(images, settings.batch // world_size(), steps, g)
    keep(data, net=net, ema=ema, optimizer=optimizer)
    schedule = settings.schedule().to(g.device)
    losses = ddpm_train(
        averaged(Bfloat16(net) if settings.bf16 else net),
        mirrored(data, g) if settings.mirrored else data,
        schedule,
        optimizer,
        ema=ema,
        predicts=settings.predicts,
        weight=settings.weight(schedule),
        generator=g,
    )
    return with_rate(losses, [optimizer], lambda step: settings.rate(step, steps), keep.step)


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


def sample_images(
    settings: Settings,
    model: nn.Module,
    shape: tuple[int, ...],
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Draw images of `shape` (B, C, H, W) by DDIM, some at a time; they come back to the CPU."""
    schedule = settings.schedule().to(next(model.parameters()).device)
    sizes = [AT_ONCE] * (shape[0] // AT_ONCE) + [shape[0] % AT_ONCE]
    return torch.cat(
        [
            ddim_sample(
                model,
                schedule,
                (n, *shape[1:]),
                settings.sample_steps,
                generator=generator,
                predicts=settings.predicts,
                clip=CLIP,
            ).cpu()
            for n in sizes
            if n
        ]
    )


def bound_of(
    settings: Settings, model: nn.Module, x: torch.Tensor, generator: torch.Generator
) -> float:
    """The bound on the negative log-likelihood of images x in bits per dimension."""
    device = next(model.parameters()).device
    terms = vlb(
        model,
        x.to(device),
        settings.schedule().to(device),
        settings.levels,
        generator,
        predicts=settings.predicts,
        steps=settings.bound_steps,
        clip=CLIP,
    )
    elbo = terms["reconstruction"] - terms["prior_matching"] - terms["score_matching"]
    return bits_per_dim(-elbo.mean().item(), x[0].numel())


def measure_ddpm(
    settings: Settings, model: nn.Module, x: torch.Tensor, clothes: Classifier | None = None
) -> dict[str, float]:
    """What a classifier makes of 5000 samples, or as many as there are test images x, and the bound.

    The bound, in bits per dimension, is that of the first twentieth of the images, 200 at most.
    No classifier of CIFAR-10 comes with the course: of that there is the bound alone.
    """
    g = torch.Generator(next(model.parameters()).device).manual_seed(0)
    few = x[: min(200, max(1, len(x) // 20))]
    metrics = {"bits_per_dim": bound_of(settings, model, few, g)}
    judge: Judge | None = None
    if settings.data == "digits":
        judge = digits_judge()
    elif clothes is not None:
        judge = clothes_judge(clothes)
    if judge is not None:
        samples = sample_images(settings, model, (min(SAMPLES, len(x)), *x.shape[1:]), g)
        metrics |= as_judged(judge, samples, x)
        if settings.data == "digits":  # what nothing but chance would leave
            train, _ = load("digits")
            some = train[:: max(1, len(train) // len(x))][: len(x)]  # of all writers
            of_training = as_judged(judge, some, x)["frechet_distance"]
            metrics["frechet_distance_of_training_images"] = of_training
    return metrics
