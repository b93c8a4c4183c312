"""Draws what the cases of several exercises are made of."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Generator, Tensor, nn

from dgm.exact.linear_gaussian import LinearGaussian
from dgm.nn.networks import mlp_encoder_decoder
from dgm.schedule import NoiseSchedule
from dgm.vae import VAE

DOUBLE, SINGLE = torch.float64, torch.float32


def normal(g: Generator, *shape: int, dtype: torch.dtype = DOUBLE) -> Tensor:
    """Draws of N(0, 1)."""
    return torch.randn(*shape, generator=g, dtype=dtype)


def seeded(g: Generator) -> Generator:
    """A generator of its own, seeded by `g`."""
    return torch.Generator().manual_seed(int(torch.randint(2**31, (1,), generator=g)))


def uniform(g: Generator, *shape: int, low: float = 0.0, high: float = 1.0, dtype: torch.dtype = DOUBLE) -> Tensor:  # fmt: skip
    """Draws between `low` and `high`."""
    return low + (high - low) * torch.rand(*shape, generator=g, dtype=dtype)


def schedule(g: Generator, T: int, low: float = 0.05, high: float = 0.45) -> NoiseSchedule:
    """A schedule whose betas lie between `low` and `high`, in no order."""
    beta = uniform(g, T + 1, low=low, high=high)
    beta[0] = 0
    return NoiseSchedule(beta)


def steps(g: Generator, n: int, first: int, last: int) -> Tensor:
    """`n` different steps of `first` to `last`."""
    return first + torch.randperm(last - first + 1, generator=g)[:n]


def diffused(g: Generator, hidden: bool = False):  # type: ignore[no-untyped-def]
    """Two noises of a shape, steps of the rows and a schedule, for what takes `(x, t, y, schedule)`.

    As many rows as entries along each axis at first, so that a coefficient along the wrong axis
    passes without an error; then few and many axes, the first and the last step, float32.
    """
    if not hidden:
        table = schedule(g, 9)
        yield normal(g, 4, 4, 4), normal(g, 4, 4, 4), steps(g, 4, 3, 8), table
        for shape, dtype in (((3, 2), DOUBLE), ((3, 2, 1, 4), DOUBLE), ((3, 5), SINGLE)):
            t = torch.tensor([1, 5, 9])
            yield normal(g, *shape, dtype=dtype), normal(g, *shape, dtype=dtype), t, table
        return
    for shape, T, dtype in (
        ((3, 3, 3, 3), 1000, DOUBLE),
        ((5, 3), 12, DOUBLE),
        ((2, 3, 4, 5), 3, SINGLE),
        ((6, 1, 2), 1, DOUBLE),
        ((1, 7), 30, SINGLE),
    ):
        table = NoiseSchedule.cosine(T) if T == 1000 else schedule(g, T)
        t = torch.randint(1, T + 1, shape[:1], generator=g)
        t[0], t[-1] = 1, T
        yield 3 * normal(g, *shape, dtype=dtype), normal(g, *shape, dtype=dtype), t, table


def module(g: Generator, make: Callable[[], nn.Module], dtype: torch.dtype = DOUBLE) -> nn.Module:
    """What `make` builds, its parameters drawn from `g`."""
    with torch.random.fork_rng(devices=[]), torch.no_grad():
        made = make().to(dtype)
        for parameter in made.parameters():
            parameter.copy_(0.6 * normal(g, *parameter.shape))
    return made


def vae(g: Generator, shape: tuple[int, ...], K: int, likelihood: str = "bernoulli", dtype: torch.dtype = DOUBLE) -> VAE:  # fmt: skip
    """A VAE of random weights; "gaussian" with sigma 0.5, "discretized_gaussian" with 17 levels."""
    with torch.random.fork_rng(devices=[]):
        pair = mlp_encoder_decoder(shape, K, (8,), with_logvar=likelihood == "discretized_gaussian")
    model = VAE(*pair, K, likelihood, 0.5, levels=17).to(dtype)
    for parameter in model.parameters():
        parameter.data.normal_(0, 0.3, generator=g)
    return model


def pictures(g: Generator, n: int, shape: tuple[int, ...], likelihood: str, dtype: torch.dtype = DOUBLE) -> Tensor:  # fmt: skip
    """`n` of them, on 17 levels of -1 to 1, or of 0 to 1 for "bernoulli"."""
    x = torch.randint(17, (n, *shape), generator=g).to(dtype) / 8 - 1
    return x.abs() if likelihood == "bernoulli" else x


def linear_gaussian(g: Generator, d: int, K: int, sigma: float) -> LinearGaussian:
    """A model whose encoder is the true posterior, so that each weight is p(x)."""
    columns = torch.linalg.qr(normal(g, d, K)).Q * torch.linspace(2.0, 0.7, K)
    return LinearGaussian(columns, normal(g, d), sigma)


def lent(kind: type) -> type:
    """`kind` with the VAE's own methods as its own: an answer behind the wall may call those."""
    for name, value in vars(VAE).items():
        if callable(value) and not name.startswith("_") and name not in vars(kind):
            setattr(kind, name, value)
    return kind


