"""Noise schedules: how much noise a diffusion adds at each step.

    q(x_t | x_{t-1}) = N(sqrt(1 - beta_t) x_{t-1}, beta_t I),    t = 1, ..., T.

Tables have T + 1 entries and are float64: entry t belongs to step t, entry 0 to clean data.

Source: Ho et al. 2020 (arXiv 2006.11239), section 2. Taught in: chapters 05 and 06.
"""

import math

import torch

from dgm.precision import double, moved
from dgm.validate import shapes

VARIANCES = ("beta", "beta_tilde")


def linear_beta(T: int = 1000, beta_1: float = 1e-4, beta_T: float = 0.02) -> torch.Tensor:
    """Variances (T+1,) that grow along a line from `beta_1` to `beta_T`; entry 0 is 0.

    Raises:
        ValueError: if `T` is below 1.

    Source: Ho et al. 2020 (arXiv 2006.11239), section 4. Taught in: chapter 06.

    Example:
        >>> linear_beta(T=3, beta_1=0.25, beta_T=0.75).tolist()
        [0.0, 0.25, 0.5, 0.75]
    """
    if T < 1:
        raise ValueError(f"T is {T}, wanted 1 or more")
    beta = torch.linspace(beta_1, beta_T, T, dtype=torch.float64)
    return torch.cat([beta.new_zeros(1), beta])


def cosine_beta(T: int = 1000, s: float = 0.008) -> torch.Tensor:
    """Variances for which alpha_bar falls like a squared cosine.

    beta_t = 1 - f(t) / f(t-1) with f(t) = cos^2((t/T + s) / (1 + s) * pi/2), and 0.999 at most:
    f(T) = 0 would leave nothing of the data.

    Args:
        T: the number of steps.
        s: an offset that keeps the first steps from being too small.

    Returns:
        (T+1,) float64; entry 0 is 0.

    Raises:
        ValueError: if `T` is below 1.

    Source: Nichol and Dhariwal 2021 (arXiv 2102.09672), eq. 17. Taught in: chapter 06.

    Example:
        >>> cosine_beta(T=2, s=0.0).round(decimals=4).tolist()
        [0.0, 0.5, 0.999]
    """
    if T < 1:
        raise ValueError(f"T is {T}, wanted 1 or more")
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return torch.cat([beta.new_zeros(1), beta])


@shapes(beta="N: float")
def cumulative_alpha(beta: torch.Tensor) -> torch.Tensor:
    """The share of the data's variance that is left after t steps.

    alpha_bar_t = alpha_1 alpha_2 ... alpha_t with alpha_t = 1 - beta_t, and alpha_bar_0 = 1.

    Args:
        beta: (T+1,) the variance of each step; entry 0 is 0.

    Returns:
        (T+1,), of the dtype of `beta`.

    Raises:
        ValueError: if `beta` is not such a tensor.

    Source: Ho et al. 2020 (arXiv 2006.11239), above eq. 4. Taught in: chapter 05.

    Example:
        >>> cumulative_alpha(torch.tensor([0, 0.5, 0.5])).tolist()
        [1.0, 0.5, 0.25]
    """
    return torch.cumprod(1 - beta, 0)


class NoiseSchedule:
    """The tables of a diffusion with variances `beta`, each (T+1,) and float64.

    Attributes:
        T: the number of steps.
        beta: the variance that step t adds; entry 0 is 0.
        alpha: 1 - beta.
        alpha_bar: the product of alpha up to t; entry 0 is 1.
        beta_tilde: the variance of q(x_{t-1} | x_t, x_0); entries 0 and 1 are 0.
        snr: the signal-to-noise ratio alpha_bar / (1 - alpha_bar); entry 0 is infinite.
        device: of what is sampled with it. The tables lie there too, or on the CPU if that device
            has no float64.

    Args:
        beta: (T+1,), its entry 0 equal to 0 and the others between 0 and 1.

    Raises:
        ValueError: if `beta` is not such a table.

    Source: Ho et al. 2020 (arXiv 2006.11239), section 2 and eq. 7. Taught in: chapters 05 and 06.

    Example:
        >>> NoiseSchedule(torch.tensor([0, 0.5, 0.5])).alpha_bar.tolist()
        [1.0, 0.5, 0.25]
        >>> NoiseSchedule.linear(T=10).T
        10
    """

    def __init__(self, beta: torch.Tensor) -> None:
        _check_beta(beta)
        self.T = len(beta) - 1
        self.device = beta.device
        self.beta = double(beta)
        self.alpha = 1 - self.beta
        self.alpha_bar = cumulative_alpha(self.beta)
        noise = 1 - self.alpha_bar  # its entry 0 is 0
        self.beta_tilde = torch.zeros_like(self.beta)
        self.beta_tilde[1:] = noise[:-1] / noise[1:] * self.beta[1:]
        self.snr = self.alpha_bar / noise

    @classmethod
    def linear(cls, T: int = 1000, beta_1: float = 1e-4, beta_T: float = 0.02) -> "NoiseSchedule":
        """The schedule of `linear_beta`."""
        return cls(linear_beta(T, beta_1, beta_T))

    @classmethod
    def cosine(cls, T: int = 1000, s: float = 0.008) -> "NoiseSchedule":
        """The schedule of `cosine_beta`."""
        return cls(cosine_beta(T, s))

    def to(self, device: torch.device | str) -> "NoiseSchedule":
        """The same schedule with its tables on `device`: once, before a loop on a GPU.

        Where there is no float64, as on Apple's devices, they stay: `at` moves what it looks up.
        """
        try:
            made = NoiseSchedule(self.beta.to(device))
        except TypeError:
            made = NoiseSchedule(self.beta)
        made.device = torch.device(device)
        return made

    def __repr__(self) -> str:
        return f"NoiseSchedule(T={self.T}, alpha_bar_T={float(self.alpha_bar[-1]):.3g})"


