"""The variational autoencoder: a latent-variable model trained by a bound on log p(x).

    log p(x) >= E_q(z|x) [log p(x|z)] - KL(q(z|x) || p(z)),    p(z) = N(0, I).

All terms are nats, one number for each x of the batch: sums over pixels, never means.

Source: Kingma and Welling 2014 (arXiv 1312.6114). Taught in: chapter 03.
"""

import math
from collections.abc import Callable, Iterable, Iterator
from itertools import chain
from typing import Any

import torch
from torch import nn

from dgm.data.batches import inputs
from dgm.distributions import (
    bernoulli_log_prob,
    discretized_gaussian_log_prob,
    kl_standard_normal,
    normal_log_prob,
    quantize,
    reparameterize,
)
from dgm.nn.descent import descend
from dgm.precision import wide
from dgm.validate import check_range, shapes

LIKELIHOODS = ("bernoulli", "gaussian", "discretized_gaussian")


class VAE(nn.Module):
    """An encoder q(z|x), a decoder p(x|z), and the likelihood that the decoder's output means.

    Args:
        encoder: from x (B, *D) to `mu` and `logvar` of q(z|x), each (B, K).
        decoder: from z (B, K) to (B, *D): log-odds for "bernoulli" (x in [0, 1]); the mean for
            "gaussian"; mean and log-variance, a pair, for "discretized_gaussian" (quantised x
            in [-1, 1]).
        latent_dim: K.
        likelihood: one of the three.
        sigma: the standard deviation of "gaussian".
        levels: the number of grey levels of "discretized_gaussian".

    Raises:
        ValueError: for another likelihood, or `sigma` not above 0.

    Source: Kingma and Welling 2014 (arXiv 1312.6114). Taught in: chapter 03.

    Example:
        >>> VAE(lambda x: (x, 0 * x), lambda z: 0 * z, latent_dim=2)(torch.ones(1, 2)).tolist()
        [[0.5, 0.5]]
    """

    def __init__(
        self,
        encoder: Callable[[torch.Tensor], tuple[torch.Tensor, torch.Tensor]],
        decoder: Callable[[torch.Tensor], Any],
        latent_dim: int,
        likelihood: str = "bernoulli",
        sigma: float = 1.0,
        *,
        levels: int = 256,
    ) -> None:
        super().__init__()
        if likelihood not in LIKELIHOODS:
            raise ValueError(f"likelihood is {likelihood!r}, wanted one of {LIKELIHOODS}")
        if not 0 < sigma < math.inf:
            raise ValueError(f"sigma is {sigma}, wanted a number above 0")
        self.encoder, self.decoder, self.latent_dim = encoder, decoder, latent_dim
        self.likelihood, self.sigma, self.levels = likelihood, sigma, levels

    @shapes(x="B *D: float", z="B K: float")
    def log_likelihood(self, x: torch.Tensor, z: torch.Tensor) -> torch.Tensor:
        """The log-likelihood log p(x|z) (B,) of x (B, *D), given codes z (B, K)."""
        out = self.decoder(z)
        if self.likelihood == "bernoulli":
            check_range("x", x, 0, 1, ": of images in [-1, 1] take (x + 1) / 2")
            return bernoulli_log_prob(x, out)
        if self.likelihood == "gaussian":
            return normal_log_prob(x, out, torch.full_like(wide(out), 2 * math.log(self.sigma)))
        check_range("x", x, -1, 1, ": of images in [0, 1] take 2 * x - 1")
        return discretized_gaussian_log_prob(x, out[0], out[1], self.levels)

    @shapes(z="B K: float")
    def decode(self, z: torch.Tensor) -> torch.Tensor:
        """The picture (B, *D) of a code: E[x|z], in the range of the data."""
        out = self.decoder(z)
        if self.likelihood == "bernoulli":
            return torch.sigmoid(out)
        return out if self.likelihood == "gaussian" else out[0].clamp(-1, 1)

    @shapes(x="B *D: float")
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The reconstruction of x (B, *D) from the mean of q(z|x), without noise."""
        return self.decode(self.encoder(x)[0])


@shapes(x="B *D: float", z="B K: float", mu="B K: float", logvar="B K: float")
def log_weight(
    model: VAE, x: torch.Tensor, z: torch.Tensor, mu: torch.Tensor, logvar: torch.Tensor
) -> torch.Tensor:
    """How much likelier the model holds (x, z) than q holds z: log p(x|z) + log p(z) - log q(z|x).

    Its mean over q is the ELBO, and the mean of its exponential is p(x).

    Args:
        model: for p(x|z); p(z) is N(0, I).
        x, z: (B, *D) data and (B, K) codes.
        mu, logvar: (B, K) of q(z|x), the encoder's output.

    Returns:
        (B,).

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Burda, Grosse and Salakhutdinov 2016 (arXiv 1509.00519), eq. 8. Taught in: chapter 03.

    Example:
        >>> coin, zero = VAE(lambda x: (x, x), lambda z: 0 * z, latent_dim=1), torch.zeros(1, 1)
        >>> round(log_weight(coin, zero, zero, zero, zero).exp().item(), 4)
        0.5
    """
    zero = torch.zeros_like(z)
    log_prior = normal_log_prob(z, zero, zero)
    return model.log_likelihood(x, z) + log_prior - normal_log_prob(z, mu, logvar)


@shapes(x="B *D: float", eps="B K: float")
def elbo(model: VAE, x: torch.Tensor, eps: torch.Tensor, kl: str = "analytic") -> torch.Tensor:
    """The evidence lower bound, estimated with one code for each x.

    log p(x|z) - KL(q(z|x) || p(z)), at a reparameterised sample z of q(z|x). With
    `kl="sampled"` the KL too is replaced by its value at that sample, log q(z|x) - log p(z).
    Both have the same expectation.

    Args:
        model: its `encoder(x)` gives `mu` and `logvar`, its `log_likelihood(x, z)` is log p(x|z).
        x: (B, *D) data.
        eps: (B, K) draws of N(0, 1).
        kl: "analytic", the closed form, or "sampled".

    Returns:
        (B,), in nats.

    Raises:
        ValueError: if shapes or dtypes do not agree, or `kl` is something else.

    Source: Kingma and Welling 2014 (arXiv 1312.6114), eq. 6 and 7. Taught in: chapter 03.

    Example:
        >>> coin = VAE(lambda x: (0 * x, 0 * x), lambda z: 0 * z, latent_dim=1)
        >>> round(elbo(coin, torch.ones(1, 1), eps=torch.ones(1, 1)).exp().item(), 4)
        0.5
    """
    if kl not in ("analytic", "sampled"):
        raise ValueError(f'kl is {kl!r}, wanted "analytic" or "sampled"')
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)


@shapes(x="B *D: float")
def iwae_bound(
    model: VAE, x: torch.Tensor, k: int, generator: torch.Generator | None = None
) -> torch.Tensor:
    """The importance-weighted bound on log p(x), from k codes for each x.

    log 1/k sum_i w_i with w_i = p(x, z_i) / q(z_i|x) and z_i drawn from q(z|x). The weights are
    far too small to be stored: only their logarithms are, and log-sum-exp adds them up.

    Args:
        model: as for `elbo`.
        x: (B, *D) data.
        k: how many codes; with 1 it is an ELBO, and in expectation it grows with k to log p(x).
        generator: where the randomness comes from; on the device of `x`.

    Returns:
        (B,), in nats.

    Raises:
        ValueError: if `x` is not such a tensor, or `k` is below 1.

    Source: Burda, Grosse and Salakhutdinov 2016 (arXiv 1509.00519), eq. 8. Taught in: chapter 03.

    Example:
        >>> coin = VAE(lambda x: (0 * x, 0 * x), lambda z: 0 * z, latent_dim=1)
        >>> round(iwae_bound(coin, torch.ones(1, 1), k=10).exp().item(), 4)
        0.5
    """
    if k < 1:
        raise ValueError(f"k is {k}, wanted 1 or more")
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype, device=mu.device)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)


@shapes(x="B *D: float")
def vae_loss(
    model: VAE, x: torch.Tensor, beta: float = 1.0, generator: torch.Generator | None = None
) -> torch.Tensor:
    """What training makes small: beta KL(q(z|x) || p(z)) - log p(x|z), a mean over the batch.

    With beta = 1 it is minus the ELBO (KL in closed form, one code for each x); with another
    beta it is a beta-VAE.

    Args:
        model: as for `elbo`.
        x: (B, *D) data.
        beta: the weight of the KL.
        generator: where the randomness comes from; on the device of `x`.

    Returns:
        A tensor without dimensions.

    Raises:
        ValueError: if `x` is not such a tensor.

    Source: Kingma and Welling 2014, eq. 7; Higgins et al. 2017 (ICLR), eq. 4.
    Taught in: chapter 03.

    Example:
        >>> coin = VAE(lambda x: (0 * x + 2, 0 * x), lambda z: 0 * z, latent_dim=1)  # its KL is 2
        >>> round(vae_loss(coin, torch.ones(1, 1), beta=10.0).item(), 4)
        20.6931
    """
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype, device=mu.device)
    z = reparameterize(mu, logvar, eps)
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean()


def vae_train(
    model: VAE,
    loader: Iterable[Any],
    optimizer: torch.optim.Optimizer,
    beta: float = 1.0,
    generator: torch.Generator | None = None,
) -> Iterator[float]:
    """Train on each batch of `loader` with `vae_loss`, and yield the loss of each step.

    The arguments are those of `vae_loss` and of `dgm.autoencoder.autoencoder_train`.

    Source: Kingma and Welling 2014 (arXiv 1312.6114), algorithm 1. Taught in: chapter 03.

    Example:
        >>> model = VAE(lambda x: (x, 0 * x), torch.nn.Linear(1, 1), latent_dim=1)
        >>> len(list(vae_train(model, [torch.ones(4, 1)] * 5, torch.optim.SGD(model.parameters()))))
        5
    """
    losses = (vae_loss(model, x, beta, generator) for x in inputs(loader))
    return descend(model, losses, optimizer)


@torch.no_grad()
def sample(
    model: VAE, n: int, generator: torch.Generator | None = None, *, noise: bool = False
) -> torch.Tensor:
    """Draw from the model: z from the prior N(0, I), then the picture of z.

    Args:
        n: how many.
        generator: where the randomness comes from; on the device of the model.
        noise: draw x from p(x|z), as the model's own density asks; else give E[x|z].

    Returns:
        (n, *D), in the range of the data.

    Raises:
        ValueError: if `n` is below 1.

    Source: Kingma and Welling 2014 (arXiv 1312.6114). Taught in: chapter 03.

    Example:
        >>> sample(VAE(lambda x: (x, x), lambda z: 0 * z, latent_dim=3), n=2).tolist()
        [[0.5, 0.5, 0.5], [0.5, 0.5, 0.5]]
    """
    if n < 1:
        raise ValueError(f"n is {n}, wanted 1 or more")
    like = next(chain(model.parameters(), model.buffers()), torch.zeros(()))
    z = torch.randn(n, model.latent_dim, generator=generator, dtype=like.dtype, device=like.device)
    mean = model.decode(z)
    if not noise:
        return mean
    if model.likelihood == "bernoulli":
        return torch.bernoulli(mean, generator=generator)
    eps = torch.randn(mean.shape, generator=generator, dtype=mean.dtype, device=mean.device)
    if model.likelihood == "gaussian":
        return mean + model.sigma * eps
    mu, logvar = model.decoder(z)
    return quantize(reparameterize(mu, logvar, eps), model.levels)
