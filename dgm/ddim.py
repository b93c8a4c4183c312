"""DDIM: the same trained network, sampled in fewer steps, with as much noise as one likes.

Source: Song, Meng and Ermon 2021 (arXiv 2010.02502). Taught in: chapter 06.
"""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from dgm.diffusion import STEP
from dgm.sampling import Model, reverse_path, start
from dgm.schedule import NoiseSchedule, beside, look_up
from dgm.validate import shapes


def ddim_times(T: int, steps: int) -> list[int]:
    """The `steps` times that a sampler visits, evenly spaced from T down, each above 0.

    Raises:
        ValueError: unless `steps` is 1 to T.

    Taught in: chapter 06.

    Example:
        >>> ddim_times(T=10, steps=5)
        [10, 8, 6, 4, 2]
    """
    if not 1 <= steps <= T:
        raise ValueError(f"steps is {steps}, wanted 1 to T={T}")
    return [T - i * T // steps for i in range(steps)]


@shapes(xt="B *D: float", t=STEP, s="B: int < t", eps_hat="B *D: float", z="B *D: float")
def ddim_step(
    xt: torch.Tensor,
    t: torch.Tensor,
    s: torch.Tensor,
    eps_hat: torch.Tensor,
    z: torch.Tensor,
    schedule: NoiseSchedule,
    eta: float = 0.0,
) -> torch.Tensor:
    """One step of DDIM, from t back to any earlier s.

    x_s = sqrt(alpha_bar_s) x0_hat + sqrt(1 - alpha_bar_s - sigma^2) eps_hat + sigma z with
    sigma = eta sqrt((1 - alpha_bar_s) / (1 - alpha_bar_t)) sqrt(1 - alpha_bar_t / alpha_bar_s).
    With eta = 0 nothing is random; with eta = 1 and s = t - 1 it is DDPM's step with beta_tilde.

    Args:
        xt: (B, *D) the noisy sample.
        t: (B,) its step.
        s: (B,) where to go, 0 to t - 1; 0 gives x0_hat.
        eps_hat: (B, *D) the predicted noise.
        z: (B, *D) draws of N(0, 1).
        schedule: the noise schedule.
        eta: the share of DDPM's noise that is added, 0 to 1.

    Returns:
        (B, *D) x_s.

    Raises:
        ValueError: if shapes or dtypes do not agree, `t` is not in 1..T or `s` not in 0..t-1.

    Source: Song, Meng and Ermon 2021 (arXiv 2010.02502), eq. 12 and 16. Taught in: chapter 06.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> t, schedule = torch.tensor([1]), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> xt, one = torch.tensor([1.4]), torch.ones(1)
        >>> ddim_step(xt, t, t - 1, one, 9 * one, schedule).round(decimals=4)
        tensor([1.])
    """
    ab_t, ab_s = (look_up(schedule.alpha_bar, step) for step in (t, s))  # differences in float64
    noise_t, noise_s = 1 - ab_t, 1 - ab_s
    var = eta**2 * noise_s / noise_t * (1 - ab_t / ab_s)
    rest = noise_s * (1 - eta**2 + eta**2 * noise_s / noise_t * ab_t / ab_s)  # noise_s - var
    gain = (ab_s / ab_t).sqrt()
    by_row = (gain, gain * (1 - noise_t.sqrt()), rest.sqrt(), var.sqrt())
    gain, faint, along, sigma = (beside(a, xt) for a in by_row)  # and only now in xt's dtype
    signal = gain * (xt - eps_hat) + faint * eps_hat  # sqrt(ab_s) x0_hat
    return signal + along * eps_hat + sigma * z


def ddim_path(
    model: Model,
    schedule: NoiseSchedule,
    shape: Sequence[int],
    steps: int,
    eta: float = 0.0,
    generator: torch.Generator | None = None,
    *,
    predicts: str = "eps",
    clip: tuple[float, float] | None = None,
    dtype: torch.dtype | None = None,
) -> Iterator[tuple[int, torch.Tensor, torch.Tensor]]:
    """`ddim_sample` as it goes: yields (t, x_s, x0_hat) after the step from t to s.

    The last of the x_s is the sample. Taught in: chapter 06.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> blind = lambda xt, t: 0 * xt
        >>> [t for t, _, _ in ddim_path(blind, NoiseSchedule.linear(T=10), (2,), steps=2)]
        [10, 5]
    """
    if not 0 <= eta <= 1:
        raise ValueError(f"eta is {eta}, wanted 0 to 1")

    def step(xt: Tensor, t: Tensor, s: Tensor, eps_hat: Tensor, z: Tensor) -> Tensor:
        return ddim_step(xt, t, s, eps_hat, z, schedule, eta)

    times = ddim_times(schedule.T, steps)
    x = start(model, schedule, shape, generator, dtype)
    yield from reverse_path(model, x, times, step, schedule, generator, predicts, clip)


def ddim_sample(
    model: Model,
    schedule: NoiseSchedule,
    shape: Sequence[int],
    steps: int,
    eta: float = 0.0,
    generator: torch.Generator | None = None,
    *,
    predicts: str = "eps",
    clip: tuple[float, float] | None = None,
    dtype: torch.dtype | None = None,
) -> torch.Tensor:
    """Sample with `steps` calls of the model, at the steps that `ddim_times` gives.

    Args:
        model: any callable `model(xt, t)`; a network with dropout in evaluation mode.
        schedule: the noise schedule that the model was trained with.
        shape: (B, *D).
        steps: 1 to T.
        eta: 0 takes no noise but x_T, 1 as much as DDPM.
        generator: where the randomness comes from; on the device of the model.
        predicts: what the model predicts, "eps", "x0" or "v".
        clip: the range (lo, hi) into which each x0_hat is brought.
        dtype: of the sample; else that of the model's parameters, or torch's default.

    Returns:
        (B, *D), without a graph.

    Raises:
        ValueError: if `steps` is not 1 to T, `eta` not 0 to 1, or for another `predicts`.

    Source: Song, Meng and Ermon 2021 (arXiv 2010.02502), eq. 12. Taught in: chapter 06.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> sure = lambda xt, t: torch.full_like(xt, 3.0)
        >>> ddim_sample(sure, NoiseSchedule.linear(T=10), (2,), 2, predicts="x0").round(decimals=3)
        tensor([3., 3.])
    """
    path = ddim_path(
        model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip, dtype=dtype
    )
    for _, x, _ in path:
        sample = x
    return sample
