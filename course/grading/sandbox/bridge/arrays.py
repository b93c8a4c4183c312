"""NumPy's arrays of numbers."""

from typing import Any

import numpy as np

from course.grading.sandbox.bridge.codec import Codec
from course.grading.sandbox.bridge.known import Known


class Arrays(Codec):
    """An array crosses once; its state is a copy of it."""

    tags = ("n",)
    change_tag = "n"

    def takes(self, value: Any, known: Known) -> bool:
        return isinstance(value, np.ndarray) and value.dtype.kind in "biufc"

    def encode(self, value: Any, known: Known, depth: int) -> Any:
        key = known.keep(value)
        known.states[key] = self.state(key, known)
        return ["n", key, value.dtype.str, list(value.shape), value.tobytes()]

    def decode(self, tag: str, parts: list[Any], known: Known, depth: int) -> Any:
        key, dtype, shape, data = parts
        array = np.frombuffer(data, np.dtype(dtype)).reshape(shape).copy()
        known.take(array, key)
        known.states[key] = self.state(key, known)
        return array

    def state(self, key: str, known: Known) -> Any:
        return known.objects[key].copy()

    def change(self, key: str, old: Any, new: Any, known: Known) -> list[Any] | None:
        return None if new.tobytes() == old.tobytes() else ["n", key, new.tobytes()]

    def apply(self, key: str, parts: list[Any], known: Known) -> None:
        if known.firm:
            return
        value = known.objects[key]
        value[...] = np.frombuffer(parts[0], value.dtype).reshape(value.shape)
        known.states[key] = self.state(key, known)
