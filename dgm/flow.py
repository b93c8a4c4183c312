"""A normalising flow: an invertible network that turns data into noise, with an exact density.

    log p(x) = log N(f(x); 0, I) + log |det df/dx|,    sampling: x = f^-1(z) with z ~ N(0, I).

The layers are affine couplings: each changes one half of x by what it reads in the other half, so
the inverse and the determinant cost no more than the layer itself.

Source: Dinh, Sohl-Dickstein and Bengio 2017 (arXiv 1605.08803). Taught in: chapter 09.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import torch
from torch import nn

from dgm.data.batches import inputs
from dgm.distributions import normal_log_prob
from dgm.nn.descent import descend
from dgm.nn.networks import mlp, zeroed
from dgm.validate import shapes

LOG_SCALE = 2.0  # a coupling stretches by exp(2) at most, so that no step of training is too wild


class AffineCoupling(nn.Module):
    """One half of x stays; the other is stretched and moved, by amounts read from the first.

        z_kept = x_kept,    z_changed = x_changed exp(s(x_kept)) + t(x_kept).

    The Jacobian is triangular, so its log-determinant is the sum of s. A new layer is the
    identity.

    Args:
        dim: D, the number of columns of x, 2 or more.
        hidden: width of the two hidden layers of the network that gives s and t.
        first: the first D // 2 columns are the half that stays; else the others are.

    Raises:
        ValueError: if `dim` is below 2.

    Source: Dinh et al. 2017 (arXiv 1605.08803), eq. 4 to 8. Taught in: chapter 09.

    Example:
        >>> AffineCoupling(2, hidden=8, first=True).inverse(torch.tensor([[1.0, 2.0]])).tolist()
        [[1.0, 2.0]]
    """

    def __init__(self, dim: int, hidden: int, first: bool) -> None:
        super().__init__()
        if dim < 2:
            raise ValueError(f"dim is {dim}, wanted 2 or more: one half is changed by the other")
        self.dim, self.first = dim, first
        kept = dim // 2 if first else dim - dim // 2
        self.net = mlp([kept, hidden, hidden, 2 * (dim - kept)])
        zeroed(self.net[-1])

    def split(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """Cut x (B, D) into the half that stays and the half that is changed."""
        if x.shape[1] != self.dim:
            raise ValueError(f"x has shape {tuple(x.shape)}, wanted (B, D) with D={self.dim}")
        left, right = x.tensor_split([self.dim // 2], dim=1)
        return (left, right) if self.first else (right, left)

    def join(self, kept: torch.Tensor, changed: torch.Tensor) -> torch.Tensor:
        """The way back of `split`: both halves in their places, (B, D)."""
        return torch.cat((kept, changed) if self.first else (changed, kept), dim=1)

    def scale_and_shift(self, kept: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """The logarithms s of the factors, within `LOG_SCALE` of 0, and the shifts t.

        Both have the shape of the half that is changed.
        """
        s, t = self.net(kept).chunk(2, dim=1)
        return LOG_SCALE * torch.tanh(s / LOG_SCALE), t

    @shapes(x="B D: float")
    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """From data towards noise: z (B, D), and log |det dz/dx| (B,)."""
        kept, changed = self.split(x)
        s, t = self.scale_and_shift(kept)
        return self.join(kept, changed * torch.exp(s) + t), s.sum(1)

    @shapes(z="B D: float")
    def inverse(self, z: torch.Tensor) -> torch.Tensor:
        """From noise towards data: the x (B, D) that `forward` turns into z (B, D)."""
        kept, changed = self.split(z)
        s, t = self.scale_and_shift(kept)
        return self.join(kept, (changed - t) * torch.exp(-s))


class Flow(nn.Module):
    """Invertible layers, one after the other, that end in N(0, I).

    Args:
        layers: each with `dim`, `forward(x)` that gives (z, log_det) and `inverse(z)`; couplings
            should take turns in which half they keep.

    Raises:
        ValueError: if there is no layer, or they differ in `dim`.

    Source: Dinh et al. 2017 (arXiv 1605.08803), eq. 2 and 3. Taught in: chapter 09.

    Example:
        >>> flow = Flow([AffineCoupling(2, 8, first=True), AffineCoupling(2, 8, first=False)])
        >>> round(flow.log_prob(torch.zeros(1, 2)).item(), 4)  # -log(2 pi): a new flow is N(0, I)
        -1.8379
    """

    def __init__(self, layers: Sequence[Any]) -> None:
        super().__init__()
        dims = {layer.dim for layer in layers}
        if len(dims) != 1:
            raise ValueError(f"layers have dim {sorted(dims)}, wanted one layer or more of one dim")
        self.dim = dims.pop()
        self.layers: Any = nn.ModuleList(layers)

    @shapes(x="B D: float")
    def forward(self, x: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
        """From data to noise: z (B, D), and log |det dz/dx| (B,), the sum over the layers."""
        z, log_det = x, x.new_zeros(len(x))
        for layer in self.layers:
            z, of_layer = layer(z)
            log_det = log_det + of_layer
        return z, log_det

    @shapes(z="B D: float")
    def inverse(self, z: torch.Tensor) -> torch.Tensor:
        """From noise to data: x (B, D), the layers' inverses in reverse order."""
        for layer in reversed(self.layers):
            z = layer.inverse(z)
        return z

    @shapes(x="B D: float")
    def log_prob(self, x: torch.Tensor) -> torch.Tensor:
        """The exact log-density (B,) of x (B, D), in nats: log N(f(x); 0, I) + log |det df/dx|."""
        z, log_det = self(x)
        zero = torch.zeros_like(z)
        return normal_log_prob(z, zero, zero) + log_det

    @torch.no_grad()
    def sample(self, n: int, generator: torch.Generator | None = None) -> torch.Tensor:
        """Draw x (n, D), in one pass: z from N(0, I), then the inverse.

        Raises:
            ValueError: if `n` is below 1.
        """
        if n < 1:
            raise ValueError(f"n is {n}, wanted 1 or more")
        like = next(self.parameters(), torch.empty(0))
        z = torch.randn(n, self.dim, generator=generator, dtype=like.dtype, device=like.device)
        return self.inverse(z)


