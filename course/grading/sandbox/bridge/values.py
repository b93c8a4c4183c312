"""What crosses a bridge: values as msgpack can carry them, and what was changed in place since.

Nothing that a guest sends is unpickled or looked up by name: the judge's side knows no code for it.
"""

import io
import pickle
from collections.abc import Iterator
from types import GeneratorType
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from course.grading.sandbox.bridge.proxy import Far

DTYPES = {
    str(d).removeprefix("torch."): d
    for d in (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.complex64,
              torch.complex128, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8,
              torch.bool)
}  # fmt: skip
CHECK = "__check__"  # the module name of what a check cell defines
DEEPEST = 50  # containers in containers


class Values:
    """The objects that both sides know, each by a key, and their states when last equal.

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

    def inputs(self) -> list[str]:
        """What a tensor with gradients that comes now may have been made from, on the other side."""
        return []

    def linked(self, key: str, ins: list[str], value: Tensor) -> Tensor:
        """`value`, the other side's tensor `key`, as a function of the tensors `ins`."""
        raise NotImplementedError

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

    def encode(self, value: Any, depth: int = 0) -> Any:
        """`value` as msgpack can carry it."""
        if value is None or type(value) in (bool, float, str, bytes):
            return value
        if type(value) is int:
            return value if -(2**63) <= value < 2**63 else ["i", str(value)]
        if depth > DEEPEST:
            raise ValueError(f"containers in containers, more than {DEEPEST} deep")
        kind = self._container(value)
        if kind in ("l", "t", "s"):
            return [kind, [self.encode(v, depth + 1) for v in value]]
        if kind == "d":
            return ["d", [[self.encode(k, depth + 1), self.encode(v, depth + 1)] for k, v in value.items()]]  # fmt: skip
        if isinstance(value, Tensor):
            return self._tensor_out(value)
        if isinstance(value, Far) and object.__getattribute__(value, "_far")[0] is self:
            return ["k", object.__getattribute__(value, "_far")[1]]
        if id(value) in self.keys:
            return ["k", self.keys[id(value)]]
        if isinstance(value, np.ndarray) and value.dtype.kind in "biufc":
            key = self._keep(value)
            self.states[key] = value.copy()
            return ["n", key, value.dtype.str, list(value.shape), value.tobytes()]
        if isinstance(value, np.generic):
            return self.encode(value.item())
        if isinstance(value, complex):
            return ["c", value.real, value.imag]
        if isinstance(value, slice):
            return ["slice", *(self.encode(v) for v in (value.start, value.stop, value.step))]
        if isinstance(value, torch.dtype):
            return ["dtype", str(value).removeprefix("torch.")]
        if isinstance(value, torch.device):
            return ["device"]
        if value is Ellipsis:
            return ["..."]
        if _of_a_module(value):
            return ["it", [self.encode(v, depth + 1) for v in value]]
        if isinstance(value, torch.Generator):
            key = self._keep(value)
            self.states[key] = value.get_state()
            return ["g", key, self.states[key].numpy().tobytes()]
        if self.side == "judge":
            return self._by_pickle(value)
        return self._by_reference(value)

    def _container(self, value: Any) -> str:
        """The tag of a container that crosses as a value; a guest's named tuple is a tuple."""
        for tag, kind in (
            ("l", list),
            ("t", (tuple, torch.Size)),
            ("s", (set, frozenset)),
            ("d", dict),
        ):
            if isinstance(value, kind) and (
                self.side == "guest"
                or type(value) in (list, tuple, torch.Size, set, frozenset, dict)
            ):
                return tag
        return ""

    def _keep(self, value: Any, key: str = "") -> str:
        if not key:
            self.count += 1
            key = f"{self.side[0]}{self.count}"
        self.objects[key] = value
        self.keys[id(value)] = key
        return key

    def _by_reference(self, value: Any) -> Any:
        return ["r", self._keep(value), getattr(value, "__name__", type(value).__name__)]

    def _tensor_out(self, t: Tensor) -> Any:
        key = self.keys.get(id(t), "")
        theirs = key and not key.startswith(self.side[0])
        if key and not (theirs and t.requires_grad and not t.is_leaf):
            if t.requires_grad:
                self.everything.append(key)
            return ["k", key]
        plain = t.detach()
        if plain.layout != torch.strided or plain.device.type != "cpu":
            plain = plain.to_dense().cpu()
        name = str(plain.dtype).removeprefix("torch.")
        if name not in DTYPES:
            raise ValueError(f"a tensor of {plain.dtype} cannot be handed over")
        key = self._keep(t)
        self.states[key] = self._state(key)
        if t.requires_grad:
            self.everything.append(key)
        slope = _bytes(t.grad.detach()) if t.is_leaf and t.grad is not None else None
        return ["T", key, name, list(t.shape), _bytes(plain), t.requires_grad,
                t.is_leaf, isinstance(t, nn.Parameter), slope]  # fmt: skip

    def _by_pickle(self, value: Any) -> Any:
        """An object of an importable class as a copy; another one by reference."""
        kind = type(value)
        if kind.__module__ == CHECK or getattr(value, "__module__", "") == CHECK:
            return self._by_reference(value)
        keep = isinstance(value, (nn.Module, torch.optim.Optimizer))
        buffer = io.BytesIO()
        pickler = _Pickler(buffer, self)
        try:
            pickler.dump(value)
        except Exception:
            return self._by_reference(value)
        tensors = [k for k in pickler.used if self.objects[k].requires_grad]
        self.everything += tensors
        if not keep:
            return ["p", buffer.getvalue(), pickler.parts, tensors]
        key = self._keep(value)
        self.states[key], self.inside[key] = self._kept_state(value), tensors
        self._know_weights(pickler.parts)
        return ["o", key, buffer.getvalue(), pickler.parts, tensors]

    def decode(self, code: Any, depth: int = 0) -> Any:
        """The value that `encode` of the other side was given. Raises `ValueError` for nonsense."""
        if not isinstance(code, list):
            if code is None or type(code) in (bool, int, float, str, bytes):
                return code
            raise ValueError("what came is no value")
        if depth > DEEPEST + 5:
            raise ValueError("containers in containers, too deep")
        tag, *rest = code
        match tag:
            case "l" | "t" | "s":
                kind = {"l": list, "t": tuple, "s": set}[tag]
                return kind(self.decode(v, depth + 1) for v in rest[0])
            case "it":
                return iter([self.decode(v, depth + 1) for v in rest[0]])
            case "d":
                return {self.decode(k, depth + 1): self.decode(v, depth + 1) for k, v in rest[0]}
            case "i":
                return int(str(rest[0])[:4000])
            case "c":
                return complex(float(rest[0]), float(rest[1]))
            case "slice":
                return slice(*(self.decode(v, depth + 1) for v in rest))
            case "dtype":
                return DTYPES[rest[0]]
            case "device":
                return torch.device("cpu")
            case "...":
                return Ellipsis
            case "k":
                return self.objects[rest[0]]
            case "T":
                return self._tensor_in(*rest)
            case "n":
                array = np.frombuffer(rest[3], np.dtype(rest[1])).reshape(rest[2]).copy()
                self._take(array, rest[0])
                self.states[rest[0]] = array.copy()
                return array
            case "g":
                generator = torch.Generator()
                generator.set_state(_tensor(rest[1], "uint8", [len(rest[1])]))
                self._take(generator, rest[0])
                self.states[rest[0]] = generator.get_state()
                return generator
            case "r":
                self.stateful = True
                far = Far(self, str(rest[0]), str(rest[1])[:100])
                self._take(far, rest[0])
                return far
            case "p" | "o" if self.side == "guest":
                return self._unpickle(tag, rest)
        raise ValueError(f"nobody knows a value of the kind {tag!r}")

    def _take(self, value: Any, key: str) -> None:
        """Remember an object of the other side; it cannot take the place of another."""
        if not isinstance(key, str) or key.startswith(self.side[0]) or key in self.objects:
            raise ValueError(f"the key {key!r} is not the other side's to give")
        self._keep(value, key)

    def _tensor_in(self, key: str, dtype: str, shape: list[int], data: bytes, wants_grad: bool,
                   leaf: bool, parameter: bool, slope: bytes | None = None) -> Tensor:  # fmt: skip
        value = _tensor(data, dtype, shape)
        if wants_grad and (value.is_floating_point() or value.is_complex()):
            ins = [] if leaf else self.inputs()
            if ins and torch.is_grad_enabled():
                value = self.linked(key, ins, value)
            elif parameter:
                value = nn.Parameter(value)
            else:
                value.requires_grad_()
            if leaf:
                self.leaves.append(key)
                value.grad = None if slope is None else _tensor(slope, dtype, shape)
        self._take(value, key)
        self.states[key] = self._state(key)
        return value

    def _unpickle(self, tag: str, rest: list[Any]) -> Any:
        key, data, parts = ("", rest[0], rest[1]) if tag == "p" else rest[:3]
        loader = pickle.Unpickler(io.BytesIO(data))
        decoded = [self.decode(p) for p in parts]
        loader.persistent_load = lambda number: decoded[number]  # type: ignore[method-assign]
        value = loader.load()
        if key:
            self._take(value, key)
            self.states[key] = self._kept_state(value)
            self._know_weights(parts)
        return value

    def _know_weights(self, parts: list[Any]) -> None:
        """From now on look at the values of these tensors too: `.data` changes no version."""
        for tag, key, *_ in (p for p in parts if isinstance(p, list)):
            if tag in ("T", "k") and isinstance(self.objects[key], Tensor):
                self.weights.add(key)
                self.states[key] = self._state(key)

    def _state(self, key: str) -> tuple:
        """What tells whether a tensor has changed: its contents, whether it wants a gradient, that."""
        t = self.objects[key]
        contents = 0 if t.is_inference() else t._version
        seen = hash(_bytes(t.detach())) if key in self.weights else 0
        return (contents, seen), t.requires_grad, _Same(t.grad if t.is_leaf else None)

    # -- changes in place ------------------------------------------------------------------

    def changes(self) -> list[Any]:
        """What has changed on this side since both were equal; from now on they are equal again."""
        found: list[Any] = []
        for key in list(self.states):
            value, old = self.objects[key], self.states[key]
            if isinstance(value, Tensor):
                new = self._state(key)
                if new != old:
                    data = _bytes(value.detach()) if new[0] != old[0] else None
                    slope: Any = False
                    if new[2:] != old[2:]:
                        slope = None if value.grad is None else _bytes(value.grad.detach())
                    found.append(["T", key, data, value.requires_grad, slope])
            elif isinstance(value, torch.Generator):
                new = value.get_state()
                if not torch.equal(new, old):
                    found.append(["g", key, new.numpy().tobytes()])
            elif isinstance(value, np.ndarray):
                new = value.copy()
                if new.tobytes() != old.tobytes():
                    found.append(["n", key, value.tobytes()])
            else:
                new = self._kept_state(value)
                if new != old:
                    found.append(["o", key, self._kept_out(value)])
                    new = self._kept_state(value)
            self.states[key] = new
        state = torch.get_rng_state()
        if not torch.equal(state, self.random):
            found.append(["rng", state.numpy().tobytes()])
            self.random = state
        return found

    def apply(self, changes: list[Any]) -> None:
        """Make the changes of the other side here too."""
        for kind, *rest in changes:
            if kind == "rng":
                torch.set_rng_state(_tensor(rest[0], "uint8", [len(rest[0])]))
                self.random = torch.get_rng_state()
                continue
            key, value = rest[0], self.objects[rest[0]]
            if kind == "T":
                _, data, wants_grad, slope = rest
                name = str(value.dtype).removeprefix("torch.")
                plain = not isinstance(value, nn.Parameter) and key not in self.weights
                if data is not None and not (self.firm and plain):
                    with torch.no_grad():
                        value.copy_(_tensor(data, name, list(value.shape)))
                if value.is_leaf and value.is_floating_point():
                    value.requires_grad_(bool(wants_grad))
                    if slope is not False:
                        value.grad = None if slope is None else _tensor(slope, name, list(value.shape))  # fmt: skip
                self.states[key] = self._state(key)
            elif kind == "g":
                value.set_state(_tensor(rest[1], "uint8", [len(rest[1])]))
                self.states[key] = value.get_state()
            elif kind == "n" and not self.firm:
                value[...] = np.frombuffer(rest[1], value.dtype).reshape(value.shape)
                self.states[key] = value.copy()
            elif kind == "o":
                self._kept_in(value, rest[1])
                self.states[key] = self._kept_state(value)

    @staticmethod
    def _kept_state(value: Any) -> Any:
        """What tells whether a module (its training flags) or an optimizer has changed."""
        if isinstance(value, nn.Module):
            return [m.training for m in value.modules()]
        groups = [{k: v for k, v in g.items() if k != "params"} for g in value.param_groups]
        inner = [
            _Same(v) if isinstance(v, Tensor) else v
            for s in value.state.values() for v in s.values()
        ]  # fmt: skip
        return [repr(groups), inner]

    def _kept_out(self, value: Any) -> Any:
        if isinstance(value, nn.Module):
            return self._kept_state(value)
        fresh = Values(self.side)  # its tensors are copies; they keep no key here
        fresh.count = 10**9 + self.count
        return fresh.encode(value.state_dict())

    def _kept_in(self, value: Any, code: Any) -> None:
        if isinstance(value, nn.Module):
            for module, flag in zip(value.modules(), code, strict=True):
                module.training = bool(flag)
        elif isinstance(value, torch.optim.Optimizer):
            value.load_state_dict(Values(self.side).decode(code))


