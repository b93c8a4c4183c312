"""InfoGAN: a generator whose code can be read back from its samples.

The generator gets noise z and a code c; a network Q(c|x) guesses the code from the sample. What
it knows is a bound on the mutual information of code and sample:

    I(c; x) >= E_c,x [log Q(c|x)] + H(c),    with equality where Q is the posterior p(c|x).

Source: Chen et al. 2016 (arXiv 1606.03657). Taught in: chapter 04.
"""

import math
from collections.abc import Iterable, Iterator
from typing import Any

import torch
from torch import nn
from torch.nn.functional import cross_entropy, one_hot

from dgm.data.batches import inputs
from dgm.gan import discriminator_step, generator_loss
from dgm.validate import check_range, shapes


@shapes(logits="B K: number", code="B: int")
def mutual_information_bound(logits: torch.Tensor, code: torch.Tensor) -> torch.Tensor:
    """A lower bound on the mutual information of a code and the samples made from it.

    mean log Q(c|x) + H(c), for codes drawn uniformly from 0..K-1: H(c) = log K.

    Args:
        logits: (B, K) of Q(c|x), before the softmax, for samples made from the codes.
        code: (B,) int64, the codes.

    Returns:
        A tensor without dimensions, in nats: log K at most.

    Raises:
        ValueError: if shapes or dtypes do not agree, or a code is not one of 0..K-1.

    Source: Chen et al. 2016 (arXiv 1606.03657), eq. 5. Taught in: chapter 04.

    Example:
        >>> logits = torch.tensor([[99.0, 0.0], [0.0, 99.0]])
        >>> round(mutual_information_bound(logits, torch.tensor([0, 1])).item(), 4)
        0.6931
    """
    k = logits.shape[1]
    if code.device.type == "cpu" and (code.min() < 0 or code.max() >= k):
        raise ValueError(f"code runs from {code.min()} to {code.max()}, wanted 0 to {k - 1}")
    return math.log(k) - cross_entropy(logits, code)


@shapes(z="B L: float", code="B: int")
def with_code(z: torch.Tensor, code: torch.Tensor, n_codes: int) -> torch.Tensor:
    """What the generator gets: noise z (B, L) beside the code (B,), one-hot: (B, L + n_codes).

    Example:
        >>> with_code(torch.tensor([[7.0]]), torch.tensor([1]), n_codes=3).tolist()
        [[7.0, 0.0, 1.0, 0.0]]
    """
    check_range("code", code, 0, n_codes - 1)
    return torch.cat([z, one_hot(code, n_codes).to(z.dtype)], dim=1)


def infogan_train(
    net_g: nn.Module,
    net_d: nn.Module,
    net_q: nn.Module,
    loader: Iterable[Any],
    opt_g: torch.optim.Optimizer,
    opt_d: torch.optim.Optimizer,
    *,
    latent_dim: int,
    n_codes: int,
    weight: float = 1.0,
    generator: torch.Generator | None = None,
) -> Iterator[tuple[float, float, float]]:
    """Play the game with a code; yield the discriminator's and generator's loss and the bound.

    The discriminator's step is that of `dgm.gan`; then one step of the generator and of Q
    together makes small: generator_loss - weight * mutual_information_bound.

    Args:
        net_g: from noise and code, as `with_code` puts them together, to samples.
        net_d: from samples to logits (B,).
        net_q: from samples to logits (B, n_codes); it may share layers with `net_d`.
        loader: batches x (B, *D), or (x, y); labels are not used.
        opt_g: over the parameters of `net_g`, and those of `net_q` that are not `net_d`'s.
        opt_d: over the parameters of `net_d`.
        latent_dim: of the noise.
        n_codes: how many values the code has.
        weight: of the bound; with 0 it is a plain GAN, whose codes nobody keeps apart.
        generator: where noise and codes come from; on the device of the data.

    Source: Chen et al. 2016 (arXiv 1606.03657), eq. 6. Taught in: chapter 04.

    Example:
        >>> from torch.nn import Flatten, Linear, Sequential
        >>> g, d, q = Linear(3, 1), Sequential(Linear(1, 1), Flatten(0)), Linear(1, 2)
        >>> opts = [torch.optim.SGD(net.parameters(), lr=0.1) for net in (Sequential(g, q), d)]
        >>> len(list(infogan_train(g, d, q, [torch.ones(4, 1)], *opts, latent_dim=1, n_codes=2)))
        1
    """
    for net in (net_g, net_d, net_q):
        net.train()
    for x in inputs(loader):
        place: dict[str, Any] = {"generator": generator, "device": x.device}
        code = torch.randint(n_codes, (len(x),), **place)
        z = with_code(torch.randn(len(x), latent_dim, dtype=x.dtype, **place), code, n_codes)
        loss_d = discriminator_step(net_g, net_d, x, z, opt_d)
        x_fake = net_g(z)
        loss_g = generator_loss(net_d(x_fake))
        bound = mutual_information_bound(net_q(x_fake), code)
        opt_g.zero_grad()
        (loss_g - weight * bound).backward()
        opt_g.step()
        yield loss_d.item(), loss_g.item(), bound.item()
