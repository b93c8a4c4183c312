"""Small parts for the tips that GANs are trained by; the others are options of what there is.

As options: one-sided label smoothing (`smooth`), Adam's beta1 and two time scales (two
optimizers), more steps of the discriminator (`k`), leaky ReLU and dropout (layers).

Source: the lists of Salimans et al. 2016 (arXiv 1606.03498) and of github.com/soumith/ganhacks.
Taught in: chapter 04.
"""

import torch
from torch import nn


class FadingNoise(nn.Module):
    """Gaussian noise on the discriminator's inputs, data and samples alike, that fades away.

    Its standard deviation falls from `sigma` to 0 along a line while the layer is called `calls`
    times in training: three times for a step of each player, twice more for each further step of
    the discriminator. There is none in evaluation.

    Source: Arjovsky and Bottou 2017 (arXiv 1701.04862), section 3. Taught in: chapter 04.

    Example:
        >>> noise = FadingNoise(sigma=1.0, calls=2)
        >>> [noise(torch.zeros(1)).item() == 0 for _ in range(3)]
        [False, False, True]
    """

    def __init__(self, sigma: float, calls: int, generator: torch.Generator | None = None) -> None:
        super().__init__()
        self.sigma, self.calls, self.generator, self.done = sigma, calls, generator, 0

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From x (B, *D) to (B, *D)."""
        if not self.training or self.done >= self.calls:
            return x
        sigma = self.sigma * (1 - self.done / self.calls)
        self.done += 1
        eps = torch.randn(x.shape, generator=self.generator, dtype=x.dtype, device=x.device)
        return x + sigma * eps


class UniformCodes(nn.Module):
    """Turn codes of N(0, 1) into uniform ones with the same mean and variance, 0 and 1.

    Put first in a generator, it is what remains of the tip "sample z from a Gaussian": the other
    choice. Taught in: chapter 04.

    Example:
        >>> UniformCodes()(torch.tensor([[-9.0, 0.0, 9.0]]))
        tensor([[-1.7321,  0.0000,  1.7321]])
    """

    def forward(self, z: torch.Tensor) -> torch.Tensor:
        """From z (B, K) to (B, K), between -sqrt(3) and sqrt(3)."""
        return 3**0.5 * torch.erf(z / 2**0.5)
