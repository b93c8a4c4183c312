"""The Markovian hierarchical VAE on chains of which everything is known.

The encoder is the forward chain q(x_1|x_0) ... q(x_T|x_{T-1}) of a diffusion, the decoder a chain
p(x_T) p(x_{T-1}|x_T) ... p(x_0|x_1) of Gaussians whose means are linear. Then each expectation in
the ELBO has a closed form, and so has log p(x_0).

Source: Luo 2022 (arXiv 2208.11970), "Variational Diffusion Models". Taught in: chapter 05.
"""

import math
from dataclasses import dataclass

import torch

from dgm.diffusion import STEP, forward_step
from dgm.distributions import kl_normal, normal_log_prob
from dgm.schedule import NoiseSchedule, at, reverse_variance
from dgm.validate import shapes


@shapes(mean_q="B *D: number", mean_p="B *D: number", var="B *E: number, positive")
def kl_equal_variance(
    mean_q: torch.Tensor, mean_p: torch.Tensor, var: torch.Tensor
) -> torch.Tensor:
    """KL(q || p) of two Gaussians with the same variance: their squared distance, scaled.

    ||mean_q - mean_p||^2 / (2 var), summed over the event, in nats.

    Args:
        mean_q, mean_p: (B, *D) means.
        var: (B,) or (B, 1, ..., 1), as `q_posterior` gives it: one variance for each row.

    Returns:
        (B,).

    Raises:
        ValueError: if shapes or dtypes do not agree, or a variance is not above 0.

    Source: Luo 2022 (arXiv 2208.11970), eq. 87 to 92. Taught in: chapter 05.

    Example:
        >>> mean_q, var = torch.tensor([[3.0, 4.0]]), torch.tensor([0.5])
        >>> kl_equal_variance(mean_q, torch.zeros(1, 2), var).tolist()
        [25.0]
    """
    var = var.reshape(*var.shape, *[1] * (mean_q.ndim - var.ndim))  # (B,) to (B, 1, ..., 1)
    return ((mean_q - mean_p) ** 2 / (2 * var)).reshape(len(mean_q), -1).sum(1)


@dataclass
class GaussianChain:
    """A decoder p(x_{t-1} | x_t) = N(slope_t x_t + offset_t, var_t I), p(x_T) = N(prior).

    Attributes:
        slope, offset, var: (T+1,) float64, the same for every entry of x; entry 0 is not used.
        prior_mean, prior_var: of p(x_T).

    Source: Luo 2022 (arXiv 2208.11970), "Variational Diffusion Models". Taught in: chapter 05.

    Example:
        >>> chain = GaussianChain(slope=torch.ones(3), offset=torch.zeros(3), var=torch.ones(3))
        >>> chain.marginals()[1].tolist()  # the variances of p(x_0), p(x_1), p(x_2)
        [3.0, 2.0, 1.0]
    """

    slope: torch.Tensor
    offset: torch.Tensor
    var: torch.Tensor
    prior_mean: float = 0.0
    prior_var: float = 1.0

    @classmethod
    def ideal(
        cls, schedule: NoiseSchedule, mean: float, var: float, variance: str = "exact"
    ) -> "GaussianChain":
        """The decoder that knows that the data are N(mean, var I): its means are the best.

        Args:
            schedule: of the encoder.
            mean, var: of each entry of x_0.
            variance: "exact", that of q(x_{t-1} | x_t), or "beta" or "beta_tilde", which the
                sampler of DDPM takes for it.

        With "exact" and the prior q(x_T) in place of N(0, 1) the decoder is the encoder reversed.
        """
        ab, before = schedule.alpha_bar, schedule.alpha_bar.roll(1)
        on_x0 = before.sqrt() * schedule.beta / (1 - ab)  # the coefficients of q_posterior
        on_xt = schedule.alpha.sqrt() * (1 - before) / (1 - ab)
        gain = ab.sqrt() * var / (ab * var + 1 - ab)  # E[x0|xt] = mean + gain (xt - E[xt])
        left = var * (1 - ab) / (ab * var + 1 - ab)  # Var[x0|xt]
        if variance == "exact":
            step = schedule.beta_tilde + on_x0**2 * left
        else:
            step = reverse_variance(schedule, variance)
        return cls(on_x0 * gain + on_xt, on_x0 * mean * (1 - gain * ab.sqrt()), step)

    def marginals(self) -> tuple[torch.Tensor, torch.Tensor]:
        """Mean and variance (T+1,) of each p(x_t), by recursion from t = T down to 0."""
        mean, var = torch.empty_like(self.slope), torch.empty_like(self.slope)
        mean[-1], var[-1] = self.prior_mean, self.prior_var
        for t in range(len(self.slope) - 1, 0, -1):
            mean[t - 1] = self.slope[t] * mean[t] + self.offset[t]
            var[t - 1] = self.slope[t] ** 2 * var[t] + self.var[t]
        return mean, var

    @shapes(x0="B *D: number")
    def log_prob(self, x0: torch.Tensor) -> torch.Tensor:
        """The exact log p(x_0) (B,), in nats: all latents integrated out."""
        mean, var = self.marginals()
        return _log_normal(x0, mean[0], var[0])


