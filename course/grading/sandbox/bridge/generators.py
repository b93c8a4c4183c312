"""Random generators: torch's objects, and the global state that each process has."""

from typing import Any

import torch

from course.grading.sandbox.bridge.codec import Codec
from course.grading.sandbox.bridge.known import Known
from course.grading.sandbox.bridge.tensors import from_bytes


class Generators(Codec):
    """A generator goes on where the other side has left it."""

    tags = ("g",)
    change_tag = "g"

    def takes(self, value: Any, known: Known) -> bool:
        return isinstance(value, torch.Generator)

    def encode(self, value: Any, known: Known, depth: int) -> Any:
        key = known.keep(value)
        known.states[key] = value.get_state()
        return ["g", key, known.states[key].numpy().tobytes()]

    def decode(self, tag: str, parts: list[Any], known: Known, depth: int) -> Any:
        generator = torch.Generator()
        generator.set_state(_state_of(parts[1]))
        known.take(generator, parts[0])
        known.states[parts[0]] = generator.get_state()
        return generator

    def state(self, key: str, known: Known) -> Any:
        return known.objects[key].get_state()

    def change(self, key: str, old: Any, new: Any, known: Known) -> list[Any] | None:
        return None if torch.equal(new, old) else ["g", key, new.numpy().tobytes()]

    def apply(self, key: str, parts: list[Any], known: Known) -> None:
        known.objects[key].set_state(_state_of(parts[0]))
        known.states[key] = self.state(key, known)


def global_change(known: Known) -> list[Any] | None:
    """What to tell the other side of this process's global state; None if nothing."""
    state = torch.get_rng_state()
    if torch.equal(state, known.random):
        return None
    known.random = state
    return ["rng", state.numpy().tobytes()]


def apply_global(data: bytes, known: Known) -> None:
    torch.set_rng_state(_state_of(data))
    known.random = torch.get_rng_state()


def _state_of(data: bytes) -> torch.Tensor:
    return from_bytes(data, "uint8", [len(data)])
