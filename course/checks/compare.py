"""Compares what an answer gave with what was wanted, and says in words the first thing that differs."""

import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import torch
from torch import Tensor


@dataclass(frozen=True)
class Rule:
    """How much two results must agree; the defaults are the strictest that a text promises often."""

    rtol: float = 1e-5
    atol: float = 1e-6
    dtype: bool | str = True  # the same; "float": any float; False: any
    tensor: bool = True  # a tensor where one is wanted; else a number or an array will do
    shape: str = "same"  # "one": one number in any shape; "wide": any that broadcasts to it
    values: bool = True  # else shape and dtype alone: of what is drawn
    gradient: bool = False  # by every float tensor that was given


@dataclass(frozen=True)
class Raised:
    """What an answer did in place of giving a result."""

    kind: str
    text: str
    error: BaseException | None = field(default=None, compare=False)


def difference(wanted: Any, got: Any, rule: Rule) -> str:
    """What is wrong with `got`, in a sentence without its first capital; nothing if it agrees."""
    if isinstance(wanted, Raised) or isinstance(got, Raised):
        return _raised(wanted, got)
    if isinstance(wanted, dict) and isinstance(got, dict):
        return _named(wanted, got, rule)
    if got is None and wanted is not None:
        return "nothing came back: is a `return` missing?"
    if isinstance(wanted, Tensor):
        return _tensor(wanted, got, rule)
    if isinstance(wanted, (tuple, list)):
        return _several(wanted, got, rule)
    if isinstance(wanted, float):
        return _tensor(torch.tensor(wanted, dtype=torch.float64), got, _as_number(rule))
    if isinstance(wanted, (int, bool, str, frozenset)) or wanted is None:
        plain = _plain(got)
        same = type(got) is bool if isinstance(wanted, bool) else not isinstance(got, bool)
        same = same and not isinstance(plain, (Tensor, np.ndarray)) and plain == wanted
        return "" if same else f"{wanted!r} is wanted, got {_short(got)}"
    return "" if type(got) is type(wanted) else f"{_a(wanted)} is wanted, got {_a(got)}"


def _as_number(rule: Rule) -> Rule:
    return Rule(rule.rtol, rule.atol, dtype=False, tensor=False, shape="one")


def _plain(value: Any) -> Any:
    """A number out of a tensor or an array that holds one, so that it can stand for an `int`."""
    if isinstance(value, (Tensor, np.ndarray, np.generic)) and math.prod(value.shape) == 1:
        return value.item()
    return value


def _raised(wanted: Any, got: Any) -> str:
    if not isinstance(wanted, Raised):
        return f"{got.kind}: {got.text}" if got.text else got.kind
    if not isinstance(got, Raised):
        return f"this should raise {wanted.kind}, and it gave {_short(got)}"
    kinds = {k.__name__ for k in type(got.error).__mro__} if got.error else {got.kind}
    return "" if wanted.kind in kinds | {got.kind} else f"this should raise {wanted.kind}, and it raised {got.kind}: {got.text}"  # fmt: skip


def _named(wanted: dict, got: dict, rule: Rule) -> str:
    for label, value in wanted.items():
        if label not in got:
            return f"{label}: missing"
        if found := difference(value, got[label], rule):
            return f"{label}: {found}" if label else found
    strange = [label for label in got if label not in wanted]
    return f"{strange[0]!r} is not wanted" if strange else ""


def _several(wanted: tuple | list, got: Any, rule: Rule) -> str:
    if not isinstance(got, (tuple, list)) and not (
        isinstance(got, (Tensor, np.ndarray)) and got.ndim and len(got) == len(wanted)
    ):
        return f"{len(wanted)} things are wanted, got {_a(got)}"
    if len(got) != len(wanted):
        return f"{len(wanted)} things are wanted, got {len(got)}"
    for number, (w, g) in enumerate(zip(wanted, got, strict=True)):
        if found := difference(w, g, rule):
            return f"number {number + 1} of {len(wanted)}: {found}"
    return ""


def _tensor(wanted: Tensor, got: Any, rule: Rule) -> str:
    if not isinstance(got, Tensor):
        if rule.tensor:
            return f"a tensor is wanted, got {_a(got)}"
        try:
            got = torch.as_tensor(got)
        except (TypeError, ValueError, RuntimeError):
            return f"a number is wanted, got {_a(got)}"
    if problem := _shape(wanted, got, rule):
        return problem
    if problem := _dtype(wanted, got, rule):
        return problem
    return _values(wanted, got, rule) if rule.values else ""


def _shape(wanted: Tensor, got: Tensor, rule: Rule) -> str:
    if rule.shape == "one":
        same = wanted.shape == got.shape or wanted.numel() == got.numel() == 1
        return "" if same else f"one number is wanted, got shape {tuple(got.shape)}"
    if wanted.shape == got.shape:
        return ""
    if rule.shape == "wide" and got.dim() == wanted.dim():
        try:
            torch.broadcast_shapes(got.shape, wanted.shape)
            return ""
        except RuntimeError:
            pass
    return f"shape {tuple(wanted.shape)} is wanted, got {tuple(got.shape)}"


def _dtype(wanted: Tensor, got: Tensor, rule: Rule) -> str:
    if got.is_complex() and not wanted.is_complex():
        return f"{'a real number' if wanted.numel() == 1 else _kind(wanted)} is wanted, got {_kind(got)}"
    if rule.dtype is False or wanted.dtype == got.dtype:
        return ""
    if rule.dtype == "float" and wanted.is_floating_point() and got.is_floating_point():
        return ""
    return f"{_kind(wanted)} is wanted, got {_kind(got)}"


def _kind(value: Tensor) -> str:
    return str(value.dtype).removeprefix("torch.")


def _values(wanted: Tensor, got: Tensor, rule: Rule) -> str:
    w, g = wanted.detach(), got.detach()
    if rule.shape == "one":
        w, g = w.reshape(-1), g.reshape(-1)
    if w.is_complex() or g.is_complex():
        w, g = (
            torch.view_as_real(w.to(torch.complex128)),
            torch.view_as_real(g.to(torch.complex128)),
        )
    w, g = torch.broadcast_tensors(w.double(), g.double())
    apart = ~torch.isclose(g, w, rtol=rule.rtol, atol=rule.atol, equal_nan=True)
    if not apart.any():
        return ""
    place = tuple(apart.nonzero()[0].tolist())
    a, b = _two(w[place].item(), g[place].item())
    count = int(apart.sum())
    more = f" ({count} of {apart.numel()} entries differ)" if apart.numel() > 1 else ""
    where = (
        f"entry {place if len(place) > 1 else place[0]} should be "
        if w.numel() > 1
        else "it should be "
    )
    return f"{where}{a}, got {b}{more}"


def _two(a: float, b: float) -> tuple[str, str]:
    """Two numbers with as many digits as tell them apart."""
    for digits in (4, 6, 8, 12):
        x, y = f"{a:.{digits}g}", f"{b:.{digits}g}"
        if x != y:
            return x, y
    return repr(a), repr(b)


def _a(value: Any) -> str:
    if isinstance(value, Raised):
        return f"{value.kind}"
    return "None" if value is None else f"{type(value).__name__}"


def _short(value: Any) -> str:
    if isinstance(value, Tensor):
        return (
            f"a tensor of shape {tuple(value.shape)}"
            if value.numel() > 1
            else f"{value.item():.6g}"
        )
    text = repr(value)
    return text if len(text) < 60 else f"{text[:57]}…"
