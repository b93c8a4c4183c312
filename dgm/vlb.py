"""The variational bound of a trained diffusion model: log p(x_0) in nats, from below.

Source: Ho et al. 2020 (arXiv 2006.11239), eq. 5 and section 3.3. Taught in: chapter 06.
"""

import torch

from dgm.diffusion import posterior_mean_from_eps, q_posterior, q_sample
from dgm.distributions import discretized_gaussian_log_prob, kl_normal, kl_standard_normal
from dgm.precision import wide
from dgm.sampling import Model, estimate
from dgm.schedule import NoiseSchedule, at, reverse_variance
from dgm.validate import shapes


@torch.no_grad()
@shapes(x0="B *D: float")
def vlb(
    model: Model,
    x0: torch.Tensor,
    schedule: NoiseSchedule,
    levels: int = 256,
    generator: torch.Generator | None = None,
    *,
    predicts: str = "eps",
    variance: str = "beta_tilde",
    steps: int | None = None,
    clip: tuple[float, float] | None = None,
) -> dict[str, torch.Tensor]:
    """The three terms of the bound for quantised data: the ELBO is the first less the other two.

    One x_t is drawn for each row and each step; no gradient is kept. In step t = 1 the sampler
    adds no noise, but a point has no likelihood: there p(x_0|x_1) has the variance that
    `reverse_variance` gives, and the mass of its Gaussian in the bin of x_0 counts.

    Args:
        model: any callable `model(xt, t)`.
        x0: (B, *D) data of `levels` grey levels in [-1, 1].
        schedule: the noise schedule.
        levels: the number of grey levels.
        generator: where the randomness comes from; on the device of `x0`.
        predicts: what the model predicts, "eps", "x0" or "v".
        variance: of the reverse steps, "beta" or "beta_tilde".
        steps: how many of the steps 2..T are tried, drawn without replacement for the whole
            batch; the sum is scaled up, so that its expectation is the same. None tries all.
        clip: the range (lo, hi) into which the predicted x0 is brought.

    Returns:
        "reconstruction", E[log p(x_0|x_1)]; "prior_matching", KL(q(x_T|x_0) || N(0, I));
        "score_matching", the sum over t = 2..T of KL(q(x_{t-1}|x_t,x_0) || p(x_{t-1}|x_t));
        each (B,), in nats. -ELBO / (dimensions * log 2) is bits per dimension.

    Raises:
        ValueError: if `x0` is no such tensor, or for other `predicts`, `variance`, `steps`.

    Source: Ho et al. 2020 (arXiv 2006.11239), eq. 5 and 13. Taught in: chapter 06.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> right, x0 = lambda xt, t: 0 * xt, torch.zeros(2, 3)
        >>> terms = vlb(right, x0, NoiseSchedule.linear(T=5), levels=3, predicts="x0")
        >>> terms["score_matching"].abs().round(decimals=4).tolist()
        [0.0, 0.0]
    """
    log_var, seen = reverse_variance(schedule, variance).log(), x0.dtype
    x0 = wide(x0)
    last, rows = schedule.alpha_bar[-1], x0.reshape(len(x0), -1)  # (B, D)
    one = torch.ones_like(rows)

    def reverse(i: int) -> tuple[torch.Tensor, ...]:
        """A draw of x_i at t = i, and mean and log-variance (B, D) of p(x_{i-1} | x_i)."""
        t = torch.full((len(x0),), i, device=x0.device)
        eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype, device=x0.device)
        xt = q_sample(x0, t, eps, schedule)
        eps_hat, _ = estimate(lambda xt, t: model(xt.to(seen), t), xt, t, schedule, predicts, clip)
        mean = posterior_mean_from_eps(xt, t, eps_hat, schedule)
        return t, xt, mean.reshape_as(rows), at(log_var, t, rows) * one

    times = _times(schedule.T, steps, generator, x0.device)
    score = x0.new_zeros(len(x0))
    for i in times:
        t, xt, mean, logvar = reverse(i)
        q_mean, _ = q_posterior(x0, xt, t, schedule)
        q_logvar = at(schedule.beta_tilde.log(), t, rows) * one
        score += kl_normal(q_mean.reshape_as(rows), q_logvar, mean, logvar)
    _, _, mean, logvar = reverse(1)
    return {
        "reconstruction": discretized_gaussian_log_prob(rows, mean, logvar, levels),
        "prior_matching": kl_standard_normal(
            last.sqrt().to(x0) * rows, (1 - last).log().to(x0) * one
        ),
        "score_matching": score * ((schedule.T - 1) / max(len(times), 1)),
    }


def _times(
    T: int, steps: int | None, generator: torch.Generator | None, device: torch.device
) -> list[int]:
    """Which of the steps 2..T are tried."""
    if steps is None:
        return list(range(2, T + 1))
    if not 1 <= steps <= T - 1:
        raise ValueError(f"steps is {steps}, wanted 1 to T-1={T - 1}, or None for all")
    order = torch.randperm(T - 1, generator=generator, device=device)
    return (order[:steps] + 2).tolist()
