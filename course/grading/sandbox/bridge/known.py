"""The objects that both sides of a bridge know, each by a key, and their states when last equal."""

from collections.abc import Iterator
from typing import Any

import torch
from torch import Tensor


class Known:
    """What one side has sent and been sent. The codecs keep and take objects here.

    A `firm` judge lets no change in place reach a plain tensor or array of its own: it will
    compare with them yet.
    """

    def __init__(self, side: str, firm: bool = False) -> None:
        self.side, self.firm = side, firm
        self.objects: dict[str, Any] = {}  # by key; both sides use the same keys
        self.keys: dict[int, str] = {}  # by id(); the objects above keep these alive
        self.states: dict[str, Any] = {}  # of what can be changed in place, when last equal
        self.inside: dict[str, list[str]] = {}  # tensors with gradients in a module or optimizer
        self.weights: set[str] = set()  # all tensors in a module or optimizer
        self.leaves: list[str] = []  # leaves of the other side that want gradients
        self.everything: list[str] = []  # all tensors with gradients ever sent
        self.stateful = False  # the other side has objects that may remember what they were given
        self.random = torch.get_rng_state()
        self.count = 0

    # -- what the whole of a bridge adds -----------------------------------------------------

    def encode(self, value: Any, depth: int = 0) -> Any:
        """`value` as msgpack can carry it."""
        raise NotImplementedError

    def decode(self, code: Any, depth: int = 0) -> Any:
        """The value that `encode` of the other side was given. Raises `ValueError` for nonsense."""
        raise NotImplementedError

    def apart(self) -> "Known":
        """One of the same side that knows nothing: what it carries keeps no key here."""
        raise NotImplementedError

    def inputs(self) -> list[str]:
        """What a tensor with gradients that comes now may have been made from, on the other side."""
        return []

    def linked(self, key: str, ins: list[str], value: Tensor) -> Tensor:
        """`value`, the other side's tensor `key`, as a function of the tensors `ins`."""
        raise NotImplementedError

    # -- keys --------------------------------------------------------------------------------

    def keep(self, value: Any) -> str:
        """A key for an object of this side."""
        self.count += 1
        key = f"{self.side[0]}{self.count}"
        self.objects[key], self.keys[id(value)] = value, key
        return key

    def take(self, value: Any, key: str) -> None:
        """Remember an object of the other side; it cannot take the place of another."""
        if not isinstance(key, str) or self.is_mine(key) or key in self.objects:
            raise ValueError(f"the key {key!r} is not the other side's to give")
        self.objects[key], self.keys[id(value)] = value, key

    def is_mine(self, key: str) -> bool:
        """Whether this side has given the key."""
        return key.startswith(self.side[0])

    def by_reference(self, value: Any) -> Any:
        """The code of what stays here: the other side gets a proxy."""
        return ["r", self.keep(value), getattr(value, "__name__", type(value).__name__)]

    def with_gradients(self, encoded: Any) -> Iterator[str]:
        """The keys of tensors with gradients in a value that this side has encoded."""
        match encoded:
            case ["T" | "k", key, *_]:
                value = self.objects.get(key)
                if isinstance(value, Tensor) and value.requires_grad:
                    yield key
                yield from self.inside.get(key, ())
            case ["l" | "t" | "s" | "it", parts]:
                for part in parts:
                    yield from self.with_gradients(part)
            case ["d", pairs]:
                for _, part in pairs:
                    yield from self.with_gradients(part)
            case ["p", *_, tensors] | ["o", *_, tensors]:
                yield from tensors
