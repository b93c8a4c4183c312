"""Gaussian and Bernoulli distributions of independent entries: log-densities and divergences.

    log N(x; mu, sigma^2) = -1/2 [log(2 pi) + log sigma^2 + (x - mu)^2 / sigma^2].

A Gaussian is given by its mean `mu` and the logarithm of its variance, `logvar`. Densities and
divergences are sums over the event: one number for each row of the batch. Taught in: chapter 03.
"""

import math

import torch

from dgm.validate import shapes


@shapes(x="B *D: number", mu="B *D: number", logvar="B *D: number")
def normal_log_prob(x: torch.Tensor, mu: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """The log-density of a Gaussian with a diagonal covariance, summed over the event.

    sum_j log N(x_j; mu_j, exp(logvar_j)), in nats.

    Args:
        x: (B, *D) points.
        mu: (B, *D) means.
        logvar: (B, *D) logarithms of variances, not of standard deviations.

    Returns:
        (B,).

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Kingma and Welling 2014 (arXiv 1312.6114), appendix C.2. Taught in: chapter 03.

    Example:
        >>> zero = torch.zeros(1, 2)
        >>> round(normal_log_prob(zero, zero, zero).exp().item(), 4)  # 0.3989 for each entry
        0.1592
    """
    each = (math.log(2 * math.pi) + logvar + (x - mu) ** 2 * torch.exp(-logvar)) / -2
    return each.reshape(len(each), -1).sum(1)


@shapes(x="B *D: number, share", logits="B *D: number")
def bernoulli_log_prob(x: torch.Tensor, logits: torch.Tensor) -> torch.Tensor:
    """The log-probability of independent coins, summed over the event.

    sum_j x_j log p_j + (1 - x_j) log(1 - p_j) with p = sigmoid(logits), in nats. Where p rounds
    to 0 or 1 its logarithm is lost: never form p itself.

    Args:
        x: (B, *D) outcomes 0 and 1. Grey levels between 0 and 1 give what is often called the
            binary cross-entropy; for them it is no normalised likelihood.
        logits: (B, *D) log-odds.

    Returns:
        (B,).

    Raises:
        ValueError: if shapes or dtypes do not agree, or `x` has values below 0 or above 1.

    Source: Kingma and Welling 2014 (arXiv 1312.6114), appendix C.1. Taught in: chapter 03.

    Example:
        >>> two_heads, fair = torch.ones(1, 2), torch.zeros(1, 2)
        >>> round(bernoulli_log_prob(two_heads, fair).exp().item(), 4)
        0.25
    """
    heads = torch.nn.functional.logsigmoid(logits)
    tails = torch.nn.functional.logsigmoid(-logits)
    return (x * heads + (1 - x) * tails).reshape(len(x), -1).sum(1)


@shapes(mu="B *D: number", logvar="B *D: number")
def kl_standard_normal(mu: torch.Tensor, logvar: torch.Tensor) -> torch.Tensor:
    """KL(N(mu, sigma^2) || N(0, 1)), summed over the event.

    1/2 sum_j (mu_j^2 + sigma_j^2 - 1 - log sigma_j^2), in nats; 0 or more.

    Args:
        mu: (B, *D) means.
        logvar: (B, *D) logarithms of variances.

    Returns:
        (B,).

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Kingma and Welling 2014 (arXiv 1312.6114), appendix B. Taught in: chapter 03.

    Example:
        >>> kl_standard_normal(torch.tensor([[3.0, 4.0]]), torch.zeros(1, 2)).tolist()
        [12.5]
    """
    return (mu**2 + torch.expm1(logvar) - logvar).reshape(len(mu), -1).sum(1) / 2


@shapes(mu_q="B *D: number", logvar_q="B *D: number", mu_p="B *D: number", logvar_p="B *D: number")
def kl_normal(
    mu_q: torch.Tensor, logvar_q: torch.Tensor, mu_p: torch.Tensor, logvar_p: torch.Tensor
) -> torch.Tensor:
    """KL(q || p) of two Gaussians with diagonal covariances, summed over the event.

    1/2 sum_j [log(var_p / var_q) + (var_q + (mu_q - mu_p)^2) / var_p - 1], in nats; 0 or more,
    and not symmetric.

    Args:
        mu_q, logvar_q: (B, *D) mean and log-variance of q, over which the expectation is taken.
        mu_p, logvar_p: (B, *D) those of p.

    Returns:
        (B,).

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Bishop, Pattern Recognition and Machine Learning, exercise 2.13.
    Taught in: chapters 03 and 05.

    Example:
        >>> zero = torch.zeros(1, 1)
        >>> kl_normal(zero, zero, zero + 2, zero).tolist()
        [2.0]
    """
    ratio = torch.expm1(logvar_q - logvar_p)  # var_q / var_p - 1, also where they are almost equal
    distance = (mu_q - mu_p) ** 2 * torch.exp(-logvar_p)
    each = logvar_p - logvar_q + ratio + distance
    return each.reshape(len(each), -1).sum(1) / 2


@shapes(mu="B *D: float", logvar="B *D: float", eps="B *D: float")
def reparameterize(mu: torch.Tensor, logvar: torch.Tensor, eps: torch.Tensor) -> torch.Tensor:
    """A sample of N(mu, sigma^2) as a differentiable function of standard noise: mu + sigma eps.

    Args:
        mu: (B, *D) means.
        logvar: (B, *D) logarithms of variances; sigma is the standard deviation.
        eps: (B, *D) draws of N(0, 1), a fresh one for every entry.

    Returns:
        (B, *D), through which gradients reach `mu` and `logvar`.

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Kingma and Welling 2014 (arXiv 1312.6114), section 2.4. Taught in: chapter 03.

    Example:
        >>> one, variance = torch.ones(1, 1), torch.full((1, 1), 4.0)
        >>> round(reparameterize(one, variance.log(), eps=one).item(), 4)
        3.0
    """
    return mu + torch.exp(logvar / 2) * eps


@shapes(center="*D: number", half="*D: number, positive")
def interval_log_prob(center: torch.Tensor, half: torch.Tensor) -> torch.Tensor:
    """log P(center - half < Z < center + half) for a standard normal Z, exact far out.

    With Phi the distribution function: log[Phi(b) - Phi(a)] = log Phi(b) + log(1 - e^d) with
    d = log Phi(a) - log Phi(b). By symmetry the interval is first moved to the left of 0, where
    log Phi keeps its digits. In a narrow interval d is lost to rounding; there the density
    times the width is exact to the last places.

    Args:
        center: the middle of each interval, any shape.
        half: half its width, above 0, of the same shape.

    Returns:
        The shape of `center`, with finite gradients.

    Raises:
        ValueError: if shapes or dtypes do not agree, or a width is not above 0.

    Taught in: chapter 03.

    Example:
        >>> zero, one = torch.tensor(0.0), torch.tensor(1.0)
        >>> round(interval_log_prob(zero, one).exp().item(), 4)  # within one standard deviation
        0.6827
    """
    c = center.abs()
    log_b = torch.special.log_ndtr(half - c)
    log_a = torch.special.log_ndtr(-half - c)
    narrow = half * (1 + c) < torch.finfo(c.dtype).eps ** (1 / 3)
    d = torch.where(narrow, -1.0, log_a - log_b)
    density = torch.log(2 * half) - (c**2 + math.log(2 * math.pi)) / 2
    return torch.where(narrow, density, log_b + torch.log(-torch.expm1(d)))


@shapes(x="B *D: number, grey", mu="B *D: number", logvar="B *D: number")
def discretized_gaussian_log_prob(
    x: torch.Tensor, mu: torch.Tensor, logvar: torch.Tensor, levels: int
) -> torch.Tensor:
    """The log-probability that a Gaussian gives to quantised data, summed over the event.

    The values -1, ..., 1 of `levels` grey levels stand 2/(levels-1) apart. That of x_j has the
    mass of N(mu_j, exp(logvar_j)) between x_j - 1/(levels-1) and x_j + 1/(levels-1). The bin of
    -1 reaches down to -infinity and that of 1 up to infinity, so that all bins add up to 1.

    Args:
        x: (B, *D) quantised data in [-1, 1].
        mu: (B, *D) means.
        logvar: (B, *D) logarithms of variances.
        levels: the number of grey levels, 2 or more.

    Returns:
        (B,), in nats; 0 or less. Over the number of dimensions and -log 2, bits per dimension.

    Raises:
        ValueError: if shapes or dtypes do not agree, `x` has values beyond -1 and 1, or `levels` is
            below 2.

    Source: Ho et al. 2020 (arXiv 2006.11239), eq. 13. Taught in: chapter 03.

    Example:
        >>> zero = torch.zeros(1, 1)
        >>> round(discretized_gaussian_log_prob(zero + 1, zero, zero, levels=2).exp().item(), 4)
        0.5
    """
    if levels < 2:
        raise ValueError(f"levels is {levels}, wanted 2 or more")
    half = 1 / (levels - 1)
    scale = torch.exp(-logvar / 2)
    center, width = (x - mu) * scale, half * scale
    inside = interval_log_prob(center, width)
    beyond = torch.special.log_ndtr(width - x.sign() * center)  # the open bins of -1 and of 1
    return torch.where(x.abs() > 1 - half, beyond, inside).reshape(len(x), -1).sum(1)


@shapes(x="...: float")
def quantize(x: torch.Tensor, levels: int) -> torch.Tensor:
    """The grey level nearest to each value, as `discretized_gaussian_log_prob` cuts the line.

    Args:
        x: values, any shape.
        levels: the number of grey levels from -1 to 1, 2 or more.

    Returns:
        The shape of `x`, quantised; what lies beyond -1 and 1 becomes -1 and 1.

    Raises:
        ValueError: if `x` is not such a tensor.

    Taught in: chapter 03.

    Example:
        >>> quantize(torch.tensor([-0.3, 0.6, 7.0]), levels=3).tolist()
        [0.0, 1.0, 1.0]
    """
    half = (levels - 1) / 2
    return ((x * half + half).round() / half - 1).clamp(-1, 1)