@shapes(x0="B *D: float")
def forward_path(
    x0: torch.Tensor, schedule: NoiseSchedule, generator: torch.Generator | None = None
) -> torch.Tensor:
    """A draw of the encoder: x_0, x_1, ..., x_T (T+1, B, *D), one step after the other.

    Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> forward_path(torch.zeros(5, 2), NoiseSchedule.linear(T=10)).shape
        torch.Size([11, 5, 2])
    """
    path = [x0]
    for i in range(1, schedule.T + 1):
        t = torch.full((len(x0),), i, device=x0.device)
        eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype, device=x0.device)
        path.append(forward_step(path[-1], t, eps, schedule))
    return torch.stack(path)


@shapes(path="N B *D: number")
def path_elbo(path: torch.Tensor, schedule: NoiseSchedule, chain: GaussianChain) -> torch.Tensor:
    """log p(x_0, ..., x_T) - log q(x_1, ..., x_T | x_0) (B,) of a path (T+1, B, *D).

    Its mean over the encoder's paths is the ELBO, in nats. Where the decoder is the encoder
    reversed, it is log p(x_0) on every path. A path of another length is a `ValueError`.

    Source: Luo 2022 (arXiv 2208.11970), "Variational Diffusion Models". Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> s, x0 = NoiseSchedule.linear(T=10), torch.zeros(1, 1)
        >>> round(path_elbo(forward_path(x0, s), s, GaussianChain.ideal(s, 0.0, 1.0)).item(), 3)
        -0.919
    """
    if len(path) != schedule.T + 1:
        raise ValueError(f"path has {len(path)} points, wanted T+1 = {schedule.T + 1}")
    value = _log_normal(path[-1], chain.prior_mean, chain.prior_var)
    for t in range(1, schedule.T + 1):
        p_mean = chain.slope[t] * path[t] + chain.offset[t]
        q_mean = schedule.alpha[t].sqrt() * path[t - 1]
        value = value + _log_normal(path[t - 1], p_mean, chain.var[t])
        value = value - _log_normal(path[t], q_mean, schedule.beta[t])
    return value


@shapes(x0="B *D: number")
def elbo_before(x0: torch.Tensor, schedule: NoiseSchedule, chain: GaussianChain) -> torch.Tensor:
    """The exact ELBO (B,) as it is defined, before the theorem: the mean of `path_elbo`.

    E[log p(x_T)] + sum_t E[log p(x_{t-1}|x_t) - log q(x_t|x_{t-1})] over q(x_1, ..., x_T | x_0),
    in nats. All expectations are of squares of Gaussians, whose covariances are known.

    Source: Luo 2022 (arXiv 2208.11970), "Variational Diffusion Models". Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> s, x0 = NoiseSchedule.linear(T=10), torch.zeros(1, 1)
        >>> round(elbo_before(x0, s, GaussianChain.ideal(s, 0.0, 1.0)).item(), 3)  # log N(0; 0, 1)
        -0.919
    """
    dim = x0[0].numel()
    ab = schedule.alpha_bar
    spread = 1 - ab  # Var[x_t | x_0]
    value = _log_normal(ab[-1].sqrt() * x0, chain.prior_mean, chain.prior_var)
    value = value - (dim * spread[-1] / (2 * chain.prior_var)).to(x0)
    for t in range(1, schedule.T + 1):
        slope, var = chain.slope[t], chain.var[t]
        gap = (ab[t - 1].sqrt() - slope * ab[t].sqrt()) * x0  # E[x_{t-1} - slope x_t]
        shared = schedule.alpha[t].sqrt() * spread[t - 1]  # Cov[x_{t-1}, x_t]
        noise = spread[t - 1] - 2 * slope * shared + slope**2 * spread[t]
        log_q = -dim / 2 * (torch.log(2 * math.pi * schedule.beta[t]) + 1)
        value = value + _log_normal(gap, chain.offset[t], var)
        value = value - (dim * noise / (2 * var) + log_q).to(x0)
    return value