@shapes(x="B D: float")
def flow_loss(model: Flow, x: torch.Tensor) -> torch.Tensor:
    """What training makes small: the negative log-likelihood, a mean over the batch.

    Its expectation is the entropy of the data plus KL(data || model): no model gets below the
    entropy.

    Args:
        model: its `log_prob(x)` gives (B,).
        x: (B, D) data.

    Returns:
        A tensor without dimensions, in nats.

    Raises:
        ValueError: if `x` is not such a tensor.

    Source: Dinh et al. 2017 (arXiv 1605.08803), eq. 3. Taught in: chapter 09.

    Example:
        >>> flow = Flow([AffineCoupling(2, 8, first=True)])
        >>> round(flow_loss(flow, torch.zeros(4, 2)).item(), 4)  # log(2 pi): a new flow is N(0, I)
        1.8379
    """
    return -model.log_prob(x).mean()


def flow_train(
    model: Flow, loader: Iterable[Any], optimizer: torch.optim.Optimizer
) -> Iterator[float]:
    """Train on each batch of `loader` with `flow_loss`, and yield the loss of each step.

    Args:
        model: what is trained; it is put into training mode.
        loader: batches x (B, D), or (x, y).
        optimizer: over the model's parameters.

    Source: Dinh et al. 2017 (arXiv 1605.08803), section 3. Taught in: chapter 09.

    Example:
        >>> flow = Flow([AffineCoupling(2, 8, first=True)])
        >>> optimizer = torch.optim.Adam(flow.parameters())
        >>> len(list(flow_train(flow, [torch.zeros(4, 2)] * 3, optimizer)))
        3
    """
    return descend(model, (flow_loss(model, x) for x in inputs(loader)), optimizer)