def reverse_variance(schedule: NoiseSchedule, variance: str) -> torch.Tensor:
    """The variance (T+1,) of the reverse steps of a model whose likelihood is asked for.

    "beta" or "beta_tilde". The last step of the sampler adds no noise, but a point has no
    density: entry 1 of "beta_tilde" is therefore that of step 2 (with one step, beta_1).

    Raises:
        ValueError: for another `variance`.

    Source: Ho et al. 2020 (arXiv 2006.11239), section 3.2 and their code. Taught in: chapter 06.

    Example:
        >>> schedule = NoiseSchedule(torch.tensor([0, 0.5, 0.5]))
        >>> reverse_variance(schedule, "beta_tilde").round(decimals=4).tolist()
        [0.0, 0.3333, 0.3333]
    """
    if variance not in VARIANCES:
        raise ValueError(f"variance is {variance!r}, wanted one of {VARIANCES}")
    if variance == "beta" or schedule.T == 1:
        return schedule.beta.clone()
    var = schedule.beta_tilde.clone()
    var[1] = var[2]
    return var


def at(table: torch.Tensor, t: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """The entries `t` (B,) of a table (T+1,), ready to be multiplied with x (B, *D).

    Compute with the whole table first, in float64, and look up last: 1 - alpha_bar has lost its
    digits in float32 where alpha_bar is near 1.

    Returns:
        (B, 1, ..., 1) of the rank, dtype and device of `x`.

    Taught in: chapter 05.

    Example:
        >>> at(torch.tensor([0.0, 10.0, 20.0]), torch.tensor([2, 1]), torch.zeros(2, 3)).tolist()
        [[20.0], [10.0]]
    """
    return beside(table.to(x)[t], x)


def look_up(table: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """The entries `t` (B,) of a table (T+1,), in its float64: to compute with entries of two steps.

    A difference comes before the cast, as in `at`; what is computed goes through `beside`. On the
    device of t, or on the CPU if that device has no float64.

    Example:
        >>> (1 - look_up(NoiseSchedule.linear().alpha_bar, torch.tensor([1]))).dtype
        torch.float64
    """
    try:
        return table.to(t.device)[t]
    except TypeError:
        return table[t.cpu()]


def entries(table: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
    """The entries `t` (B,) of a table (T+1,), float64; float32 on a device that has no float64.

    Example:
        >>> entries(torch.tensor([0.0, 10.0, 20.0]), torch.tensor([2, 1])).tolist()
        [20.0, 10.0]
    """
    return moved(look_up(table, t), t.device)


def beside(a: torch.Tensor, x: torch.Tensor) -> torch.Tensor:
    """A number for each row, (B,), ready to be multiplied with x (B, *D): its rank, dtype, device.

    Example:
        >>> beside(torch.tensor([1.0, 2.0], dtype=torch.float64), torch.zeros(2, 3)).tolist()
        [[1.0], [2.0]]
    """
    return a.to(x).reshape(-1, *[1] * (x.ndim - 1))


def _check_beta(beta: torch.Tensor) -> None:
    if not isinstance(beta, torch.Tensor) or beta.ndim != 1 or len(beta) < 2:
        what = getattr(beta, "shape", None) or type(beta).__name__
        raise ValueError(f"beta is {what}, wanted a tensor of shape (T+1,) with T of 1 or more")
    if beta.device.type != "cpu":
        return
    if beta[0] != 0:
        raise ValueError(f"beta[0] is {beta[0]:.3g}, wanted 0: entry t belongs to step t, from 1")
    if not ((beta[1:] > 0) & (beta[1:] < 1)).all():
        raise ValueError(
            f"beta runs from {beta[1:].min():.3g} to {beta[1:].max():.3g}, "
            "wanted numbers above 0 and below 1"
        )
