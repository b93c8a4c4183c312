"""A Wasserstein critic: the game with a distance that does not saturate.

    W(p, q) = max over D with slope at most 1 of E_p [D(x)] - E_q [D(x)].

The slope is held near 1 by a penalty on its length between data and samples. What the critic
gives is a score (B,), no logit: no sigmoid is taken.

Source: Arjovsky et al. 2017 (arXiv 1701.07875), Gulrajani et al. 2017 (arXiv 1704.00028).
Taught in: chapter 04.
"""

from collections.abc import Callable, Iterable, Iterator
from functools import partial
from typing import Any

import torch
from torch import nn

from dgm.gan import gan_train
from dgm.validate import shapes


@shapes(scores_real="B: number", scores_fake="F: number")
def critic_loss(scores_real: torch.Tensor, scores_fake: torch.Tensor) -> torch.Tensor:
    """What the critic makes small: mean D(G(z)) - mean D(x), minus its estimate of the distance.

    Args:
        scores_real: (B,) of data.
        scores_fake: (F,) of samples.

    Returns:
        A tensor without dimensions.

    Raises:
        ValueError: if shapes or dtypes are others.

    Source: Arjovsky et al. 2017 (arXiv 1701.07875), eq. 3. Taught in: chapter 04.

    Example:
        >>> critic_loss(torch.tensor([3.0]), torch.tensor([0.0, 2.0])).item()
        -2.0
    """
    return scores_fake.mean() - scores_real.mean()


@shapes(x="B *D: float", x_fake="B *D: float", eps="B: float, share")
def gradient_penalty(
    net_d: Callable[[torch.Tensor], torch.Tensor],
    x: torch.Tensor,
    x_fake: torch.Tensor,
    eps: torch.Tensor,
) -> torch.Tensor:
    """How far the critic's slope is from 1: mean (|grad D(x_hat)| - 1)^2.

    x_hat = eps x + (1 - eps) x_fake lies between a row of the data and a row of the samples; the
    slope is the Euclidean length of the gradient over the whole event.

    Args:
        net_d: the critic, from (B, *D) to scores (B,), each row by itself.
        x: (B, *D) data.
        x_fake: (B, *D) samples.
        eps: (B,) draws of the uniform distribution on [0, 1].

    Returns:
        A tensor without dimensions, through which the critic's weights get a gradient.

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Gulrajani et al. 2017 (arXiv 1704.00028), eq. 3. Taught in: chapter 04.

    Example:
        >>> x, x_fake, eps = torch.ones(2, 1), torch.zeros(2, 1), torch.tensor([0.25, 0.75])
        >>> gradient_penalty(lambda x: 3 * x[:, 0], x, x_fake, eps).item()
        4.0
    """
    eps = eps.reshape(-1, *[1] * (x.ndim - 1))
    x_hat = (eps * x + (1 - eps) * x_fake).detach().requires_grad_()
    (slope,) = torch.autograd.grad(net_d(x_hat).sum(), x_hat, create_graph=True)
    return ((slope.reshape(len(slope), -1).norm(dim=1) - 1) ** 2).mean()


def critic_step(
    net_g: nn.Module,
    net_d: nn.Module,
    x: torch.Tensor,
    z: torch.Tensor,
    opt_d: torch.optim.Optimizer,
    *,
    weight: float = 10.0,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """One step of the critic on `critic_loss` + weight * `gradient_penalty`.

    Arguments and result are those of `dgm.gan.discriminator_step`; `generator` draws eps.

    Source: Gulrajani et al. 2017 (arXiv 1704.00028), algorithm 1. Taught in: chapter 04.

    Example:
        >>> w, x, net_g = torch.ones(1, requires_grad=True), torch.ones(4, 1), torch.nn.Identity()
        >>> opt, net_d = torch.optim.SGD([w], lr=0.5), lambda x: w * x[:, 0]
        >>> critic_step(net_g, net_d, x, 0 * x, opt).item(), w.tolist()
        (-1.0, [1.5])
    """
    with torch.no_grad():
        x_fake = net_g(z)
    eps = torch.rand(len(x), generator=generator, dtype=x.dtype, device=x.device)
    loss = critic_loss(net_d(x), net_d(x_fake))
    loss = loss + weight * gradient_penalty(net_d, x, x_fake, eps)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def scored_generator_step(
    net_g: nn.Module, net_d: nn.Module, z: torch.Tensor, opt_g: torch.optim.Optimizer, kind: str
) -> torch.Tensor:
    """One step of the generator on -mean D(G(z)); `kind` has no meaning here.

    Example:
        >>> net_g, z = torch.nn.Linear(1, 1), torch.ones(4, 1)
        >>> opt_g = torch.optim.SGD(net_g.parameters(), lr=0.1)
        >>> scored_generator_step(net_g, lambda x: 0 * x[:, 0] + 3, z, opt_g, "minimax").item()
        -3.0
    """
    loss = -net_d(net_g(z)).mean()
    opt_g.zero_grad()
    loss.backward(inputs=list(net_g.parameters()))
    opt_g.step()
    return loss.detach()


def wgan_train(
    net_g: nn.Module,
    net_d: nn.Module,
    loader: Iterable[Any],
    opt_g: torch.optim.Optimizer,
    opt_d: torch.optim.Optimizer,
    k: int = 5,
    *,
    latent_dim: int,
    weight: float = 10.0,
    steps: int | None = None,
    generator: torch.Generator | None = None,
) -> Iterator[tuple[float, float]]:
    """Train a critic and a generator; yield the loss of each.

    Args:
        net_g, net_d, loader, opt_g, opt_d, latent_dim, steps, generator: as in
            `dgm.gan.gan_train`. The critic is without batch norm: the penalty is for each row.
        k: steps of the critic for one of the generator.
        weight: of the gradient penalty.

    Source: Gulrajani et al. 2017 (arXiv 1704.00028), algorithm 1. Taught in: chapter 04.

    Example:
        >>> from torch.nn import Flatten, Linear, Sequential
        >>> nets = Linear(1, 1), Sequential(Linear(1, 1), Flatten(0))
        >>> opts = [torch.optim.SGD(net.parameters(), lr=0.1) for net in nets]
        >>> len(list(wgan_train(*nets, [torch.ones(4, 1)] * 6, *opts, k=2, latent_dim=1)))
        3
    """
    d_step = partial(critic_step, weight=weight, generator=generator)
    return gan_train(
        net_g, net_d, loader, opt_g, opt_d, k, latent_dim=latent_dim, steps=steps,
        generator=generator, d_step=d_step, g_step=scored_generator_step,
    )  # fmt: skip
