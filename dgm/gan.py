"""Generative adversarial networks: a generator and a discriminator in a game.

    min_G max_D V(D, G) = E_data [log D(x)] + E_z [log(1 - D(G(z)))],    D = sigmoid(logit).

A discriminator gives logits (B,), before the sigmoid; codes z (B, K) come from N(0, I).

Source: Goodfellow et al. 2014 (arXiv 1406.2661). Taught in: chapter 04.
"""

from collections.abc import Callable, Iterable, Iterator
from itertools import islice
from typing import Any

import torch
from torch import nn
from torch.nn.functional import logsigmoid

from dgm.data.batches import inputs
from dgm.validate import shapes

KINDS = ("minimax", "non_saturating")


@shapes(logits_real="B: number", logits_fake="F: number")
def discriminator_loss(
    logits_real: torch.Tensor, logits_fake: torch.Tensor, *, smooth: float = 0.0
) -> torch.Tensor:
    """What the discriminator makes small: minus its side of the value of the game.

    -mean log D(x) - mean log(1 - D(G(z))). With `smooth` the label of real data is 1 - smooth:
    -mean [(1 - smooth) log D(x) + smooth log(1 - D(x))] - mean log(1 - D(G(z))). Where D rounds
    to 0 or 1 its logarithm is lost: never form D itself.

    Args:
        logits_real: (B,) log-odds that real data are real.
        logits_fake: (F,) log-odds that generated data are real.
        smooth: one-sided label smoothing.

    Returns:
        A tensor without dimensions: the sum of the two batch means, in nats.

    Raises:
        ValueError: if shapes or dtypes are others.

    Source: Goodfellow et al. 2014 (arXiv 1406.2661), eq. 1; Salimans et al. 2016
    (arXiv 1606.03498), section 3.4. Taught in: chapter 04.

    Example:
        >>> round(discriminator_loss(torch.zeros(4), torch.zeros(2)).item(), 4)  # it cannot tell
        1.3863
    """
    real = logsigmoid(logits_real) - smooth * logits_real  # log(1 - D) = log D - logit
    return -real.mean() - logsigmoid(-logits_fake).mean()


@shapes(logits_fake="F: number")
def generator_loss(logits_fake: torch.Tensor, kind: str = "non_saturating") -> torch.Tensor:
    """What the generator makes small.

    "minimax": mean log(1 - D(G(z))), its side of the value of the game. "non_saturating":
    -mean log D(G(z)), whose gradient does not fade where D is sure that the sample is generated.

    Args:
        logits_fake: (F,) log-odds that generated data are real.
        kind: one of the two.

    Returns:
        A tensor without dimensions, in nats.

    Raises:
        ValueError: for another kind, shape or dtype.

    Source: Goodfellow et al. 2014 (arXiv 1406.2661), section 3. Taught in: chapter 04.

    Example:
        >>> kinds = "minimax", "non_saturating"
        >>> [round(generator_loss(torch.zeros(2), kind).item(), 4) for kind in kinds]
        [-0.6931, 0.6931]
    """
    if kind not in KINDS:
        raise ValueError(f"kind is {kind!r}, wanted one of {KINDS}")
    if kind == "minimax":
        return logsigmoid(-logits_fake).mean()
    return -logsigmoid(logits_fake).mean()


@shapes(p="*D: number, nonnegative", q="*D: number, nonnegative")
def optimal_discriminator(p: torch.Tensor, q: torch.Tensor) -> torch.Tensor:
    """The discriminator that is best against a given generator: p / (p + q).

    Args:
        p: (*D) density of the data at some points.
        q: (*D) density of what is generated at the same points.

    Returns:
        (*D), the probability that a point is real; 1/2 where both densities are 0.

    Raises:
        ValueError: if shapes or dtypes do not agree, or a density is below 0.

    Source: Goodfellow et al. 2014 (arXiv 1406.2661), proposition 1. Taught in: chapter 04.

    Example:
        >>> optimal_discriminator(torch.tensor([3.0, 0.0]), torch.tensor([1.0, 2.0])).tolist()
        [0.75, 0.0]
    """
    total = p + q
    return torch.where(total > 0, p / total, 0.5)


@shapes(d="*D: number, share", p="*D: number, nonnegative", q="*D: number, nonnegative")
def game_value(d: torch.Tensor, p: torch.Tensor, q: torch.Tensor, dx: float) -> torch.Tensor:
    """The value of the game of known densities, by a sum over a grid.

    V = sum (p log d + q log(1 - d)) dx, with 0 log 0 = 0.

    Args:
        d: (*D) the discriminator's probability that a point of the grid is real.
        p: (*D) density of the data.
        q: (*D) density of what is generated.
        dx: the length (area, volume) that a point of the grid stands for.

    Returns:
        A tensor without dimensions, in nats: -log 4 for p = q at the best discriminator.

    Raises:
        ValueError: if shapes or dtypes do not agree, a density is below 0, or `d` is not a
            probability.

    Source: Goodfellow et al. 2014 (arXiv 1406.2661), eq. 1 and 3. Taught in: chapter 04.

    Example:
        >>> round(game_value(torch.full((2,), 0.5), torch.ones(2), torch.ones(2), dx=0.5).item(), 4)
        -1.3863
    """
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum() * dx


