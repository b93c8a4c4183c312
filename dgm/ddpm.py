"""DDPM: the two algorithms, training (1) and sampling (2).

Source: Ho et al. 2020 (arXiv 2006.11239). Taught in: chapter 06.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from dgm.data.batches import inputs
from dgm.ddim import ddim_path, ddim_sample, ddim_step, ddim_times
from dgm.diffusion import (
    STEP,
    posterior_mean_from_eps,
    predict_eps,
    predict_x0,
    q_posterior,
    q_sample,
)
from dgm.nn.ema import EMA
from dgm.prediction import training_target
from dgm.sampling import Model, call, estimate, reverse_path, start
from dgm.schedule import VARIANCES, NoiseSchedule, at
from dgm.validate import shapes
from dgm.vlb import vlb

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
    "vlb",
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
    """Algorithm 1, lines 2 to 5: the squared error of a prediction at a random step of each row.

    ||eps - model(sqrt(alpha_bar_t) x_0 + sqrt(1 - alpha_bar_t) eps, t)||^2, as a mean over the
    batch and over the dimensions. First t (B,) is drawn, uniformly from 1..T, then eps (B, *D).

    Args:
        model: any callable `model(xt, t)`, from (B, *D) and (B,) to (B, *D).
        x0: (B, *D) data.
        schedule: the noise schedule.
        generator: where the randomness comes from; on the device of `x0`.
        predicts: what the model is to predict, "eps", "x0" or "v".
        weight: from t (B,) to the weights (B,) of the rows' errors; None weighs all alike.

    Returns:
        A tensor without dimensions.

    Raises:
        ValueError: if `x0` is no such tensor, the model gives another shape, or for another
            `predicts`.

    Source: Ho et al. 2020 (arXiv 2006.11239), algorithm 1 and eq. 14. Taught in: chapter 06.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> blind = lambda xt, t: 0 * xt
        >>> ddpm_loss(blind, torch.ones(4, 2), NoiseSchedule.linear(T=10), predicts="x0").item()
        1.0
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
    """Train on each batch of `loader` with `ddpm_loss`, and yield the loss of each step.

    Args:
        model: what is trained; it is put into training mode.
        loader: batches x0 (B, *D), or (x0, y).
        schedule: the noise schedule.
        optimizer: over the model's parameters.
        ema: a moving average of the model, updated after each step.
        predicts, weight: as in `ddpm_loss`.
        generator: where the steps and the noise come from.

    Source: Ho et al. 2020 (arXiv 2006.11239), algorithm 1. Taught in: chapter 06.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> from dgm.nn.unet import UNet
        >>> model, batches = UNet(width=8), [torch.zeros(2, 1, 4, 4)] * 3
        >>> optimizer = torch.optim.Adam(model.parameters())
        >>> len(list(ddpm_train(model, batches, NoiseSchedule.linear(T=10), optimizer)))
        3
    """
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
    """Algorithm 2, line 4: one step of the reverse chain, a draw of p(x_{t-1} | x_t).

    [x_t - beta_t / sqrt(1 - alpha_bar_t) eps_hat] / sqrt(alpha_t) + sigma_t z. The last step,
    t = 1, adds no noise.

    Args:
        xt: (B, *D) the noisy sample.
        t: (B,) its step.
        eps_hat: (B, *D) the predicted noise.
        z: (B, *D) draws of N(0, 1); not used in rows where t is 1.
        schedule: the noise schedule.
        variance: what sigma_t^2 is, "beta" or "beta_tilde".

    Returns:
        (B, *D) x_{t-1}.

    Raises:
        ValueError: if shapes or dtypes do not agree, `t` is not in 1..T, or for another
            `variance`.

    Source: Ho et al. 2020 (arXiv 2006.11239), algorithm 2 and section 3.2. Taught in: chapter 06.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> one, schedule = torch.ones(1), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> ddpm_step(1.4 * one, one.long(), one, 9 * one, schedule).round(decimals=4)
        tensor([1.])
    """
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
    """Algorithm 2: sample, from noise to data in T steps.

    First x_T is drawn from N(0, I), then a z in each step, the last included, where it is not
    used.

    Args:
        model: any callable `model(xt, t)`; a network with dropout in evaluation mode.
        schedule: the noise schedule that the model was trained with.
        shape: (B, *D).
        generator: where the randomness comes from; on the device of the model.
        predicts: what the model predicts, "eps", "x0" or "v".
        variance: what sigma_t^2 is, "beta" or "beta_tilde".
        clip: the range (lo, hi) into which each predicted x0 is brought.
        dtype: of the sample; else that of the model's parameters, or torch's default.

    Returns:
        (B, *D), without a graph.

    Raises:
        ValueError: for another `predicts` or `variance`, or a `shape` that is empty.

    Source: Ho et al. 2020 (arXiv 2006.11239), algorithm 2. Taught in: chapter 06.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> sure = lambda xt, t: torch.full_like(xt, 3.0)
        >>> ddpm_sample(sure, NoiseSchedule.linear(T=10), (2,), predicts="x0").round(decimals=3)
        tensor([3., 3.])
    """
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
    """`ddpm_sample` as it goes: yields (t, x_{t-1}, x0_hat) after the step from t to t - 1.

    The last of the x_{t-1} is the sample. Taught in: chapter 06.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> blind = lambda xt, t: 0 * xt
        >>> [t for t, _, _ in ddpm_path(blind, NoiseSchedule.linear(T=4), (2,))]
        [4, 3, 2, 1]
    """

    def step(xt: Tensor, t: Tensor, _: Tensor, eps_hat: Tensor, z: Tensor) -> Tensor:
        return ddpm_step(xt, t, eps_hat, z, schedule, variance=variance)

    x = start(model, schedule, shape, generator, dtype)
    times = range(schedule.T, 0, -1)
    yield from reverse_path(model, x, times, step, schedule, generator, predicts, clip)
