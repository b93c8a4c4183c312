"""What crosses a bridge: values as msgpack can carry them, and what was changed in place since.

Each kind of value has a codec. Nothing that a guest sends is unpickled or looked up by name: the
judge's side knows no code for it.
"""

from typing import Any

from course.grading.sandbox.bridge import generators
from course.grading.sandbox.bridge.arrays import Arrays
from course.grading.sandbox.bridge.codec import Codec
from course.grading.sandbox.bridge.copies import Copies
from course.grading.sandbox.bridge.gone import Forged
from course.grading.sandbox.bridge.known import Known
from course.grading.sandbox.bridge.plain import Containers, Numbers, Weights, Words
from course.grading.sandbox.bridge.proxy import Proxies
from course.grading.sandbox.bridge.tensors import Tensors

DEEPEST = 50  # containers in containers
TENSORS, ARRAYS, GENERATORS = Tensors(), Arrays(), generators.Generators()
CONTAINERS, PROXIES, COPIES = Containers(), Proxies(), Copies(TENSORS)
OLD: tuple[Codec, ...] = (CONTAINERS, TENSORS, PROXIES)  # they know by themselves what has a key
NEW: tuple[Codec, ...] = (ARRAYS, Numbers(), Words(), Weights(), GENERATORS, COPIES)
BY_TAG = {tag: codec for codec in (*OLD, *NEW) for tag in codec.tags}
BY_CHANGE = {codec.change_tag: codec for codec in (TENSORS, ARRAYS, GENERATORS, COPIES)}


class Values(Known):
    """Encodes and decodes values, and keeps both sides' objects equal."""

    def apart(self) -> "Values":
        return Values(self.side)

    def encode(self, value: Any, depth: int = 0) -> Any:
        if value is None or type(value) in (bool, float, str, bytes):
            return value
        if type(value) is int and -(2**63) <= value < 2**63:
            return value
        if depth > DEEPEST:
            raise ValueError(f"containers in containers, more than {DEEPEST} deep")
        for codec in OLD:
            if codec.takes(value, self):
                return codec.encode(value, self, depth)
        if id(value) in self.keys:
            return ["k", self.keys[id(value)]]
        for codec in NEW:
            if codec.takes(value, self):
                return codec.encode(value, self, depth)
        return self.by_reference(value)

    def decode(self, code: Any, depth: int = 0) -> Any:
        if not isinstance(code, list):
            if code is None or type(code) in (bool, int, float, str, bytes):
                return code
            raise ValueError("what came is no value")
        if depth > DEEPEST + 5:
            raise ValueError("containers in containers, too deep")
        tag, *parts = code
        if tag == "k":
            return self.find(parts[0])
        if not isinstance(tag, str) or tag not in BY_TAG:
            raise ValueError(f"nobody knows a value of the kind {tag!r}")
        return BY_TAG[tag].decode(tag, parts, self, depth)

    def changes(self, anew: bool = False) -> list[Any]:
        """What has changed on this side since both were equal; from now on they are equal again.

        What the other side has changed and this side has not is sent where all begins `anew`.
        """
        found: list[Any] = []
        for key, old in list(self.states.items()):
            if old is None and not anew:
                continue
            value = self.objects[key]
            codec = next((c for c in (TENSORS, ARRAYS, GENERATORS) if c.takes(value, self)), COPIES)
            new = codec.state(key, self)
            found.append(codec.change(key, old, new, self))
            self.states[key] = new
        found.append(generators.global_change(self))
        return [change for change in found if change is not None]

    def apply(self, changes: list[Any]) -> None:
        """Make the changes of the other side here too, or note them: `known` says which."""
        for kind, *parts in changes:
            if kind == "rng":
                generators.apply_global(parts[0], self)
            elif parts[0] not in self.states:
                raise Forged("a change of what cannot be changed")
            else:
                BY_CHANGE[kind].apply(parts[0], parts[1:], self)
