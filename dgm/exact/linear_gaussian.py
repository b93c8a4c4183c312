"""The linear-Gaussian latent-variable model: a VAE of which everything is known.

    p(z) = N(0, I),    p(x|z) = N(W z + b, sigma^2 I),    so    p(x) = N(b, W W^T + sigma^2 I).

The posterior is N(P^-1 W^T (x - b) / sigma^2, P^-1) with the precision P = I + W^T W / sigma^2.
Where the columns of W are orthogonal, P is diagonal, and an encoder can be exact.

Source: Tipping and Bishop 1999 (JRSS B 61), Probabilistic principal component analysis.
Taught in: chapter 03.
"""

import math
from typing import Self

import torch
from torch import nn

from dgm.exact.pca import principal_components
from dgm.vae import VAE
from dgm.validate import check_input, shapes


class LinearGaussian(nn.Module):
    """A linear decoder with Gaussian noise, and the best encoder there is for it.

    Args:
        weight: (d, K), W.
        bias: (d,), b.
        sigma: the standard deviation of the noise, above 0.

    Source: Tipping and Bishop 1999. Taught in: chapter 03.

    Example:
        >>> model = LinearGaussian(torch.ones(1, 1), torch.zeros(1), sigma=2.0)
        >>> model.covariance().tolist()
        [[5.0]]
    """

    weight: torch.Tensor
    bias: torch.Tensor

    @shapes(weight="d K: number", bias="d: number")
    def __init__(self, weight: torch.Tensor, bias: torch.Tensor, sigma: float) -> None:
        if not 0 < sigma < math.inf:
            raise ValueError(f"sigma is {sigma}, wanted a number above 0")
        super().__init__()
        self.register_buffer("weight", weight)
        self.register_buffer("bias", bias)
        self.sigma = sigma

    @classmethod
    def fit(cls, x: torch.Tensor, k: int) -> Self:
        """Maximum likelihood on x (B, d), in closed form, with k below d; W has orthogonal columns.

        Source: Tipping and Bishop 1999, eq. 7 and 8.
        """
        mean, components = principal_components(x, k)
        flat = x.flatten(1) - mean
        variance = ((flat @ components.T) ** 2).mean(0)  # (k,)
        rest = ((flat**2).sum(1).mean() - variance.sum()) / (flat.shape[1] - k)
        scale = (variance - rest).clamp(min=0).sqrt()
        return cls(components.T * scale, mean, rest.sqrt().item())

    def precision(self) -> torch.Tensor:
        """The posterior's precision P (K, K), the same for every x."""
        eye = torch.eye(self.weight.shape[1], dtype=self.weight.dtype, device=self.weight.device)
        return eye + self.weight.T @ self.weight / self.sigma**2

    @shapes(x="B d: number")
    def posterior_mean(self, x: torch.Tensor) -> torch.Tensor:
        """The posterior's mean (B, K), for x (B, d)."""
        check_input(self, "x", x, len(self.bias))
        projected = (x - self.bias) @ self.weight / self.sigma**2  # (B, K)
        return torch.linalg.solve(self.precision(), projected.T).T

    def encoder(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The best Gaussian q(z|x) with a diagonal covariance: mu and logvar, each (B, K).

        It is the posterior itself where the columns of W are orthogonal; else `gap` is left.
        """
        mu = self.posterior_mean(x)
        return mu, -self.precision().diagonal().log().expand_as(mu)

    def decoder(self, z: torch.Tensor) -> torch.Tensor:
        """The mean (B, d) of x, for z (B, K)."""
        check_input(self, "z", z, self.weight.shape[1])
        return z @ self.weight.T + self.bias

    def gap(self) -> torch.Tensor:
        """KL(q(z|x) || p(z|x)) of the encoder, the same for every x: log p(x) less the ELBO.

        1/2 (sum_k log P_kk - log det P), 0 where P is diagonal.
        """
        precision = self.precision()
        return (precision.diagonal().log().sum() - torch.logdet(precision)) / 2

    def vae(self) -> VAE:
        """This model as a `VAE` with the likelihood "gaussian"."""
        model = VAE(self.encoder, self.decoder, self.weight.shape[1], "gaussian", self.sigma)
        model.add_module("oracle", self)  # so that it moves along
        return model

    def covariance(self) -> torch.Tensor:
        """The covariance (d, d) of x, W W^T + sigma^2 I."""
        eye = torch.eye(len(self.weight), dtype=self.weight.dtype, device=self.weight.device)
        return self.weight @ self.weight.T + self.sigma**2 * eye

    @shapes(x="B d: number")
    def log_prob(self, x: torch.Tensor) -> torch.Tensor:
        """The exact log-density log p(x) (B,) of x (B, d), in nats."""
        check_input(self, "x", x, len(self.bias))
        root = torch.linalg.cholesky(self.covariance())
        white = torch.linalg.solve_triangular(root, (x - self.bias).T, upper=False)  # (d, B)
        log_det = 2 * root.diagonal().log().sum()
        return ((white**2).sum(0) + log_det + len(self.weight) * math.log(2 * math.pi)) / -2

    def sample(self, n: int, generator: torch.Generator | None = None) -> torch.Tensor:
        """Draw x (n, d) from the model; the generator is on the model's device."""
        size = (n, sum(self.weight.shape))  # noise for z, and for x
        dtype, device = self.weight.dtype, self.weight.device
        eps = torch.randn(size, generator=generator, dtype=dtype, device=device)
        z, noise = eps.split([self.weight.shape[1], self.weight.shape[0]], dim=1)
        return self.decoder(z) + self.sigma * noise