@lent
class Watched(VAE):
    """A VAE on `self.x` (n, d) that keeps the codes it decodes.

    The means of the rows lie more than ten sigmas apart, so that a code tells whose it is.
    """

    def __init__(self, g: Generator, n: int, K: int, d: int) -> None:
        super().__init__(self._encode, self._decode, K, "gaussian", 0.6)
        self.shift, self.width, self.body = (
            nn.Parameter(0.3 * normal(g, *shape)) for shape in ((K,), (K,), (K, d))
        )
        self.x = normal(g, n, d)
        self.x[:, 0] = torch.randperm(n, generator=g)
        self.seen: list[Tensor] = []

    def _encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        code = x[:, : self.latent_dim]
        return code + self.shift, code.sin() + self.width - 7

    def _decode(self, z: Tensor) -> Tensor:
        self.seen.append(z.detach().double())
        return (z @ self.body.to(z)).sin()

    def noise(self) -> tuple[Tensor, Tensor]:
        """How many codes of its own each row had (n,), and, if all had k, their noise (n, k, K).

        A code that is decoded twice counts once, and the mean itself not at all.
        """
        codes = list(dict.fromkeys(tuple(z) for batch in self.seen for z in batch.tolist()))
        z = torch.tensor(codes, dtype=DOUBLE).reshape(-1, self.latent_dim)
        with torch.no_grad():
            mu, logvar = self.encoder(self.x)
        row = (z[:, :1] - mu[:, 0]).abs().argmin(1)
        eps = (z - mu[row]) / (logvar[row] / 2).exp()
        own = eps.abs().sum(1) > 1e-9
        row, eps = row[own], eps[own]
        counts = torch.bincount(row, minlength=len(mu))
        if len(set(counts.tolist())) > 1:
            return counts, eps
        return counts, eps[row.argsort(stable=True)].reshape(len(mu), -1, self.latent_dim)

    def apart(self, got: Tensor, wanted: Tensor) -> dict[str, Any]:
        """How far `got` is from `wanted`, and its gradients from those, in parts of these."""
        found: dict[str, Any] = {"your result less the right one, for the codes that you drew": got.detach() - wanted.detach()}  # fmt: skip
        if not got.requires_grad:
            return found | {"a gradient comes back": False}
        parts = {"mu": self.shift, "logvar": self.width, "the decoder": self.body}
        for name, part in parts.items():
            slope, truth = (
                torch.autograd.grad(v.sum(), part, retain_graph=True, materialize_grads=True, allow_unused=True)[0]
                for v in (got, wanted)
            )  # fmt: skip
            gap = (slope - truth).norm() / truth.norm()
            found[f"how far the gradient that reaches {name} is off, in parts of it"] = gap
        return found
