"""The objects that both sides of a bridge know, each by a key, and their states when last equal.

What a guest can change of the judge's. The rule: nothing that a check draws from or compares with.

- Of a generator that the guest has drawn from, the judge keeps a state of its own making, which the
  guest can neither choose nor foresee. It stands for the guest's: handed over again, it is where
  the guest has left it; drawn from by the check, it is the judge's alone. So it is with the state
  that each process has.
- Of a tensor, an array, a gradient or an optimizer's state the guest's changes are noted (`touched`)
  and not made. They are made where that is what the call is for (`changeable`): in
  what an optimizer trains that this very call was given (and in the whole module that this is part
  of), and in the first argument of what by the course's own definition returns nothing. What the
  guest returns has no part in it. So it is with what a call has made: a generator of steps.
- Whether gradients are wanted is made: a number cannot be steered with it. Training flags are made of
  a module that this very call was given: to set them may be the answer.
- An attribute of the check's objects is never set, and of what they inherit only `SAFE` is reached;
  what of that changes a module of the check (`undo`) is undone after the call.
- Lists, dicts, sets and plain objects are the guest's own copies.

A check that wants to see what else an answer did is asked once more, of what it passed without:
with `shows="modules"` changes in modules and optimizers are made too, with `shows="all"` all are.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

KEYED = ("k", "o", "r", "T", "n")  # what encodes an object by its key
HEAVIEST = 2**30  # bytes of tensors and arrays that a judge holds for the calls of one check


def mode_of(key: str) -> str:
    """Stands among keys for the training flags of the module `key`."""
    return f"{key} mode"


class Known:
    """What one side has sent and been sent. The codecs keep and take objects here.

    `shows` is what of the guest's changes the judge makes beyond what is always made. `secret` is
    what the guest does not know and the judge's generators hang on.
    """

    def __init__(self, side: str, shows: str = "nothing", secret: bytes = b"") -> None:
        self.side, self.shows, self.secret = side, shows, secret
        self.objects: dict[str, Any] = {}  # by key; both sides use the same keys
        self.keys: dict[int, str] = {}  # by id(); the objects above keep these alive
        self.states: dict[str, Any] = {}  # of what can be changed in place, when last equal
        self.inside: dict[str, list[str]] = {}  # tensors with gradients in a module or optimizer
        self.weights: set[str] = set()  # all tensors in a module or optimizer
        self.leaves: list[str] = []  # leaves of the other side that want gradients
        self.everything: list[str] = []  # all tensors with gradients ever sent
        self.stateful = False  # the other side has objects that may remember what they were given
        self.random = torch.get_rng_state()
        self.left: dict[bytes, Tensor] = {}  # guest: states in which it has left generators
        self.stands: dict[bytes, bytes] = {}  # judge: names of its states -> what they stand for
        self.procedures: dict[str, str] = {}  # what returns nothing: its key -> its first argument
        self.trains: dict[str, set[str]] = {}  # an optimizer's key -> its tensors'
        self.held_by: dict[str, set[str]] = {}  # a module's key -> its tensors'
        self.open: list[set[str]] = []  # of each open request, what may be changed meanwhile
        self.given: dict[
            str, set[str]
        ] = {}  # by what a call has made: what may be changed through it
        self.lent: set[str] = set()  # objects of which the other side has a proxy
        self.touched = False  # the guest has changed what was then not changed here
        self.weight = 0  # bytes of all that the objects above hold
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
        self._weigh(value)
        self.count += 1
        key = f"{self.side[0]}{self.count}"
        self.objects[key], self.keys[id(value)] = value, key
        return key

    def take(self, value: Any, key: str) -> None:
        """Remember an object of the other side; it cannot take the place of another."""
        if not isinstance(key, str) or self.is_mine(key) or key in self.objects:
            raise ValueError(f"the key {key!r} is not the other side's to give")
        self._weigh(value)
        self.objects[key], self.keys[id(value)] = value, key

    def is_mine(self, key: str) -> bool:
        """Whether this side has given the key."""
        return key.startswith(self.side[0])

    def find(self, key: str) -> Any:
        """The object of that key; raises `ValueError` where there is none."""
        try:
            return self.objects[key]
        except KeyError:
            raise ValueError(f"nobody knows the key {key!r}") from None

    def held(self) -> list[Any]:
        """This side's own tensors and arrays of which the other side knows, in modules too."""
        found: dict[int, Any] = {}
        for key, value in self.objects.items():
            if self.is_mine(key):
                inside = [value]
                if isinstance(value, torch.nn.Module):
                    inside = [*value.parameters(), *value.buffers()]
                found |= {id(v): v for v in inside if isinstance(v, (Tensor, np.ndarray))}
        return list(found.values())

    def _weigh(self, value: Any) -> None:
        """Raise `ValueError` where a judge would hold more than it may because of one answer."""
        if self.side == "judge" and isinstance(value, (Tensor, np.ndarray)):
            more = (
                value.size * value.itemsize
                if isinstance(value, np.ndarray)
                else (value.numel() * value.element_size())
            )
            if more > HEAVIEST or self.weight + more > HEAVIEST:
                raise ValueError(
                    f"more than {HEAVIEST / 2**20:.0f} MiB of tensors in the calls of one check"
                )
            self.weight += more

    def by_reference(self, value: Any) -> Any:
        """The code of what stays here: the other side gets a proxy."""
        key = self.keep(value)
        self.lent.add(key)
        return ["r", key, str(getattr(value, "__name__", type(value).__name__))[:100]]

    # -- what may change ---------------------------------------------------------------------

    def may_change(self, key: str, weight: bool) -> bool:
        """Whether a change of the object `key` is made here; if not, it is noted."""
        if (
            self.side == "guest"
            or not self.is_mine(key)
            or self.shows == "all"
            or (weight and self.shows == "modules")
            or any(key in keys for keys in self.open)
        ):
            return True
        self.touched = True
        return False

    def changeable(self, target: str, *handed: Any) -> set[str]:
        """The keys of what a request may change: asked of `target`, with these encoded parts."""
        if self.side == "guest":
            return set()
        found, codes = set(self.given.get(target, ())), list(handed)
        while codes:
            match codes.pop():
                case ["k" | "o", str(key), *_] if key in self.trains:
                    trained = self.trains[key]
                    found |= {key} | trained
                    for module, inside in self.held_by.items():
                        found |= {module, mode_of(module)} | inside if inside & trained else set()
                case ["k" | "o" | "r", str(key), *_] if isinstance(
                    self.objects.get(key), nn.Module
                ):
                    found.add(mode_of(key))
                case [*parts]:
                    codes += parts
        match handed:
            case [["t", args], ["d", options]] if target in self.procedures:
                first = [*args[:1], *(v for k, v in options if k == self.procedures[target])]
                for key in (a[1] for a in first if isinstance(a, list) and a[0] in KEYED):
                    found |= {key, mode_of(key)} | self._inside(key)
        return found

    def _inside(self, key: str) -> set[str]:
        """The keys of a module's tensors, as far as they have any; also of a module that stays here."""
        value = self.objects[key]
        inside = [*value.parameters(), *value.buffers()] if isinstance(value, nn.Module) else []
        known = {self.keys[id(t)] for t in inside if id(t) in self.keys}
        return known | self.held_by.get(key, set())

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
