"""The best denoiser, where it is known, and what it says of the density.

For x_noisy = x + sigma eps the best guess of x is E[x | x_noisy], and it is one step uphill on
the log-density of the noisy data (Tweedie):

    E[x | x_noisy] = x_noisy + sigma^2 grad log p(x_noisy).

Taught in: chapter 02, used in chapter 05.
"""

import torch

from dgm.validate import shapes


@shapes(x_noisy="B d: number", mean="d: number", cov="d d: number")
def gaussian_denoiser(
    x_noisy: torch.Tensor, mean: torch.Tensor, cov: torch.Tensor, sigma: float
) -> torch.Tensor:
    """The best denoiser of Gaussian data: the mean of x given x + sigma eps.

    mean + cov (cov + sigma^2 I)^-1 (x_noisy - mean). Along an axis of variance v what is seen
    is drawn to the mean by the share v / (v + sigma^2).

    Args:
        x_noisy: (B, d) data with noise of N(0, sigma^2).
        mean: (d,) of the clean data.
        cov: (d, d) of the clean data; it may be singular if sigma is above 0.
        sigma: the noise's standard deviation.

    Returns:
        (B, d).

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Bishop, Pattern Recognition and Machine Learning, eq. 2.81. Taught in: chapter 02.

    Example:
        >>> x_noisy = torch.tensor([[4.0]])
        >>> gaussian_denoiser(x_noisy, torch.zeros(1), torch.eye(1), sigma=1.0).tolist()
        [[2.0]]
    """
    noisy_cov = cov + sigma**2 * torch.eye(len(cov), dtype=cov.dtype, device=cov.device)
    return mean + (x_noisy - mean) @ torch.linalg.solve(noisy_cov, cov)


@shapes(x_noisy="B *D: number", denoised="B *D: number")
def tweedie_score(x_noisy: torch.Tensor, denoised: torch.Tensor, sigma: float) -> torch.Tensor:
    """The score of the noisy data, by Tweedie's formula: (denoised - x_noisy) / sigma^2.

    Args:
        x_noisy: (B, *D) data with noise of N(0, sigma^2).
        denoised: (B, *D) the best guess of the clean data, E[x | x_noisy].
        sigma: the noise's standard deviation, above 0.

    Returns:
        (B, *D), the gradient of log p(x_noisy).

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Efron 2011 (JASA 106), eq. 1.4; Vincent 2011 (Neural Computation 23).
    Taught in: chapter 02.

    Example:
        >>> tweedie_score(torch.tensor([[4.0]]), torch.tensor([[2.0]]), sigma=2.0).tolist()
        [[-0.5]]
    """
    return (denoised - x_noisy) / sigma**2
