"""DDPM: the two algorithms, training (1) and sampling (2).

Source: Ho et al. 2020 (arXiv 2006.11239). Taught in: chapter 06.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from dgm.batches import inputs
from dgm.ddim import ddim_path, ddim_sample, ddim_step, ddim_times
from dgm.diffusion import (
    STEP,
    posterior_mean_from_eps,
    predict_eps,
    predict_x0,
    q_posterior,
    q_sample,
    training_target,
)
from dgm.ema import EMA
from dgm.sampling import Model, call, estimate, reverse_path, start
from dgm.schedule import VARIANCES, NoiseSchedule, at
from dgm.validate import shapes

__all__ = [
    "ddim_path",
    "ddim_sample",
    "ddim_step",
    "ddim_times",
    "ddpm_loss",
    "ddpm_path",
    "ddpm_sample",
    "ddpm_step",
    "ddpm_train",
    "predict_eps",
    "predict_x0",
    "q_posterior",
    "q_sample",
]

Weight = Callable[[torch.Tensor], torch.Tensor]


@shapes(x0="B *D: float")
def ddpm_loss(
    model: Model,
    x0: torch.Tensor,
    schedule: NoiseSchedule,
    generator: torch.Generator | None = None,
    *,
    predicts: str = "eps",
    weight: Weight | None = None,
) -> torch.Tensor:
    """Algorithm 1: the mean squared error of a prediction at a random step of each row.

    Draws t (B,) uniformly from 1..T, then eps (B, *D).
    """
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator, device=x0.device)  # 3
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype, device=x0.device)  # 4
    prediction = call(model, q_sample(x0, t, eps, schedule), t)
    target = training_target(x0, eps, t, schedule, predicts)
    error = ((target - prediction) ** 2).reshape(len(x0), -1).mean(1)  # 5
    return error.mean() if weight is None else (weight(t).to(error) * error).mean()


def ddpm_train(
    model: nn.Module,
    loader: Iterable[Any],
    schedule: NoiseSchedule,
    optimizer: torch.optim.Optimizer,
    *,
    ema: EMA | None = None,
    predicts: str = "eps",
    weight: Weight | None = None,
    generator: torch.Generator | None = None,
) -> Iterator[float]:
    """Train on each batch of `loader` with `ddpm_loss`, and yield the loss of each step."""
    model.train()
    for x0 in inputs(loader):
        loss = ddpm_loss(model, x0, schedule, generator, predicts=predicts, weight=weight)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
        if ema is not None:
            ema.update(model)
        yield loss.item()


@shapes(xt="B *D: float", t=STEP, eps_hat="B *D: float", z="B *D: float")
def ddpm_step(
    xt: torch.Tensor,
    t: torch.Tensor,
    eps_hat: torch.Tensor,
    z: torch.Tensor,
    schedule: NoiseSchedule,
    *,
    variance: str = "beta_tilde",
) -> torch.Tensor:
    """Line 4 of Algorithm 2: one step of the reverse chain, a draw of p(x_{t-1} | x_t)."""
    if variance not in VARIANCES:
        raise ValueError(f"variance is {variance!r}, wanted one of {VARIANCES}")
    sigma = (schedule.beta if variance == "beta" else schedule.beta_tilde).sqrt()
    sigma[1] = 0  # no noise in the last step
    return posterior_mean_from_eps(xt, t, eps_hat, schedule) + at(sigma, t, xt) * z


@torch.no_grad()
def ddpm_sample(
    model: Model,
    schedule: NoiseSchedule,
    shape: Sequence[int],
    generator: torch.Generator | None = None,
    *,
    predicts: str = "eps",
    variance: str = "beta_tilde",
    clip: tuple[float, float] | None = None,
    dtype: torch.dtype | None = None,
) -> torch.Tensor:
    """Algorithm 2: draw `shape` (B, *D), from noise to data in T steps."""
    x = start(model, schedule, shape, generator, dtype)  # 1
    for i in range(schedule.T, 0, -1):  # 2
        t = torch.full((len(x),), i, device=x.device)
        eps_hat, _ = estimate(model, x, t, schedule, predicts, clip)
        z = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)  # 3
        x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)  # 4
    return x  # 6


def ddpm_path(
    model: Model,
    schedule: NoiseSchedule,
    shape: Sequence[int],
    generator: torch.Generator | None = None,
    *,
    predicts: str = "eps",
    variance: str = "beta_tilde",
    clip: tuple[float, float] | None = None,
    dtype: torch.dtype | None = None,
) -> Iterator[tuple[int, torch.Tensor, torch.Tensor]]:
    """`ddpm_sample` as it goes: yields (t, x_{t-1}, x0_hat) after each step."""

    def step(xt: Tensor, t: Tensor, _: Tensor, eps_hat: Tensor, z: Tensor) -> Tensor:
        return ddpm_step(xt, t, eps_hat, z, schedule, variance=variance)

    x = start(model, schedule, shape, generator, dtype)
    times = range(schedule.T, 0, -1)
    yield from reverse_path(model, x, times, step, schedule, generator, predicts, clip)
