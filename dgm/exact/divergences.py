"""Divergences of densities on a grid, and what each makes of a model that cannot fit.

    KL(p||q) = sum p log(p / q) dx,    2 JSD(p, q) = KL(p||m) + KL(q||m) with m = (p + q) / 2.

Taught in: chapter 04.
"""

import math

import torch

from dgm.distributions import normal_log_prob
from dgm.validate import shapes

KINDS = ("forward", "reverse")


@shapes(p="*D: number, nonnegative", q="*D: number, nonnegative")
def kl_grid(p: torch.Tensor, q: torch.Tensor, dx: float) -> torch.Tensor:
    """KL(p||q) of two densities on a grid: sum p log(p / q) dx, with 0 log 0 = 0.

    Args:
        p, q: (*D) densities at the points of the grid.
        dx: what a point of the grid stands for.

    Returns:
        A tensor without dimensions, in nats; infinite where q is 0 and p is not.

    Raises:
        ValueError: if shapes or dtypes do not agree, or a density is below 0.

    Source: Kullback and Leibler 1951. Taught in: chapter 04.

    Example:
        >>> round(kl_grid(torch.tensor([2.0, 0.0]), torch.tensor([1.0, 1.0]), dx=0.5).item(), 4)
        0.6931
    """
    return (torch.xlogy(p, p) - torch.xlogy(p, q)).sum() * dx


@shapes(p="*D: number, nonnegative", q="*D: number, nonnegative")
def jsd_grid(p: torch.Tensor, q: torch.Tensor, dx: float) -> torch.Tensor:
    """The Jensen-Shannon divergence on a grid: [KL(p||m) + KL(q||m)] / 2 with m = (p + q) / 2.

    Arguments and errors as in `kl_grid`; 0 for p = q, and log 2 at most.

    Source: Lin 1991 (IEEE Trans. Inf. Theory 37). Taught in: chapter 04.

    Example:
        >>> round(jsd_grid(torch.tensor([2.0, 0.0]), torch.tensor([0.0, 2.0]), dx=0.5).item(), 4)
        0.6931
    """
    m = (p + q) / 2
    return (kl_grid(p, m, dx) + kl_grid(q, m, dx)) / 2


@shapes(x="n: number", p="n: number, positive")
def fit_normal(
    x: torch.Tensor,
    p: torch.Tensor,
    kind: str,
    mu: float = 0.0,
    sigma: float = 1.0,
    steps: int = 500,
    lr: float = 0.05,
) -> tuple[float, float]:
    """Fit one Gaussian q to a density p by descent on a divergence.

    "forward": KL(p||q), which asks q to be wherever p is (covers modes; its minimum has p's mean
    and variance). "reverse": KL(q||p), which asks q to be nowhere where p is not (picks a mode).

    Args:
        x: (n,) an even grid, so wide that no q on the way leaves it.
        p: (n,) the density there, above 0.
        kind: one of the two.
        mu, sigma: where the descent begins.
        steps: of Adam.
        lr: its learning rate.

    Returns:
        mu and sigma of the fit.

    Raises:
        ValueError: for another kind, shape or dtype, or a density that is not above 0.

    Source: Bishop, Pattern Recognition and Machine Learning, section 10.1.2.
    Taught in: chapter 04.

    Example:
        >>> x = torch.linspace(-8, 8, 161)
        >>> p = torch.distributions.Normal(1.0, 0.5).log_prob(x).exp().clamp(min=1e-30)
        >>> [round(a, 2) for a in fit_normal(x, p, "forward")]
        [1.0, 0.5]
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}, wanted one of {KINDS}")
    dx = x[1] - x[0]
    q_of = torch.tensor([mu, 2 * math.log(sigma)], dtype=x.dtype, requires_grad=True)
    optimizer = torch.optim.Adam([q_of], lr)
    for _ in range(steps):
        mean, logvar = q_of.expand(len(x), 1, 2).unbind(2)
        log_q = normal_log_prob(x[:, None], mean, logvar)  # (n,)
        each = p * (p.log() - log_q) if kind == "forward" else log_q.exp() * (log_q - p.log())
        optimizer.zero_grad()
        (each.sum() * dx).backward()
        optimizer.step()
    return q_of[0].item(), math.exp(q_of[1].item() / 2)
