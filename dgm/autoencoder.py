"""Autoencoders: a code z, and a network that makes x again from it.

    min E ||x - decode(encode(x))||^2,    with x_noisy for the encoder's x to denoise.

The squared error is summed over the event and its mean taken over the batch.
Taught in: chapter 02.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import torch
from torch import nn

from dgm.data.batches import inputs
from dgm.nn.descent import descend
from dgm.nn.networks import mlp
from dgm.validate import shapes


class Autoencoder(nn.Module):
    """A fully connected autoencoder; `hidden_dims=()` makes it linear.

    Args:
        input_dim: the number of entries of one x.
        latent_dim: K, the size of the code.
        hidden_dims: widths of the encoder's hidden layers; the decoder has them in reverse.
        dropout: the probability with which a hidden unit is left out in training.

    Neither the code nor the output has an activation: both may be any numbers.

    Source: Goodfellow, Bengio and Courville, Deep Learning, chapter 14. Taught in: chapter 02.

    Example:
        >>> Autoencoder(input_dim=4, latent_dim=2).encode(torch.zeros(3, 4)).shape
        torch.Size([3, 2])
    """

    def __init__(
        self,
        input_dim: int,
        latent_dim: int,
        hidden_dims: Sequence[int] = (128,),
        *,
        dropout: float = 0.0,
    ) -> None:
        super().__init__()
        self.encoder = mlp([input_dim, *hidden_dims, latent_dim], dropout)
        self.decoder = mlp([latent_dim, *reversed(hidden_dims), input_dim], dropout)

    @shapes(x="B *D: float")
    def encode(self, x: torch.Tensor) -> torch.Tensor:
        """The code (B, K) of x (B, *D), whose event is first made flat."""
        return self.encoder(x.flatten(1))

    @shapes(z="B K: float")
    def decode(self, z: torch.Tensor) -> torch.Tensor:
        """The flat reconstruction (B, input_dim) of a code z (B, K)."""
        return self.decoder(z)

    @shapes(x="B *D: float")
    def forward(self, x: torch.Tensor) -> torch.Tensor:
        """The reconstruction of x (B, *D), in the shape of x."""
        return self.decode(self.encode(x)).reshape(x.shape)


@shapes(x="B *D: number", x_hat="B *D: number")
def reconstruction_loss(x: torch.Tensor, x_hat: torch.Tensor) -> torch.Tensor:
    """The squared error ||x - x_hat||^2: a sum over the event, then a mean over the batch.

    Args:
        x: (B, *D) data.
        x_hat: (B, *D) reconstructions.

    Returns:
        A tensor without dimensions.

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Goodfellow, Bengio and Courville, Deep Learning, eq. 14.1. Taught in: chapter 02.

    Example:
        >>> reconstruction_loss(torch.tensor([[3.0, 4.0], [0.0, 0.0]]), torch.zeros(2, 2)).item()
        12.5
    """
    return ((x_hat - x) ** 2).reshape(len(x), -1).sum(1).mean()


@shapes(x="B *D: float")
def gaussian_noise(
    x: torch.Tensor, sigma: float, generator: torch.Generator | None = None
) -> torch.Tensor:
    """Add noise of N(0, sigma^2) to every entry.

    Args:
        x: (B, *D) data.
        sigma: the noise's standard deviation.
        generator: where the randomness comes from; on the device of `x`.

    Returns:
        (B, *D); `x` itself is not changed.

    Raises:
        ValueError: if `x` is not such a tensor.

    Source: Vincent et al. 2010 (JMLR 11), section 3.3. Taught in: chapter 02.

    Example:
        >>> g = torch.Generator().manual_seed(0)
        >>> round(gaussian_noise(torch.zeros(1, 100_000), sigma=3.0, generator=g).std().item(), 1)
        3.0
    """
    eps = torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)
    return x + sigma * eps


@shapes(x="B *D: float")
def masking_noise(
    x: torch.Tensor, p: float, generator: torch.Generator | None = None
) -> torch.Tensor:
    """Put each entry to 0 with probability p, and leave the others as they are.

    Unlike dropout it makes up for nothing: what is kept is not divided by 1 - p.

    Args:
        x: (B, *D) data.
        p: the probability with which an entry, alone, is lost.
        generator: where the randomness comes from; on the device of `x`.

    Returns:
        (B, *D); `x` itself is not changed.

    Raises:
        ValueError: if `x` is not such a tensor.

    Source: Vincent et al. 2008 (ICML), section 2.3. Taught in: chapter 02.

    Example:
        >>> masking_noise(torch.full((1, 1000), 2.0), p=0.5).unique().tolist()
        [0.0, 2.0]
    """
    u = torch.rand(x.shape, generator=generator, dtype=x.dtype, device=x.device)
    return torch.where(u < p, 0, x)


@shapes(x="B *D: float", x_noisy="B *D: float")
def denoising_loss(
    model: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, x_noisy: torch.Tensor
) -> torch.Tensor:
    """The reconstruction loss of the clean x where the model sees the noisy one.

    Args:
        model: from (B, *D) to (B, *D).
        x: (B, *D) clean data.
        x_noisy: (B, *D) the same, corrupted.

    Returns:
        A tensor without dimensions.

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Vincent et al. 2008 (ICML), eq. 5. Taught in: chapter 02.

    Example:
        >>> denoising_loss(torch.nn.Identity(), torch.zeros(1, 2), torch.ones(1, 2)).item()
        2.0
    """
    return reconstruction_loss(x, model(x_noisy))


@shapes(x="B *D: float")
def sparse_loss(model: Any, x: torch.Tensor, l1: float) -> torch.Tensor:
    """The reconstruction loss plus l1 times the size of the code, sum_k |z_k|.

    Both terms are sums over the event and means over the batch.

    Args:
        model: with `encode` and `decode`, an `Autoencoder` or a `SparseAutoencoder`.
        x: (B, *D) data; a `SparseAutoencoder` takes (B, d) alone.
        l1: the weight of the penalty.

    Returns:
        A tensor without dimensions.

    Raises:
        ValueError: if `x` is not such a tensor.

    Source: Goodfellow, Bengio and Courville, Deep Learning, eq. 14.2. Taught in: chapter 02.

    Example:
        >>> from types import SimpleNamespace
        >>> model = SimpleNamespace(encode=lambda x: x, decode=lambda z: z)
        >>> sparse_loss(model, torch.tensor([[3.0, -4.0]]), l1=2.0).item()
        14.0
    """
    z = model.encode(x)  # (B, K)
    x_hat = model.decode(z)  # (B, input_dim)
    return reconstruction_loss(x.flatten(1), x_hat) + l1 * z.abs().sum(1).mean()


def autoencoder_train(
    model: nn.Module,
    loader: Iterable[Any],
    optimizer: torch.optim.Optimizer,
    loss: Callable[[Any, torch.Tensor], torch.Tensor] | None = None,
) -> Iterator[float]:
    """Train on each batch of `loader`, and yield the loss of each step.

    Args:
        model: what is trained; it is put into training mode.
        loader: batches x, or (x, y), as `dgm.data.batches.minibatches` or a DataLoader gives them.
        optimizer: over the model's parameters.
        loss: from the model and x (B, *D) to a scalar; by default the denoising loss of x and
            x itself, a plain autoencoder. Noise or a penalty is a few words here:
            `lambda model, x: sparse_loss(model, x, l1=0.1)`.

    Taught in: chapter 02.

    Example:
        >>> model = torch.nn.Linear(1, 1)
        >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
        >>> len(list(autoencoder_train(model, [torch.ones(4, 1)] * 5, optimizer)))
        5
    """
    loss = loss or (lambda model, x: denoising_loss(model, x, x))
    return descend(model, (loss(model, x) for x in inputs(loader)), optimizer)
