"""Several small networks trained side by side, for the price of little more than one.

S independent networks of one shape, with weights (S, in, out), read one batch: row i belongs to
network i % S. Losses that are means over rows then train all of them at once; each gets 1/S of
its own gradient, which Adam does not notice. Between `Split` and `Merge` tensors are (S, B, h).

Taught in: chapter 04.
"""

import torch
from torch import nn

from dgm.validate import takes


class Split(nn.Module):
    """Deal the rows of a batch to the networks: (B S, d) to (S, B, d).

    Example:
        >>> Split(2)(torch.tensor([[0.0], [1.0], [2.0], [3.0]])).tolist()
        [[[0.0], [2.0]], [[1.0], [3.0]]]
    """

    def __init__(self, models: int) -> None:
        super().__init__()
        self.models = models

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (B S, d) to (S, B, d)."""
        if len(x) % self.models:
            raise ValueError(
                f"there are {len(x)} rows, wanted a multiple of {self.models} networks"
            )
        return x.unflatten(0, (-1, self.models)).transpose(0, 1)


class Merge(nn.Module):
    """The way back: (S, B, d) to (B S, d), or to (B S,) if d is 1 and `squeeze` is asked for.

    Example:
        >>> Merge(squeeze=True)(torch.tensor([[[0.0], [2.0]], [[1.0], [3.0]]])).tolist()
        [0.0, 1.0, 2.0, 3.0]
    """

    def __init__(self, squeeze: bool = False) -> None:
        super().__init__()
        self.squeeze = squeeze

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (S, B, d) to (B S, d) or (B S,)."""
        x = x.transpose(0, 1).flatten(0, 1)
        return x.squeeze(1) if self.squeeze else x


class Linears(nn.Module):
    """S linear layers, each with weights of its own, initialised as `nn.Linear` is.

    Example:
        >>> Linears(2, inputs=3, outputs=5)(torch.zeros(2, 4, 3)).shape
        torch.Size([2, 4, 5])
    """

    def __init__(self, models: int, inputs: int, outputs: int) -> None:
        super().__init__()
        bound = inputs**-0.5
        self.weight = nn.Parameter(torch.empty(models, inputs, outputs).uniform_(-bound, bound))
        self.bias = nn.Parameter(torch.empty(models, 1, outputs).uniform_(-bound, bound))

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (S, B, inputs) to (S, B, outputs)."""
        return torch.baddbmm(self.bias, x, self.weight)


class BatchNorms(nn.Module):
    """S batch norms: each network has the statistics of its own rows.

    Example:
        >>> x = torch.tensor([[[0.0], [2.0]], [[10.0], [30.0]]])
        >>> BatchNorms(2, features=1)(x).round(decimals=2).tolist()
        [[[-1.0], [1.0]], [[-1.0], [1.0]]]
    """

    def __init__(self, models: int, features: int) -> None:
        super().__init__()
        self.norm = nn.BatchNorm1d(models * features)

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (S, B, h) to (S, B, h)."""
        flat = x.transpose(0, 1).flatten(1)  # (B, S h)
        return self.norm(flat).unflatten(1, (len(x), -1)).transpose(0, 1)


class Spread(nn.Module):
    """Minibatch statistics: one more feature, how much the others vary over the batch.

    The mean over the features of their standard deviation over the rows of a network, the same
    for each row: a discriminator then sees that samples are all alike.

    Source: Karras et al. 2018 (arXiv 1710.10196), section 3; after Salimans et al. 2016
    (arXiv 1606.03498), section 3.2.

    Example:
        >>> Spread()(torch.tensor([[[0.0], [2.0]]])).tolist()
        [[[0.0, 1.0], [2.0, 1.0]]]
    """

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (S, B, h) to (S, B, h + 1)."""
        spread = (x.var(1, unbiased=False) + 1e-8).sqrt().mean(1)  # (S,)
        return torch.cat([x, spread[:, None, None].expand(-1, x.shape[1], 1)], dim=2)


class Pack(nn.Module):
    """Lay `size` rows of one network side by side: the discriminator judges them together.

    Source: Lin et al. 2018 (arXiv 1712.04086).

    Example:
        >>> Pack(2)(torch.tensor([[[0.0], [1.0], [2.0], [3.0]]])).tolist()
        [[[0.0, 1.0], [2.0, 3.0]]]
    """

    def __init__(self, size: int) -> None:
        super().__init__()
        self.size = size

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """From (S, B, d) to (S, B / size, size d)."""
        if x.shape[1] % self.size:
            raise ValueError(f"a network has {x.shape[1]} rows, wanted a multiple of {self.size}")
        return x.reshape(len(x), -1, self.size * x.shape[2])


def generators(
    models: int,
    latent_dim: int = 2,
    hidden: int = 64,
    activation: type[nn.Module] = nn.ReLU,
    *,
    dim: int = 2,
    norm: bool = False,
    dropout: float = 0.0,
    tanh: bool = False,
) -> nn.Sequential:
    """`models` generators with two hidden layers, from z (B S, latent_dim) to (B S, dim).

    Args:
        models: S.
        latent_dim: of a code.
        hidden: width of the hidden layers.
        activation: after each of them.
        dim: of a sample.
        norm: batch norm before the activation.
        dropout: the probability with which a hidden unit is left out in training.
        tanh: bring samples to [-1, 1].

    Taught in: chapter 04.

    Example:
        >>> generators(3, latent_dim=4)(torch.zeros(6, 4)).shape
        torch.Size([6, 2])
    """
    layers: list[nn.Module] = [Split(models)]
    for inputs in (latent_dim, hidden):
        layers += [Linears(models, inputs, hidden)]
        layers += [BatchNorms(models, hidden)] if norm else []
        layers += [activation(), nn.Dropout(dropout)] if dropout > 0 else [activation()]
    layers += [Linears(models, hidden, dim)] + ([nn.Tanh()] if tanh else [])
    return takes(nn.Sequential(*layers, Merge()), "z", latent_dim)


def discriminators(
    models: int,
    hidden: int = 64,
    activation: type[nn.Module] = nn.ReLU,
    *,
    dim: int = 2,
    norm: bool = False,
    spread: bool = False,
    pack: int = 1,
) -> nn.Sequential:
    """`models` discriminators with two hidden layers, from x (B S, dim) to logits (B S,).

    Args:
        models, hidden, activation, dim, norm: as in `generators`.
        spread: minibatch statistics after the first hidden layer.
        pack: rows that are judged together; the logits are then as many times fewer.

    Taught in: chapter 04.

    Example:
        >>> discriminators(3)(torch.zeros(6, 2)).shape
        torch.Size([6])
    """
    layers: list[nn.Module] = [Split(models)] + ([Pack(pack)] if pack > 1 else [])
    for i, inputs in enumerate((pack * dim, hidden + spread)):
        layers += [Linears(models, inputs, hidden)]
        layers += [BatchNorms(models, hidden)] if norm else []
        layers += [activation()] + ([Spread()] if spread and i == 0 else [])
    last = Linears(models, hidden, 1), Merge(squeeze=True)
    return takes(nn.Sequential(*layers, *last), "x", dim)