def discriminator_step(
    net_g: nn.Module,
    net_d: nn.Module,
    x: torch.Tensor,
    z: torch.Tensor,
    opt_d: torch.optim.Optimizer,
    *,
    smooth: float = 0.0,
) -> torch.Tensor:
    """One step of the discriminator on `discriminator_loss`; no gradient reaches the generator.

    Args:
        net_g: from z (B, K) to samples.
        net_d: from data or samples to logits (B,).
        x: a batch of data.
        z: (B, K) codes.
        opt_d: over the discriminator's parameters; what gradients they hold is dropped first.
        smooth: as in `discriminator_loss`.

    Returns:
        The loss before the step, a tensor without dimensions and without a graph.

    Source: Goodfellow et al. 2014 (arXiv 1406.2661), algorithm 1. Taught in: chapter 04.

    Example:
        >>> w, x, net_g = torch.zeros(1, requires_grad=True), torch.ones(4, 1), torch.nn.Identity()
        >>> opt, net_d = torch.optim.SGD([w], lr=1.0), lambda x: w * x[:, 0]
        >>> round(discriminator_step(net_g, net_d, x, 0 * x, opt).item(), 4), w.tolist()
        (1.3863, [0.5])
    """
    with torch.no_grad():
        x_fake = net_g(z)
    loss = discriminator_loss(net_d(x), net_d(x_fake), smooth=smooth)
    opt_d.zero_grad()
    loss.backward()
    opt_d.step()
    return loss.detach()


def generator_step(
    net_g: nn.Module,
    net_d: nn.Module,
    z: torch.Tensor,
    opt_g: torch.optim.Optimizer,
    kind: str = "non_saturating",
) -> torch.Tensor:
    """One step of the generator on `generator_loss`, through a discriminator that stays as it is.

    Args:
        net_g: from z (B, K) to samples.
        net_d: from samples to logits (B,).
        z: (B, K) codes.
        opt_g: over the generator's parameters; what gradients they hold is dropped first.
        kind: as in `generator_loss`.

    Returns:
        The loss before the step, a tensor without dimensions and without a graph.

    Source: Goodfellow et al. 2014 (arXiv 1406.2661), algorithm 1. Taught in: chapter 04.

    Example:
        >>> net_g = torch.nn.Linear(1, 1)
        >>> opt_g = torch.optim.SGD(net_g.parameters(), lr=0.1)
        >>> round(generator_step(net_g, lambda x: 0 * x[:, 0], torch.ones(4, 1), opt_g).item(), 4)
        0.6931
    """
    loss = generator_loss(net_d(net_g(z)), kind)
    opt_g.zero_grad()
    loss.backward(inputs=list(net_g.parameters()))  # and none for the discriminator's
    opt_g.step()
    return loss.detach()


def gan_train(
    net_g: nn.Module,
    net_d: nn.Module,
    loader: Iterable[Any],
    opt_g: torch.optim.Optimizer,
    opt_d: torch.optim.Optimizer,
    k: int = 1,
    *,
    latent_dim: int,
    kind: str = "non_saturating",
    steps: int | None = None,
    generator: torch.Generator | None = None,
    d_step: Callable[..., torch.Tensor] | None = None,
    g_step: Callable[..., torch.Tensor] | None = None,
) -> Iterator[tuple[float, float]]:
    """Play the game: k steps of the discriminator, each on a batch of its own, then one of the
    generator; yield the (last) loss of each.

    Args:
        net_g, net_d: what is trained; both are put into training mode.
        loader: batches x (B, *D), or (x, y); the training ends where it has fewer than k left.
        opt_g, opt_d: over the parameters of each.
        k: steps of the discriminator for one of the generator.
        latent_dim: K of the codes, of which there are as many as there are rows in a batch.
        kind: as in `generator_loss`.
        steps: the generator's steps at most.
        generator: where the codes come from; on the device of the data.
        d_step: another step of the discriminator, with the same arguments.
        g_step: another step of the generator, with the same arguments.

    Raises:
        ValueError: if `k` is below 1.

    Source: Goodfellow et al. 2014 (arXiv 1406.2661), algorithm 1. Taught in: chapter 04.

    Example:
        >>> from torch.nn import Flatten, Linear, Sequential
        >>> nets = Linear(1, 1), Sequential(Linear(1, 1), Flatten(0))
        >>> opts = [torch.optim.SGD(net.parameters(), lr=0.1) for net in nets]
        >>> len(list(gan_train(*nets, [torch.ones(4, 1)] * 6, *opts, k=2, latent_dim=1)))
        3
    """
    if k < 1:
        raise ValueError(f"k is {k}, wanted 1 or more")
    net_g.train()
    net_d.train()

    def codes(x: torch.Tensor) -> torch.Tensor:
        return torch.randn(len(x), latent_dim, generator=generator, dtype=x.dtype, device=x.device)

    data = inputs(loader)
    while steps is None or steps > 0:
        batches = list(islice(data, k))
        if len(batches) < k:
            return
        for x in batches:
            loss_d = (d_step or discriminator_step)(net_g, net_d, x, codes(x), opt_d)
        loss_g = (g_step or generator_step)(net_g, net_d, codes(x), opt_g, kind)
        yield loss_d.item(), loss_g.item()
        steps = None if steps is None else steps - 1
