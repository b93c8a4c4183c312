"""Batches: what the training loops read. Taught in: chapter 02."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any

import torch

from dgm.validate import shapes


@shapes(x="B *D")
def minibatches(
    x: torch.Tensor, size: int, steps: int, generator: torch.Generator | None = None
) -> "Minibatches":
    """Draw `steps` batches of rows: each epoch in a new order, its last, smaller batch left out.

    Args:
        x: (B, *D) data.
        size: rows in a batch; B, if that is less.
        steps: how many batches.
        generator: where the order comes from; on any device.

    Returns:
        An iterator over (size, *D) tensors, which knows its place: see `Minibatches`.

    Raises:
        ValueError: if `size` or `steps` is below 1.

    Taught in: chapter 02.

    Example:
        >>> [len(batch) for batch in minibatches(torch.arange(10), size=4, steps=3)]
        [4, 4, 4]
    """
    if size < 1 or steps < 1:
        raise ValueError(f"size is {size} and steps is {steps}, wanted 1 or more of both")
    return Minibatches(x, min(size, len(x)), steps, generator)


class Minibatches:
    """The iterator of `minibatches`. Another one, given its state, goes on where it was.

    Example:
        >>> batches = minibatches(torch.arange(10), size=4, steps=3)
        >>> first = next(batches)
        >>> batches.state_dict()["step"]
        1
    """

    def __init__(
        self, x: torch.Tensor, size: int, steps: int, generator: torch.Generator | None
    ) -> None:
        self.x, self.size, self.steps, self.generator = x, size, steps, generator
        self.step, self.order = 0, torch.empty(0, dtype=torch.int64)

    def __iter__(self) -> Iterator[torch.Tensor]:
        return self

    def __next__(self) -> torch.Tensor:
        if self.step >= self.steps:
            raise StopIteration
        start = self.step % (len(self.x) // self.size) * self.size
        if start == 0:
            device = self.generator.device if self.generator else None
            order = torch.randperm(len(self.x), generator=self.generator, device=device)
            self.order = order.to(self.x.device)
        self.step += 1
        return self.x[self.order[start : start + self.size]]

    def state_dict(self) -> dict[str, Any]:
        """Its place, the order of this epoch, and the state of the generator, if it has one."""
        chance = {"generator": self.generator.get_state()} if self.generator else {}
        return {"step": self.step, "order": self.order, **chance}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Go on from what `state_dict` gave."""
        self.step, self.order = state["step"], state["order"].to(self.x.device)
        if self.generator:
            self.generator.set_state(state["generator"].cpu())


def only_turns(steps: int, generator: torch.Generator) -> Minibatches:
    """Batches of nothing, so many: for data that are drawn anew from the generator in each turn.

    Like all batches they can go on where they were, and the generator with them.

    Example:
        >>> g = torch.Generator()
        >>> [len(torch.rand(4, generator=g)) for _ in only_turns(3, g)]
        [4, 4, 4]
    """
    return minibatches(torch.zeros(1), 1, steps, generator)


def in_parts(
    function: Callable[[torch.Tensor], torch.Tensor], x: torch.Tensor, size: int = 1000
) -> torch.Tensor:
    """What `function` makes of the rows of x (B, *D), of which it is given `size` at a time.

    Example:
        >>> in_parts(torch.sqrt, torch.tensor([1.0, 4.0, 9.0]), size=2).tolist()
        [1.0, 2.0, 3.0]
    """
    return torch.cat([function(part) for part in x.split(size)])


def inputs(loader: Iterable[Any]) -> Iterator[torch.Tensor]:
    """The x of each batch of a loader, whose batches are x, or begin with it: (x, y).

    Example:
        >>> x, y = torch.tensor([1.0, 2.0]), torch.tensor([7, 8])
        >>> [batch.tolist() for batch in inputs([(x, y)])]
        [[1.0, 2.0]]
    """
    for batch in loader:
        yield parts(batch, 1)[0]


def parts(batch: Any, least: int) -> Sequence[torch.Tensor]:
    """The tensors of a batch, which is x itself or a tuple or list of so many tensors at least.

    Example:
        >>> parts({"x": torch.ones(1)}, least=1)
        Traceback (most recent call last):
        ValueError: loader gave a dict, wanted x or (x, ...), with tensors
    """
    found = [batch] if isinstance(batch, torch.Tensor) else batch
    sequence = isinstance(found, (tuple, list))
    if (
        not sequence
        or len(found) < least
        or not all(isinstance(part, torch.Tensor) for part in found[:least])
    ):
        of = f" of {', '.join(type(part).__name__ for part in batch)}" if sequence else ""
        wanted = "x or (x, ...)" if least == 1 else "(x, condition, ...)"
        raise ValueError(f"loader gave a {type(batch).__name__}{of}, wanted {wanted}, with tensors")
    return found
