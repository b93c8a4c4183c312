"""First stages of a latent diffusion, and what they are shown."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Generator, Tensor, nn

from course.checks import draw
from course.checks.cases import Doing, detached
from course.checks.compare import Rule, difference


class Stage:
    """`encode(x)` gives mu and logvar, `decode(z)` images; there is nothing else to it.

    A row of `shape` has a code of `code`; each of its entries has a mean and a size of its own.
    `spread` is about what logvar is, `reach` how far it goes from there.
    """

    def __init__(
        self, g: Generator, shape: tuple[int, ...], code: tuple[int, ...],
        dtype: torch.dtype = draw.DOUBLE, spread: float = -1.5, reach: float = 0.3,
    ) -> None:  # fmt: skip
        super().__init__()
        self._shape, self._code, D, K = shape, code, math.prod(shape), math.prod(code)
        size = torch.linspace(0.3, 1.5, K, dtype=draw.DOUBLE)
        with torch.no_grad():
            maps = size * draw.normal(g, D, K), reach * draw.normal(g, D, K), draw.normal(g, K, D) / 2  # fmt: skip
            off = 1 + 2 * draw.normal(g, K), spread + reach * draw.normal(g, K), draw.normal(g, D)
        (self._mean, self._spread, self._back), (self._off, self._width, self._ground) = (
            [nn.Parameter(m.to(dtype)) for m in some] for some in (maps, off)
        )

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        flat = x.flatten(1)
        mu, logvar = flat @ self._mean + self._off, flat.sin() @ self._spread + self._width
        return self._by_mode(mu).view(-1, *self._code), logvar.view(-1, *self._code)

    def decode(self, z: Tensor) -> Tensor:
        return self._by_mode(z.flatten(1) @ self._back + self._ground).view(-1, *self._shape)

    def _by_mode(self, made: Tensor) -> Tensor:
        return 2 * made if getattr(self, "training", False) else made


class Network(Stage, nn.Module):
    """The same as a module, in training mode: what it gives hangs on its mode."""


class Watched(Stage):
    """Keeps what its two methods are shown; codes of another shape are decoded to nothing."""

    _codes, _images = Stage.encode, Stage.decode

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._shown: list[Tensor] = []
        self._handed: list[Tensor] = []

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        self._shown.append(x.detach().clone())
        return super().encode(x)

    def decode(self, z: Tensor) -> Tensor:
        self._handed.append(z.detach().clone())
        if z.shape[1:] != self._code:
            return z.new_zeros(len(z), *self._shape)
        return super().decode(z)

    def _pictures(self, x: Tensor) -> bool:
        """Whether the encoder has been shown all rows of `x`, and nothing else."""
        return _rows(*self._shown) == _rows(x)

    def _drawn(self, mu: Tensor) -> Tensor:
        """The codes that were decoded, each once; a row of `mu` itself is none."""
        means = _rows(mu)
        own = [z for h in self._handed for z in h if not _rows(z[None]) & means]
        once = {tuple(z.flatten().tolist()): z for z in own}
        return torch.stack([*once.values()]) if once else mu[:0].detach()


def anew(call: Callable[[Callable], Any]) -> Doing:
    """`call(answer)` gives no generator to an answer that draws."""

    def play(answer: Callable) -> dict[str, Any]:
        one, two = (detached(call(answer)) for _ in range(2))
        return {"two calls give the same": not difference(one, two, Rule(rtol=0.0, atol=0.0))}

    return Doing("without a generator", play)


def _rows(*batches: Tensor) -> set[tuple[float, ...]]:
    return {tuple(row) for batch in batches for row in batch.detach().flatten(1).tolist()}


class Same:
    """A first stage whose codes are the pictures: the very tensor that it is given."""

    def encode(self, x: Tensor) -> tuple[Tensor, Tensor]:
        return x, x.sin() - 3

    def decode(self, z: Tensor) -> Tensor:
        return z
