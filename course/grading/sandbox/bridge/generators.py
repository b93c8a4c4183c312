"""Random generators: torch's objects, and the global state that each process has.

The judge sends states; a guest sends no state, only a name for the one in which it has left a
generator. The judge's goes on from a state that it makes of its own, of that name and of a secret.
Where the check has not drawn from it since, that name goes back, and the guest goes on where it was.
"""

import hashlib
from typing import Any

import torch
from torch import Tensor

from course.grading.sandbox.bridge.codec import Codec
from course.grading.sandbox.bridge.gone import Forged
from course.grading.sandbox.bridge.known import Known
from course.grading.sandbox.bridge.reading import NAME


class Generators(Codec):
    """A generator goes on on each side, and neither can set the other's."""

    tags = ("g",)
    change_tag = "g"

    def takes(self, value: Any, known: Known) -> bool:
        return isinstance(value, torch.Generator)

    def encode(self, value: Any, known: Known, depth: int) -> Any:
        key, state = known.keep(value), value.get_state()
        if known.side == "guest":  # it stays the guest's: the judge's own never follows it
            return ["g", key, name_of(state)]
        known.states[key] = state
        return ["g", key, _told(state, known)]

    def decode(self, tag: str, parts: list[Any], known: Known, depth: int) -> Any:
        key, told = parts
        generator = torch.Generator()
        if known.side == "judge":
            generator.set_state(_moved(generator.get_state(), told, known))
        else:
            generator.set_state(_meant(told, known))
            known.states[key] = generator.get_state()
        known.take(generator, key)
        return generator

    def state(self, key: str, known: Known) -> Any:
        return known.objects[key].get_state()

    def change(self, key: str, old: Any, new: Any, known: Known) -> list[Any] | None:
        return None if torch.equal(new, old) else ["g", key, _told(new, known)]

    def apply(self, key: str, parts: list[Any], known: Known) -> None:
        generator = known.find(key)
        if not isinstance(generator, torch.Generator) or key not in known.states:
            raise Forged("a change of what is no generator of the judge's")
        old = generator.get_state()
        judge = known.side == "judge"
        generator.set_state(_moved(old, parts[0], known) if judge else _meant(parts[0], known))
        known.states[key] = self.state(key, known)


def global_change(known: Known) -> list[Any] | None:
    """What to tell the other side of this process's global state; None if nothing."""
    state = torch.get_rng_state()
    if torch.equal(state, known.random):
        return None
    known.random = state
    return ["rng", _told(state, known)]


def apply_global(told: bytes, known: Known) -> None:
    old = torch.get_rng_state()
    torch.set_rng_state(_moved(old, told, known) if known.side == "judge" else _meant(told, known))
    known.random = torch.get_rng_state()


def name_of(state: Tensor) -> bytes:
    return hashlib.blake2b(state.numpy().tobytes(), digest_size=NAME).digest()


def _told(state: Tensor, known: Known) -> bytes:
    """What the other side is told of `state`: it, or the guest's name for what it stands for."""
    name = name_of(state)
    if known.side == "guest":
        known.left[name] = state
        return name
    return known.stands.get(name) or state.numpy().tobytes()


def _meant(told: bytes, known: Known) -> Tensor:
    """The guest's state for what it was told."""
    if len(told) == NAME:
        return known.left[told]
    return torch.frombuffer(bytearray(told), dtype=torch.uint8)


def _moved(state: Tensor, name: bytes, known: Known) -> Tensor:
    """A new state of the judge's, which stands for the guest's of that name."""
    made = hashlib.blake2b(
        state.numpy().tobytes() + name, key=known.secret[:64], digest_size=7
    ).digest()
    new = torch.Generator().manual_seed(int.from_bytes(made, "big")).get_state()
    known.stands[name_of(new)] = name
    return new