def _of_a_module(value: Any) -> bool:
    """Whether it is what `parameters()` and their like return: torch's own, of all that there is."""
    return (
        isinstance(value, GeneratorType) and value.gi_code.co_filename == nn.modules.module.__file__
    )


class _Pickler(pickle.Pickler):
    """Pickles by value what can be imported; tensors and what the check made go by key."""

    def __init__(self, file: io.BytesIO, peer: Values) -> None:
        super().__init__(file)
        self.peer, self.parts, self.used = peer, [], []  # type: ignore[var-annotated]
        self.numbers: dict[int, int] = {}

    def persistent_id(self, value: Any) -> int | None:
        mine = getattr(value, "__module__", None) == CHECK or type(value).__module__ == CHECK
        if not (mine or isinstance(value, (Tensor, torch.Generator, Far))):
            return None
        if id(value) not in self.numbers:
            code = self.peer._by_reference(value) if mine else self.peer.encode(value)
            self.used += list(self.peer.with_gradients(code))
            self.numbers[id(value)] = len(self.parts)
            self.parts.append(code)
        return self.numbers[id(value)]


class _Same:
    """Equal to what holds the very same tensor, unchanged; keeps it, so that no other gets its id."""

    def __init__(self, t: Tensor | None) -> None:
        self.tensor, self.version = t, 0 if t is None else t._version

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and (self.tensor is other.tensor, self.version) == (
            True,
            other.version,
        )

    __hash__ = None  # type: ignore[assignment]


def _bytes(t: Tensor) -> bytes:
    fresh = t.resolve_conj().clone(memory_format=torch.contiguous_format).reshape(-1)
    return fresh.view(torch.uint8).numpy().tobytes() if fresh.numel() else b""


def _tensor(data: bytes, dtype: str, shape: list[int]) -> Tensor:
    if any(not isinstance(n, int) or n < 0 for n in shape):
        raise ValueError(f"{shape} is no shape")
    kind = DTYPES[dtype]
    if not data:
        return torch.empty(shape, dtype=kind)
    return torch.frombuffer(bytearray(data), dtype=kind).reshape(shape)
