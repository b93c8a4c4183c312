"""What the diffusion models of the zoo share: settings, what a training needs, samples, the bound.

Unless one says otherwise, its steps are those of the cosine schedule, and it predicts the velocity.
"""

import copy
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Self

import torch
from torch import nn

from dgm.ddpm import ddim_sample, vlb
from dgm.evaluate import bits_per_dim
from dgm.guidance import given
from dgm.nn.ema import EMA
from dgm.nn.learning_rate import cosine, warm_up
from dgm.schedule import NoiseSchedule
from dgm.weighting import min_snr_weight

AT_ONCE = 500  # images that are sampled together
CLIP = (-1.0, 1.0)  # the range of the data


@dataclass(frozen=True)
class Settings:
    """How a diffusion model learns.

    Attributes:
        unet: arguments of `dgm.nn.unet.UNet`.
        steps, batch: of the training; several processes share a batch.
        lr: the highest learning rate; reached after `warmup` steps, and lowered to 0 along a
            cosine.
        decay: of the moving average, which is what ships.
        predicts: what the network predicts, "eps", "x0" or "v".
        gamma: of `dgm.weighting.min_snr_weight`; with None all steps weigh alike.
        sample_steps: of DDIM, for the metrics.
        bound_steps: of the bound, drawn at random; None tries all.
    """

    unet: dict[str, Any]
    steps: int
    batch: int = 64
    lr: float = 2e-3
    warmup: int = 100
    decay: float = 0.999
    predicts: str = "v"
    gamma: float | None = 5.0
    sample_steps: int = 50
    bound_steps: int | None = None

    def schedule(self) -> NoiseSchedule:
        """The noise schedule."""
        return NoiseSchedule.cosine()

    def weight(self, schedule: NoiseSchedule) -> Callable[[torch.Tensor], torch.Tensor] | None:
        """What `dgm.ddpm.ddpm_loss` multiplies the errors at steps t with."""
        if self.gamma is None:
            return None
        return partial(min_snr_weight, schedule=schedule, predicts=self.predicts, gamma=self.gamma)

    def rate(self, step: int, steps: int) -> float:
        """The learning rate after `step` of `steps` steps."""
        return self.lr * warm_up(step, self.warmup) * cosine(step, steps)

    def small(self) -> Self:
        """The same with a narrow network and small batches: every line runs, little is learnt."""
        unet = self.unet | {"width": 8}
        return replace(self, unet=unet, batch=8, warmup=2, sample_steps=2, bound_steps=2)


def copy_ema_adam(
    settings: Settings, model: nn.Module, steps: int
) -> tuple[Any, EMA, torch.optim.Optimizer]:
    """What a training needs: a copy to train, `model` itself as its moving average, Adam.

    Gradients longer than 1 are clipped to 1.
    """
    net = copy.deepcopy(model)
    net.to(memory_format=torch.channels_last)  # type: ignore[call-overload]  # a quarter faster
    ema = EMA(model, settings.decay)
    ema.model = model.eval().requires_grad_(False)
    optimizer = torch.optim.Adam(net.parameters(), settings.rate(0, steps), fused=True)

    def shorten(*_: Any) -> None:
        nn.utils.clip_grad_norm_(net.parameters(), 1.0)

    optimizer.register_step_pre_hook(shorten)
    return net, ema, optimizer


def ddim_images(
    settings: Settings,
    model: nn.Module,
    shape: tuple[int, ...],
    generator: torch.Generator | None = None,
    *conditions: torch.Tensor,
    steps: int | None = None,
) -> torch.Tensor:
    """Draw images of `shape` (B, C, H, W) by DDIM, some at a time, on the device of the model.

    Each of them is told its row of the conditions, if there are any.
    """
    schedule = settings.schedule().to(next(model.parameters()).device)
    parts = []
    for first in range(0, shape[0], AT_ONCE):
        rows = [c[first : first + AT_ONCE] for c in conditions]
        parts.append(
            ddim_sample(
                given(model, *rows),
                schedule,
                (min(AT_ONCE, shape[0] - first), *shape[1:]),
                steps or settings.sample_steps,
                generator=generator,
                predicts=settings.predicts,
                clip=CLIP,
            )
        )
    return torch.cat(parts)


def bound_in_bits(
    settings: Settings,
    model: nn.Module,
    x: torch.Tensor,
    generator: torch.Generator,
    levels: int = 256,
) -> float:
    """The bound on the negative log-likelihood of images x in bits per dimension."""
    device = next(model.parameters()).device
    terms = vlb(
        model,
        x.to(device),
        settings.schedule().to(device),
        levels,
        generator,
        predicts=settings.predicts,
        steps=settings.bound_steps,
        clip=CLIP,
    )
    elbo = terms["reconstruction"] - terms["prior_matching"] - terms["score_matching"]
    return bits_per_dim(-elbo.mean().item(), x[0].numel())


def first_images(x: torch.Tensor) -> torch.Tensor:
    """The first twentieth of the images, 200 at most: the bound of all would take long."""
    return x[: min(200, max(1, len(x) // 20))]
