"""A device without float64, as Apple's are, for a machine that has none."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import torch
from torch.utils._python_dispatch import TorchDispatchMode
from torch.utils._pytree import tree_flatten, tree_map

DEVICE = torch.device("meta")  # others, torch must have been built for
NO_FLOAT64 = "Cannot convert a MPS Tensor to float64 dtype as the MPS framework doesn't support it"
aten = torch.ops.aten
MEETS_THE_CPU = {aten._to_copy, aten.copy_, aten.index, aten.index_put, aten.index_put_}


class Pretended(torch.Tensor):
    """A tensor that says it lies on that device; its numbers, `inner`, lie on the CPU."""

    inner: torch.Tensor

    @staticmethod
    def __new__(cls, inner: torch.Tensor) -> "Pretended":
        if inner.dtype == torch.float64:
            raise TypeError(NO_FLOAT64)
        made = torch.Tensor._make_wrapper_subclass(
            cls,
            inner.shape,
            inner.stride(),
            inner.storage_offset(),
            dtype=inner.dtype,
            device=DEVICE,
        )
        made.inner = inner
        return made

    def __repr__(self) -> str:
        return f"Pretended({self.inner})"

    def tolist(self) -> Any:
        return self.inner.tolist()

    @classmethod
    def __torch_dispatch__(cls, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return run(func, args, kwargs or {})


class Mode(TorchDispatchMode):
    """Sees what is made on the device or moved there."""

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        return run(func, args, kwargs or {})


def run(func: Any, args: Any, kwargs: Any) -> Any:
    """The function, on the CPU, with what lies on the device as it would be there."""
    tensors = [a for a in tree_flatten((args, kwargs))[0] if isinstance(a, torch.Tensor)]
    here = [a for a in tensors if isinstance(a, Pretended)]
    if here and func.overloadpacket not in MEETS_THE_CPU:
        strange = [a for a in tensors if not isinstance(a, Pretended) and a.dim()]
        if strange:
            raise RuntimeError(f"{func}: tensors on {DEVICE} and on the CPU")
    where = kwargs.get("device")
    there = bool(here) if where is None else torch.device(where).type == DEVICE.type
    if where is not None:
        kwargs = {**kwargs, "device": torch.device("cpu")}
    out = func(*tree_map(bare, args), **tree_map(bare, kwargs))
    if not there:
        return out
    given = {id(a.inner): a for a in here}  # what was changed in place is handed back itself

    def sent(a: Any) -> Any:
        if not isinstance(a, torch.Tensor):
            return a
        return given[id(a)] if id(a) in given else Pretended(a)

    return tree_map(sent, out)


def bare(a: Any) -> Any:
    return a.inner if isinstance(a, Pretended) else a


@contextmanager
def device_without_float64() -> Iterator[torch.device]:
    """The device; nothing on it can be float64."""
    with Mode():
        yield DEVICE
