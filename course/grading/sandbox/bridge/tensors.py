"""Tensors: their values, gradients, and whether they want any."""

from typing import Any

import torch
from torch import Tensor, nn

from course.grading.sandbox.bridge.codec import Codec
from course.grading.sandbox.bridge.known import Known


def name_of(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


DTYPES = {
    name_of(d): d
    for d in (torch.float64, torch.float32, torch.float16, torch.bfloat16, torch.complex64,
              torch.complex128, torch.int64, torch.int32, torch.int16, torch.int8, torch.uint8,
              torch.bool)
}  # fmt: skip


class Tensors(Codec):
    """A tensor crosses once, and by its key from then on."""

    tags = ("T",)
    change_tag = "T"

    def takes(self, value: Any, known: Known) -> bool:
        return isinstance(value, Tensor)

    def encode(self, value: Any, known: Known, depth: int) -> Any:
        t: Tensor = value
        key = known.keys.get(id(t), "")
        theirs = key and not known.is_mine(key)
        if key and not (theirs and t.requires_grad and not t.is_leaf):
            if t.requires_grad:
                known.everything.append(key)
            return ["k", key]
        plain = t.detach()
        if plain.layout != torch.strided or plain.device.type != "cpu":
            plain = plain.to_dense().cpu()
        name = name_of(plain.dtype)
        if name not in DTYPES:
            raise ValueError(f"a tensor of {plain.dtype} cannot be handed over")
        key = known.keep(t)
        known.states[key] = self.state(key, known)
        if t.requires_grad:
            known.everything.append(key)
        slope = to_bytes(t.grad.detach()) if t.is_leaf and t.grad is not None else None
        return ["T", key, name, list(t.shape), to_bytes(plain), t.requires_grad,
                t.is_leaf, isinstance(t, nn.Parameter), slope]  # fmt: skip

    def decode(self, tag: str, parts: list[Any], known: Known, depth: int) -> Any:
        return self._decode(known, *parts)

    def _decode(self, known: Known, key: str, dtype: str, shape: list[int], data: bytes,
                wants_grad: bool, leaf: bool, parameter: bool, slope: bytes | None = None) -> Tensor:  # fmt: skip
        value = from_bytes(data, dtype, shape)
        if wants_grad and (value.is_floating_point() or value.is_complex()):
            ins = [] if leaf else known.inputs()
            if ins and torch.is_grad_enabled():
                value = known.linked(key, ins, value)
            elif parameter:
                value = nn.Parameter(value)
            else:
                value.requires_grad_()
            if leaf:
                known.leaves.append(key)
                value.grad = None if slope is None else from_bytes(slope, dtype, shape)
        known.take(value, key)
        known.states[key] = self.state(key, known)
        return value

    def state(self, key: str, known: Known) -> Any:
        """Its contents, whether it wants a gradient, and that."""
        t = known.objects[key]
        contents = 0 if t.is_inference() else t._version
        seen = hash(to_bytes(t.detach())) if key in known.weights else 0
        return (contents, seen), t.requires_grad, Same(t.grad if t.is_leaf else None)

    def change(self, key: str, old: Any, new: Any, known: Known) -> list[Any] | None:
        if new == old:
            return None
        t = known.objects[key]
        data = to_bytes(t.detach()) if new[0] != old[0] else None
        slope: Any = False  # as it was
        if new[2:] != old[2:]:
            slope = None if t.grad is None else to_bytes(t.grad.detach())
        return ["T", key, data, t.requires_grad, slope]

    def apply(self, key: str, parts: list[Any], known: Known) -> None:
        t = known.objects[key]
        data, wants_grad, slope = parts
        name, shape = name_of(t.dtype), list(t.shape)
        plain = not isinstance(t, nn.Parameter) and key not in known.weights
        if data is not None and not (known.firm and plain):
            with torch.no_grad():
                t.copy_(from_bytes(data, name, shape))
        if t.is_leaf and t.is_floating_point():
            t.requires_grad_(bool(wants_grad))
            if slope is not False:
                t.grad = None if slope is None else from_bytes(slope, name, shape)
        known.states[key] = self.state(key, known)

    def watch(self, parts: list[Any], known: Known) -> None:
        """From now on look at the values of these tensors too: `.data` changes no version."""
        for tag, key, *_ in (p for p in parts if isinstance(p, list)):
            if tag in ("T", "k") and isinstance(known.objects[key], Tensor):
                known.weights.add(key)
                known.states[key] = self.state(key, known)


class Same:
    """Equal to what holds the very same tensor, unchanged; keeps it, so that no other gets its id."""

    def __init__(self, t: Tensor | None) -> None:
        self.tensor, self.version = t, 0 if t is None else t._version

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Same) and (self.tensor is other.tensor, self.version) == (
            True,
            other.version,
        )

    __hash__ = None  # type: ignore[assignment]


def to_bytes(t: Tensor) -> bytes:
    fresh = t.resolve_conj().clone(memory_format=torch.contiguous_format).reshape(-1)
    return fresh.view(torch.uint8).numpy().tobytes() if fresh.numel() else b""


def from_bytes(data: bytes, dtype: str, shape: list[int]) -> Tensor:
    if any(not isinstance(n, int) or n < 0 for n in shape):
        raise ValueError(f"{shape} is no shape")
    kind = DTYPES[dtype]
    if not data:
        return torch.empty(shape, dtype=kind)
    return torch.frombuffer(bytearray(data), dtype=kind).reshape(shape)
