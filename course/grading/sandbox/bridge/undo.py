"""Modules of the check that stay where they are: what a guest's calls change of them is undone."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from course.grading.sandbox.bridge.known import Known, mode_of

NUMBERS, MODES = {"zero_grad", "to"}, {"train", "eval"}  # methods, by what they change


class Undo:
    """Notes how modules were before a guest's calls of what changes them, and makes them so again."""

    def __init__(self) -> None:
        self.before: dict[int, Callable[[], bool]] = {}

    def watch(self, method: Any, known: Known) -> None:
        """A guest is about to call `method`: note how its module is, unless the call is for that."""
        module, name = getattr(method, "__self__", None), getattr(method, "__name__", "")
        if name not in NUMBERS | MODES or not isinstance(module, nn.Module):
            return
        keys = {known.keys.get(id(one), "") for one in (module, *module.parameters())}
        if name in MODES:
            keys.add(mode_of(known.keys.get(id(module), "")))
        if not any(keys & may for may in known.open):
            self.before.setdefault(id(module), _undoing(module))

    def all(self) -> bool:
        """Undo it all; whether there was anything."""
        changed = [undo() for undo in self.before.values()]
        self.before.clear()
        return any(changed)


def _undoing(module: nn.Module) -> Callable[[], bool]:
    flags = [(m, m.training) for m in module.modules()]
    tensors = [*module.parameters(), *module.buffers()]
    slopes = [None if t.grad is None else t.grad.clone() for t in tensors]
    kept = [(t, t.data, slope) for t, slope in zip(tensors, slopes, strict=True)]

    def undo() -> bool:
        changed = False
        for one, flag in flags:
            changed |= one.training != flag
            one.training = flag
        for tensor, data, slope in kept:
            changed |= tensor.dtype != data.dtype or not _equal(tensor.grad, slope)
            tensor.data = data
            tensor.grad = slope
        return changed

    return undo


def _equal(one: torch.Tensor | None, two: torch.Tensor | None) -> bool:
    return one is two if one is None or two is None else torch.equal(one, two)
