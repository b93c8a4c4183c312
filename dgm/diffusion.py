"""The diffusion process: from data to noise in T steps, and what Bayes' rule says of the way back.

    x_t = sqrt(alpha_bar_t) x_0 + sqrt(1 - alpha_bar_t) eps,    eps ~ N(0, I).

Steps `t` (B,) run from 1 to T. Who knows x_t and one of eps, x_0 or the velocity v knows all three.

Source: Ho et al. 2020 (arXiv 2006.11239). Taught in: chapter 05.
"""

import torch

from dgm.schedule import NoiseSchedule, at, entries
from dgm.validate import shapes

PREDICTS = ("eps", "x0", "v")
STEP = "B: int in 1..schedule.T"


@shapes(x="B *D: float", t=STEP, eps="B *D: float")
def forward_step(
    x: torch.Tensor, t: torch.Tensor, eps: torch.Tensor, schedule: NoiseSchedule
) -> torch.Tensor:
    """One step of the forward chain, a draw of q(x_t | x_{t-1}).

    sqrt(1 - beta_t) x_{t-1} + sqrt(beta_t) eps.

    Args:
        x: (B, *D) x_{t-1}.
        t: (B,) the step that is taken.
        eps: (B, *D) draws of N(0, 1).
        schedule: the noise schedule.

    Returns:
        (B, *D) x_t.

    Raises:
        ValueError: if shapes or dtypes do not agree, or `t` is not in 1..T.

    Source: Ho et al. 2020 (arXiv 2006.11239), eq. 2. Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> t, schedule = torch.tensor([1]), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> round(forward_step(torch.ones(1), t, torch.zeros(1), schedule).item(), 4)
        0.6
    """
    return at(schedule.alpha.sqrt(), t, x) * x + at(schedule.beta.sqrt(), t, x) * eps


@shapes(x0="B *D: float", t=STEP, eps="B *D: float")
def q_sample(
    x0: torch.Tensor, t: torch.Tensor, eps: torch.Tensor, schedule: NoiseSchedule
) -> torch.Tensor:
    """All of the first t steps at once, a draw of q(x_t | x_0).

    sqrt(alpha_bar_t) x_0 + sqrt(1 - alpha_bar_t) eps.

    Args:
        x0: (B, *D) data.
        t: (B,) steps.
        eps: (B, *D) draws of N(0, 1).
        schedule: the noise schedule.

    Returns:
        (B, *D) x_t.

    Raises:
        ValueError: if shapes or dtypes do not agree, or `t` is not in 1..T.

    Source: Ho et al. 2020 (arXiv 2006.11239), eq. 4. Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> t, schedule = torch.tensor([1]), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> round(q_sample(torch.ones(1), t, torch.ones(1), schedule).item(), 4)
        1.4
    """
    signal = at(schedule.alpha_bar.sqrt(), t, x0)
    noise = at((1 - schedule.alpha_bar).sqrt(), t, x0)
    return signal * x0 + noise * eps


