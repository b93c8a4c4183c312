"""Tensors: their values, gradients, and whether they want any."""

import math
from typing import Any

import torch
from torch import Tensor, nn

from course.grading.sandbox.bridge.channel import LARGEST
from course.grading.sandbox.bridge.codec import Codec
from course.grading.sandbox.bridge.gone import Forged
from course.grading.sandbox.bridge.known import Known
from course.grading.sandbox.bridge.reading import SIZES, truths


def name_of(dtype: torch.dtype) -> str:
    return str(dtype).removeprefix("torch.")


DTYPES = {name: getattr(torch, name) for name in SIZES}


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
        if t.numel() * t.element_size() > LARGEST:
            raise ValueError(
                f"a tensor of {t.numel() * t.element_size() / 2**20:.0f} MiB is too large to be handed over (at most {LARGEST / 2**20:.0f} MiB)"
            )
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
        data = to_bytes(t.detach()) if old is None or new[0] != old[0] else None
        slope: Any = False  # as it was
        if t.is_leaf and (old is None or new[2:] != old[2:]):
            slope = None if t.grad is None else to_bytes(t.grad.detach())
        return ["T", key, data, t.requires_grad, slope]

    def apply(self, key: str, parts: list[Any], known: Known) -> None:
        t = known.find(key)
        data, wants_grad, slope = parts
        if not isinstance(t, Tensor):
            raise Forged("a change of what is no tensor")
        name, shape = name_of(t.dtype), list(t.shape)
        new = None if data is None else from_bytes(data, name, shape)
        new_slope = from_bytes(slope, name, shape) if isinstance(slope, bytes) else None
        inside = isinstance(t, nn.Parameter) or key in known.weights
        made = (data is None and slope is False) or known.may_change(key, inside)
        if made and new is not None:
            with torch.no_grad():
                t.copy_(new)
        if t.is_leaf and t.is_floating_point() and (made or inside):
            t.requires_grad_(wants_grad)
        if made and t.is_leaf and t.is_floating_point() and slope is not False:
            t.grad = new_slope
        known.states[key] = self.state(key, known) if made else None

    def watch(self, parts: list[Any], known: Known) -> None:
        """From now on look at the values of these tensors too: `.data` changes no version."""
        for tag, key, *_ in (p for p in parts if isinstance(p, list)):
            if tag in ("T", "k") and isinstance(known.objects[key], Tensor):
                known.weights.add(key)
                if known.states[key] is not None:
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
    """The tensor of these bytes; raises `Forged` unless they are exactly as many as it has."""
    if math.prod(shape) * SIZES[dtype] != len(data):
        raise Forged(f"{len(data)} bytes for a {dtype} tensor of shape {shape}")
    if dtype == "bool":
        truths(data)
    if not data:
        return torch.zeros(shape, dtype=DTYPES[dtype])
    return torch.frombuffer(bytearray(data), dtype=DTYPES[dtype]).reshape(shape)
