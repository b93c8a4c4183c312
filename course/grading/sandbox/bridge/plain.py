"""Numbers, containers and names: what has no state and no key."""

from types import GeneratorType
from typing import Any

import numpy as np
import torch
from torch import nn

from course.grading.sandbox.bridge.codec import Codec
from course.grading.sandbox.bridge.known import Known
from course.grading.sandbox.bridge.tensors import DTYPES, name_of


class Containers(Codec):
    """Lists, tuples, sets and dicts; a guest's named tuple is a tuple."""

    tags = ("l", "t", "s", "d")
    kinds = (("l", list), ("t", (tuple, torch.Size)), ("s", (set, frozenset)), ("d", dict))
    exactly = (list, tuple, torch.Size, set, frozenset, dict)

    def takes(self, value: Any, known: Known) -> bool:
        if known.side == "guest":
            return isinstance(value, self.exactly)
        return type(value) in self.exactly

    def encode(self, value: Any, known: Known, depth: int) -> Any:
        if isinstance(value, dict):
            return ["d", [[known.encode(k, depth + 1), known.encode(v, depth + 1)] for k, v in value.items()]]  # fmt: skip
        tag = next(t for t, kind in self.kinds if isinstance(value, kind))
        return [tag, [known.encode(v, depth + 1) for v in value]]

    def decode(self, tag: str, parts: list[Any], known: Known, depth: int) -> Any:
        if tag == "d":
            return {known.decode(k, depth + 1): known.decode(v, depth + 1) for k, v in parts[0]}
        kind = {"l": list, "t": tuple, "s": set}[tag]
        return kind(known.decode(v, depth + 1) for v in parts[0])


class Weights(Codec):
    """What `parameters()` and their like return: torch's own iterators, of all that there are."""

    tags = ("it",)

    def takes(self, value: Any, known: Known) -> bool:
        return (
            isinstance(value, GeneratorType)
            and value.gi_code.co_filename == nn.modules.module.__file__
        )

    def encode(self, value: Any, known: Known, depth: int) -> Any:
        return ["it", [known.encode(v, depth + 1) for v in value]]

    def decode(self, tag: str, parts: list[Any], known: Known, depth: int) -> Any:
        return iter([known.decode(v, depth + 1) for v in parts[0]])


class Numbers(Codec):
    """The numbers that msgpack has not: long integers, NumPy's, complex ones."""

    tags = ("i", "c")

    def takes(self, value: Any, known: Known) -> bool:
        return type(value) is int or isinstance(value, (np.generic, complex))

    def encode(self, value: Any, known: Known, depth: int) -> Any:
        if type(value) is int:
            return ["i", str(value)]
        if isinstance(value, np.generic):
            return known.encode(value.item())
        return ["c", value.real, value.imag]

    def decode(self, tag: str, parts: list[Any], known: Known, depth: int) -> Any:
        if tag == "i":
            return int(str(parts[0])[:4000])
        return complex(float(parts[0]), float(parts[1]))


class Words(Codec):
    """What stands for itself: slices, the ellipsis, dtypes, and every device as the CPU."""

    tags = ("slice", "dtype", "device", "...")

    def takes(self, value: Any, known: Known) -> bool:
        return value is Ellipsis or isinstance(value, (slice, torch.dtype, torch.device))

    def encode(self, value: Any, known: Known, depth: int) -> Any:
        if isinstance(value, slice):
            return ["slice", *(known.encode(v) for v in (value.start, value.stop, value.step))]
        if isinstance(value, torch.dtype):
            return ["dtype", name_of(value)]
        return ["device"] if isinstance(value, torch.device) else ["..."]

    def decode(self, tag: str, parts: list[Any], known: Known, depth: int) -> Any:
        match tag:
            case "slice":
                return slice(*(known.decode(v, depth + 1) for v in parts))
            case "dtype":
                return DTYPES[parts[0]]
            case "device":
                return torch.device("cpu")
        return Ellipsis