@shapes(x0="B *D: float", xt="B *D: float", t=STEP)
def q_posterior(
    x0: torch.Tensor, xt: torch.Tensor, t: torch.Tensor, schedule: NoiseSchedule
) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean and the variance of q(x_{t-1} | x_t, x_0), by Bayes' rule.

    mean = [sqrt(alpha_bar_{t-1}) beta_t x_0 + sqrt(alpha_t) (1 - alpha_bar_{t-1}) x_t]
           / (1 - alpha_bar_t),
    variance = beta_tilde_t = (1 - alpha_bar_{t-1}) / (1 - alpha_bar_t) beta_t.

    Args:
        x0: (B, *D) data.
        xt: (B, *D) the data after t steps.
        t: (B,) steps.
        schedule: the noise schedule.

    Returns:
        The mean (B, *D) and the variance (B, 1, ..., 1); x_0 and 0 where t is 1.

    Raises:
        ValueError: if shapes or dtypes do not agree, or `t` is not in 1..T.

    Source: Ho et al. 2020 (arXiv 2006.11239), eq. 6 and 7. Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> t, schedule = torch.tensor([1]), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> q_posterior(torch.tensor([3.0]), torch.tensor([5.0]), t, schedule)
        (tensor([3.]), tensor([0.]))
    """
    before = schedule.alpha_bar.roll(1)  # entry t is alpha_bar_{t-1}
    on_x0 = before.sqrt() * schedule.beta / (1 - schedule.alpha_bar)
    on_xt = schedule.alpha.sqrt() * (1 - before) / (1 - schedule.alpha_bar)
    mean = at(on_x0, t, x0) * x0 + at(on_xt, t, xt) * xt
    return mean, at(schedule.beta_tilde, t, xt)


@shapes(xt="B *D: float", t=STEP, eps="B *D: float")
def posterior_mean_from_eps(
    xt: torch.Tensor, t: torch.Tensor, eps: torch.Tensor, schedule: NoiseSchedule
) -> torch.Tensor:
    """The mean of q(x_{t-1} | x_t, x_0) (B, *D), written with the noise in place of x_0.

    [x_t - beta_t / sqrt(1 - alpha_bar_t) eps] / sqrt(alpha_t); with a predicted `eps` it is the
    mean of the reverse step p(x_{t-1} | x_t).

    Args:
        xt: (B, *D) the data after t steps.
        t: (B,) steps.
        eps: (B, *D) the noise in xt.
        schedule: the noise schedule.

    Returns:
        (B, *D).

    Raises:
        ValueError: if shapes or dtypes do not agree, or `t` is not in 1..T.

    Source: Ho et al. 2020 (arXiv 2006.11239), eq. 10 and 11. Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> one, schedule = torch.ones(1), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> posterior_mean_from_eps(1.4 * one, one.long(), one, schedule).round(decimals=4)
        tensor([1.])
    """
    on_eps = schedule.beta / (1 - schedule.alpha_bar).sqrt()
    return (xt - at(on_eps, t, xt) * eps) / at(schedule.alpha.sqrt(), t, xt)


@shapes(xt="B *D: float", t=STEP, eps="B *D: float")
def predict_x0(
    xt: torch.Tensor, t: torch.Tensor, eps: torch.Tensor, schedule: NoiseSchedule
) -> torch.Tensor:
    """The data x_0 that noise `eps` turned into `xt`: `q_sample` solved for it.

    Args:
        xt: (B, *D) the data after t steps.
        t: (B,) steps.
        eps: (B, *D) the noise in xt.
        schedule: the noise schedule.

    Returns:
        (B, *D) x_0.

    Raises:
        ValueError: if shapes or dtypes do not agree, or `t` is not in 1..T.

    Source: Ho et al. 2020 (arXiv 2006.11239), eq. 15. Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> t, schedule = torch.tensor([1]), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> round(predict_x0(torch.tensor([1.4]), t, torch.ones(1), schedule).item(), 4)
        1.0
    """
    noise = at((1 - schedule.alpha_bar).sqrt(), t, xt)
    return (xt - noise * eps) / at(schedule.alpha_bar.sqrt(), t, xt)


@shapes(xt="B *D: float", t=STEP, x0="B *D: float")
def predict_eps(
    xt: torch.Tensor, t: torch.Tensor, x0: torch.Tensor, schedule: NoiseSchedule
) -> torch.Tensor:
    """The noise (B, *D) that turned `x0` into `xt`: `q_sample` solved for it.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> t, schedule = torch.tensor([1]), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> round(predict_eps(torch.tensor([1.4]), t, torch.ones(1), schedule).item(), 4)
        1.0
    """
    signal = at(schedule.alpha_bar.sqrt(), t, xt)
    return (xt - signal * x0) / at((1 - schedule.alpha_bar).sqrt(), t, xt)


@shapes(x0="B *D: float", eps="B *D: float", t=STEP)
def velocity(
    x0: torch.Tensor, eps: torch.Tensor, t: torch.Tensor, schedule: NoiseSchedule
) -> torch.Tensor:
    """What a network predicts for `predicts="v"`: a mixture of noise and data.

    sqrt(alpha_bar_t) eps - sqrt(1 - alpha_bar_t) x_0.

    Args:
        x0: (B, *D) data.
        eps: (B, *D) draws of N(0, 1).
        t: (B,) steps.
        schedule: the noise schedule.

    Returns:
        (B, *D).

    Raises:
        ValueError: if shapes or dtypes do not agree, or `t` is not in 1..T.

    Source: Salimans and Ho 2022 (arXiv 2202.00512), section 4. Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> t, schedule = torch.tensor([1]), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> round(velocity(torch.ones(1), torch.ones(1), t, schedule).item(), 4)
        -0.2
    """
    signal = at(schedule.alpha_bar.sqrt(), t, x0)
    return signal * eps - at((1 - schedule.alpha_bar).sqrt(), t, x0) * x0


@shapes(xt="B *D: float", t=STEP, v="B *D: float")
def x0_from_velocity(
    xt: torch.Tensor, t: torch.Tensor, v: torch.Tensor, schedule: NoiseSchedule
) -> torch.Tensor:
    """The data (B, *D) that belong to `xt` and the velocity `v`.

    Source: Salimans and Ho 2022 (arXiv 2202.00512), section 4. Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> t, schedule = torch.tensor([1]), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> x0_from_velocity(torch.tensor([2.0]), t, torch.ones(1), schedule).round(decimals=4)
        tensor([0.4000])
    """
    signal = at(schedule.alpha_bar.sqrt(), t, xt)
    return signal * xt - at((1 - schedule.alpha_bar).sqrt(), t, xt) * v


@shapes(t=STEP)
def loss_weight(t: torch.Tensor, schedule: NoiseSchedule, predicts: str = "eps") -> torch.Tensor:
    """The weight that turns a squared error of the prediction into the KL term of step t.

    w(t) for which w(t) ||target - prediction||^2 is KL(q(x_{t-1}|x_t,x_0) || p(x_{t-1}|x_t)),
    both with variance beta_tilde_t. With SNR = alpha_bar / (1 - alpha_bar), for x0 it is
    (SNR(t-1) - SNR(t)) / 2; the errors of eps and v are multiples of the error of x0.

    Args:
        t: (B,) steps of 2 or more; at t = 1 the two are points, and the weight is infinite.
        schedule: the noise schedule.
        predicts: what the error is of, "eps", "x0" or "v".

    Returns:
        (B,) float64; nats per unit of squared error, summed over the event.

    Raises:
        ValueError: if `t` is not in 1..T, or for another `predicts`.

    Source: Kingma et al. 2021 (arXiv 2107.00630), section 4; Ho et al. 2020 (arXiv 2006.11239),
    eq. 12. Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> schedule = NoiseSchedule(torch.tensor([0, 0.5, 0.6]))  # an SNR of 1, then of 1/4
        >>> round(loss_weight(torch.tensor([2]), schedule, "x0").item(), 4)
        0.375
    """
    snr, noise = schedule.snr, 1 - schedule.alpha_bar
    ratio = {"eps": 1 / snr, "x0": torch.ones_like(snr), "v": noise}  # of squared errors
    if predicts not in ratio:
        raise ValueError(f"predicts is {predicts!r}, wanted one of {tuple(ratio)}")
    weight = (snr.roll(1) - snr) / 2 * ratio[predicts]
    return entries(weight, t)


@shapes(xt="B *D: float", t=STEP, eps="B *D: float")
def score_from_eps(
    xt: torch.Tensor, t: torch.Tensor, eps: torch.Tensor, schedule: NoiseSchedule
) -> torch.Tensor:
    """The gradient of log q(x_t) (B, *D), from the expected noise: -eps / sqrt(1 - alpha_bar_t).

    Source: Song et al. 2021 (arXiv 2011.13456). Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> t, schedule = torch.tensor([1]), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> round(score_from_eps(torch.tensor([1.4]), t, torch.ones(1), schedule).item(), 4)
        -1.25
    """
    return -eps / at((1 - schedule.alpha_bar).sqrt(), t, xt)