@shapes(x0="B *D: number", t=STEP)
def score_matching_term(
    x0: torch.Tensor, t: torch.Tensor, schedule: NoiseSchedule, chain: GaussianChain
) -> torch.Tensor:
    """E_q(x_t|x_0) [KL(q(x_{t-1}|x_t,x_0) || p(x_{t-1}|x_t))] (B,), exactly; `t` of 2 or more.

    Source: Luo 2022 (arXiv 2208.11970), eq. 58. Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> s, x0 = NoiseSchedule.linear(T=10), torch.zeros(1, 1)
        >>> score_matching_term(x0, torch.tensor([2]), s, GaussianChain.ideal(s, 0.0, 0.0)).item()
        0.0
    """
    ab, before = schedule.alpha_bar, schedule.alpha_bar.roll(1)
    on_x0 = before.sqrt() * schedule.beta / (1 - ab)
    on_xt = schedule.alpha.sqrt() * (1 - before) / (1 - ab)
    # q's mean less p's is (on_xt - slope) x_t + on_x0 x_0 - offset, and x_t given x_0 is Gaussian
    rest = on_xt - chain.slope
    gap = at(rest * ab.sqrt() + on_x0, t, x0) * x0 - at(chain.offset, t, x0)
    zero = torch.zeros_like(x0)
    log_q = at(schedule.beta_tilde.log(), t, x0).expand_as(x0)
    log_p = at(chain.var.log(), t, x0).expand_as(x0)
    spread = at(rest**2 * (1 - ab) / (2 * chain.var), t, x0).reshape(len(x0))
    kl = kl_normal(_rows(gap), _rows(log_q), _rows(zero), _rows(log_p))
    return kl + x0[0].numel() * spread


@shapes(x0="B *D: number")
def elbo_terms(
    x0: torch.Tensor, schedule: NoiseSchedule, chain: GaussianChain
) -> dict[str, torch.Tensor]:
    """The three terms of the theorem, exactly: the ELBO is the first less the other two.

    Args:
        x0: (B, *D) data.
        schedule: of the encoder.
        chain: the decoder.

    Returns:
        "reconstruction", E[log p(x_0|x_1)]; "prior_matching", KL(q(x_T|x_0) || p(x_T));
        "score_matching", the sum of `score_matching_term` over t = 2..T; each (B,), in nats.

    Source: Luo 2022 (arXiv 2208.11970), eq. 58. Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> s, x0 = NoiseSchedule.linear(T=10), torch.zeros(1, 1)
        >>> first, prior, score = elbo_terms(x0, s, GaussianChain.ideal(s, 0.0, 1.0)).values()
        >>> round((first - prior - score).item(), 3)  # log N(0; 0, 1)
        -0.919
    """
    ab, dim, one = schedule.alpha_bar, x0[0].numel(), torch.ones_like(_rows(x0))
    fitted = chain.slope[1] * ab[1].sqrt() * x0 + chain.offset[1]
    spread = chain.slope[1] ** 2 * (1 - ab[1]) / (2 * chain.var[1])
    score = x0.new_zeros(len(x0))
    for i in range(2, schedule.T + 1):
        score += score_matching_term(x0, torch.full_like(score, i).long(), schedule, chain)
    return {
        "reconstruction": _log_normal(x0, fitted, chain.var[1]) - (dim * spread).to(x0),
        "prior_matching": kl_normal(
            ab[-1].sqrt().to(x0) * _rows(x0),
            (1 - ab[-1]).log().to(x0) * one,
            chain.prior_mean * one,
            math.log(chain.prior_var) * one,
        ),
        "score_matching": score,
    }


def _log_normal(
    x: torch.Tensor, mean: torch.Tensor | float, var: torch.Tensor | float
) -> torch.Tensor:
    """log N(x; mean, var I) (B,), with the mean and the variance broadcast to x (B, *D)."""
    mean, var = (
        a if isinstance(a, torch.Tensor) else torch.tensor(a, dtype=torch.float64)
        for a in (mean, var)
    )
    wide = (a.to(x).expand_as(x) for a in (mean, var.log()))
    return normal_log_prob(_rows(x), *map(_rows, wide))


def _rows(x: torch.Tensor) -> torch.Tensor:
    return x.reshape(len(x), -1)  # (B, *D) to (B, K)
