"""A mixture of Gaussians under the forward process: density, score and best predictions, exactly.

    x_0 ~ sum_k w_k N(m_k, v_k I),
    x_t ~ sum_k w_k N(sqrt(alpha_bar_t) m_k, (alpha_bar_t v_k + 1 - alpha_bar_t) I).

Here t = 0 is allowed: clean data. Taught in: chapter 05.
"""

import math
from collections.abc import Callable

import torch

from dgm.data.toys import EIGHT_SIGMA, eight_centers
from dgm.diffusion import PREDICTS
from dgm.prediction import training_target
from dgm.schedule import NoiseSchedule, at
from dgm.validate import shapes

ANY_STEP = "B: int in 0..schedule.T"


class GaussianMixture:
    """Data of which everything is known, and the perfect denoiser for them.

    Args:
        weights: (K,) shares of the components, which add up to 1.
        means: (K, D).
        variances: (K,) of each entry; 0 makes a component a point.

    Raises:
        ValueError: if shapes or dtypes do not agree, or the weights do not add up to 1.

    Source: Song et al. 2021 (arXiv 2011.13456), for the score. Taught in: chapter 05.

    Example:
        >>> point = GaussianMixture(torch.ones(1), torch.tensor([[3.0]]), torch.zeros(1))
        >>> point.sample(2).tolist()
        [[3.0], [3.0]]
    """

    @shapes(weights="K: number, share", means="K D: number", variances="K: number, nonnegative")
    def __init__(self, weights: torch.Tensor, means: torch.Tensor, variances: torch.Tensor) -> None:
        if weights.device.type == "cpu" and abs(float(weights.sum()) - 1) > 1e-5:
            raise ValueError(f"weights add up to {float(weights.sum()):.6g}, wanted 1")
        self.weights, self.means, self.variances = weights, means, variances

    @classmethod
    def eight(cls, dtype: torch.dtype | None = None) -> "GaussianMixture":
        """The toy data `eight_gaussians` of `dgm.data`."""
        means = eight_centers().to(dtype or torch.get_default_dtype())
        return cls(means.new_full((8,), 1 / 8), means, means.new_full((8,), EIGHT_SIGMA**2))

    def sample(self, n: int, generator: torch.Generator | None = None) -> torch.Tensor:
        """Draw x_0 (n, D)."""
        if n < 1:
            raise ValueError(f"n is {n}, wanted 1 or more")
        k = torch.multinomial(self.weights, n, replacement=True, generator=generator)
        m = self.means[k]
        eps = torch.randn(m.shape, generator=generator, dtype=m.dtype, device=m.device)
        return m + self.variances[k, None].sqrt() * eps

    @shapes(xt="B D: number", t=ANY_STEP)
    def log_prob(self, xt: torch.Tensor, t: torch.Tensor, schedule: NoiseSchedule) -> torch.Tensor:
        """log q(x_t) (B,), in nats, at xt (B, D) and steps t (B,) in 0..T."""
        return torch.logsumexp(self._joint(xt, *self._pull(xt, t, schedule)), 1)

    @shapes(xt="B D: number", t=ANY_STEP)
    def score(self, xt: torch.Tensor, t: torch.Tensor, schedule: NoiseSchedule) -> torch.Tensor:
        """The gradient (B, D) of `log_prob` in xt: where more density lies, and how steeply.

        Each component pulls towards its mean, with the share that it has of the density at xt:
        sum_k r_k (sqrt(alpha_bar_t) m_k - x_t) / (alpha_bar_t v_k + 1 - alpha_bar_t).
        """
        pull, spread = self._pull(xt, t, schedule)
        share = torch.softmax(self._joint(xt, pull, spread), 1)
        return ((share / spread)[..., None] * pull).sum(1)

    @shapes(xt="B D: number", t=ANY_STEP)
    def predict_x0(
        self, xt: torch.Tensor, t: torch.Tensor, schedule: NoiseSchedule
    ) -> torch.Tensor:
        """E[x_0 | x_t] (B, D), the best prediction of the data by squared error."""
        pull, spread = self._pull(xt, t, schedule)
        share = torch.softmax(self._joint(xt, pull, spread), 1)
        gain = at(schedule.alpha_bar.sqrt(), t, xt) * self.variances.to(xt) / spread  # (B, K)
        inside = self.means.to(xt) - gain[..., None] * pull  # E[x_0 | x_t, k], (B, K, D)
        return (share[..., None] * inside).sum(1)

    @shapes(xt="B D: number", t=ANY_STEP)
    def predict_eps(
        self, xt: torch.Tensor, t: torch.Tensor, schedule: NoiseSchedule
    ) -> torch.Tensor:
        """E[eps | x_t] (B, D), the best prediction of the noise: a multiple of the score."""
        return -at((1 - schedule.alpha_bar).sqrt(), t, xt) * self.score(xt, t, schedule)

    def as_model(
        self, schedule: NoiseSchedule, predicts: str = "eps"
    ) -> Callable[[torch.Tensor, torch.Tensor], torch.Tensor]:
        """The best network that there can be: `model(xt, t)`, which `predicts` eps, x0 or v.

        Raises:
            ValueError: for another `predicts`.
        """
        if predicts not in PREDICTS:
            raise ValueError(f"predicts is {predicts!r}, wanted one of {PREDICTS}")

        def model(xt: torch.Tensor, t: torch.Tensor) -> torch.Tensor:
            x0_hat, eps_hat = self.predict_x0(xt, t, schedule), self.predict_eps(xt, t, schedule)
            return training_target(x0_hat, eps_hat, t, schedule, predicts)

        return model

    def _pull(
        self, xt: torch.Tensor, t: torch.Tensor, schedule: NoiseSchedule
    ) -> tuple[torch.Tensor, torch.Tensor]:
        """From xt to the mean of each component (B, K, D), and the components' variances (B, K)."""
        if xt.shape[1] != self.means.shape[1]:
            raise ValueError(
                f"xt has shape {tuple(xt.shape)}, wanted (B, D) with D={self.means.shape[1]}"
            )
        means = at(schedule.alpha_bar.sqrt(), t, xt)[..., None] * self.means.to(xt)
        noise = at(1 - schedule.alpha_bar, t, xt)
        spread = at(schedule.alpha_bar, t, xt) * self.variances.to(xt) + noise
        return means - xt[:, None], spread

    def _joint(self, xt: torch.Tensor, pull: torch.Tensor, spread: torch.Tensor) -> torch.Tensor:
        """log w_k + log N(x_t; component k) (B, K), from what `_pull` gives."""
        log_det = xt.shape[1] * torch.log(2 * math.pi * spread)
        return self.weights.to(xt).log() - (log_det + (pull**2).sum(2) / spread) / 2
