"""Sparse autoencoders that take a network's activations apart into features.

    z = relu(W_enc (a - b_dec) + b_enc),    a_hat = sum_m z_m d_m + b_dec,    |d_m| = 1.

There are more features than activations, and few of them at a time are above 0.

Source: Bricken et al. 2023, Towards Monosemanticity; Templeton et al. 2024, Scaling
Monosemanticity. Taught in: chapter 02.
"""

from collections.abc import Iterable, Iterator
from typing import Any

import torch
from torch import nn

from dgm.autoencoder import sparse_loss
from dgm.data.batches import inputs
from dgm.nn.descent import descend
from dgm.validate import check_input, shapes


class SparseAutoencoder(nn.Module):
    """An overcomplete autoencoder with a ReLU code and directions of length 1.

    Args:
        input_dim: d, the number of activations.
        n_features: M, the number of directions; usually several times d.
        generator: where the first directions come from.

    The bias of the decoder is taken off before encoding: codes describe what is left. A
    direction cannot grow so as to make its code, and the penalty on it, small.

    Source: Bricken et al. 2023, Towards Monosemanticity, "Sparse Autoencoder Setup".
    Taught in: chapter 02.

    Example:
        >>> SparseAutoencoder(input_dim=2, n_features=8).encode(torch.zeros(3, 2)).shape
        torch.Size([3, 8])
    """

    def __init__(
        self, input_dim: int, n_features: int, *, generator: torch.Generator | None = None
    ) -> None:
        super().__init__()
        directions = torch.randn(n_features, input_dim, generator=generator)
        directions = directions / directions.norm(dim=1, keepdim=True)
        self.dictionary = nn.Parameter(directions.clone())  # (M, d): W_dec's columns
        self.encoder = nn.Parameter(directions.T.clone())  # (d, M): W_enc
        self.encoder_bias = nn.Parameter(torch.zeros(n_features))
        self.decoder_bias = nn.Parameter(torch.zeros(input_dim))

    @shapes(x="B d: float")
    def encode(self, x: torch.Tensor) -> torch.Tensor:
        """The code (B, M), 0 or more, of activations x (B, d)."""
        check_input(self, "x", x, len(self.decoder_bias))
        return torch.relu((x - self.decoder_bias) @ self.encoder + self.encoder_bias)

    @shapes(z="B M: float")
    def decode(self, z: torch.Tensor) -> torch.Tensor:
        """The activations (B, d) that a code z (B, M) stands for."""
        check_input(self, "z", z, len(self.encoder_bias))
        return z @ self.dictionary + self.decoder_bias

    @shapes(x="B d: float")
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The reconstruction (B, d) of activations x (B, d)."""
        return self.decode(self.encode(x))

    @torch.no_grad()
    def normalize(self) -> None:
        """Bring every direction back to length 1; done after each step of training."""
        self.dictionary.copy_(torch.nn.functional.normalize(self.dictionary, dim=1))


@shapes(x="B d: float")
def clamp_feature(model: Any, x: torch.Tensor, feature: int, value: float) -> torch.Tensor:
    """Activations with one feature held at a value, and all else as it was.

    decode(z') + x - decode(z), where z' is the code z of x with z_feature = value. What the
    autoencoder does not explain, x - decode(z), is left in.

    Args:
        model: with `encode` and `decode`, a `SparseAutoencoder`.
        x: (B, d) activations.
        feature: which one, from 0 to M - 1.
        value: what it is held at; 0 takes it out.

    Returns:
        (B, d).

    Raises:
        ValueError: if `x` is not such a tensor.

    Source: Templeton et al. 2024, Scaling Monosemanticity, "Methodological details".
    Taught in: chapter 02.

    Example:
        >>> from types import SimpleNamespace
        >>> model = SimpleNamespace(encode=torch.relu, decode=lambda z: z)
        >>> clamp_feature(model, torch.tensor([[1.0, -2.0]]), feature=0, value=5.0).tolist()
        [[5.0, -2.0]]
    """
    z = model.encode(x)  # (B, M)
    clamped = z.clone()
    clamped[:, feature] = value
    return x + model.decode(clamped) - model.decode(z)


@shapes(true_dictionary="n d: number", learned="M d: number")
def mean_max_cosine(true_dictionary: torch.Tensor, learned: torch.Tensor) -> torch.Tensor:
    """How well a planted dictionary was found: each true direction's best match, on average.

    mean_i max_j cos(true_i, learned_j). A direction found upside down does not count.

    Args:
        true_dictionary: (n, d), a direction in each row, of any length.
        learned: (M, d), a direction in each row, of any length.

    Returns:
        A tensor without dimensions, 1 if every true direction was found.

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Sharkey, Braun and Millidge 2022, Taking features out of superposition with sparse
    autoencoders. Taught in: chapter 02.

    Example:
        >>> mean_max_cosine(torch.eye(2), torch.tensor([[5.0, 0.0]])).item()  # one of two is found
        0.5
    """
    a = torch.nn.functional.normalize(true_dictionary, dim=1)
    b = torch.nn.functional.normalize(learned, dim=1)
    return (a @ b.T).amax(1).mean()


def planted_activations(
    n: int,
    dictionary: torch.Tensor,
    active: float,
    generator: torch.Generator | None = None,
) -> torch.Tensor:
    """Draw activations that are sparse sums of known directions: data whose features are known.

    Each direction is present with probability `active`, alone of the others, with a strength
    uniform from 0.5 to 1.5.

    Args:
        n: how many.
        dictionary: (m, d), a direction in each row.
        active: the probability of each direction.
        generator: where the randomness comes from; on the CPU.

    Returns:
        (n, d).

    Taught in: chapter 02.

    Example:
        >>> planted_activations(1000, torch.eye(3), active=1.0).min().item() >= 0.5
        True
    """
    present = torch.rand(n, len(dictionary), generator=generator) < active
    strength = 0.5 + torch.rand(n, len(dictionary), generator=generator)
    return (present * strength).to(dictionary) @ dictionary


def sparse_train(
    model: SparseAutoencoder, loader: Iterable[Any], optimizer: torch.optim.Optimizer, l1: float
) -> Iterator[float]:
    """Train on each batch of `loader` with `sparse_loss`, and yield the loss of each step.

    Args:
        model: what is trained; after each step its directions have length 1.
        loader: batches x (B, d), or (x, y).
        optimizer: over the model's parameters.
        l1: the weight of the penalty on the code.

    Taught in: chapter 02.

    Example:
        >>> model = SparseAutoencoder(2, 3)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> len(list(sparse_train(model, [torch.ones(4, 2)] * 5, optimizer, l1=0.1)))
        5
    """
    for loss in descend(model, (sparse_loss(model, x, l1) for x in inputs(loader)), optimizer):
        model.normalize()
        yield loss
