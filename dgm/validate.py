"""Checks of arguments, shared by the whole package.

Functions declare their shapes with `@shapes`. Bad input is a `ValueError` that names the argument,
what came and what is wanted. What estimators and networks read is checked in `dgm.arrays`.
"""

import inspect
import math
import threading
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, NamedTuple, ParamSpec, TypeVar

import torch
from torch import nn

from dgm.arrays import check_dtype, check_input, takes
from dgm.precision import is_half, wide, with_float64

__all__ = ["KINDS", "check_dtype", "check_input", "check_range", "is_half", "shapes", "takes"]

P = ParamSpec("P")
R = TypeVar("R")
Places = dict[str, int]  # arguments: their names and positions
_calls = threading.local()  # .inside: a checked function of the package is running in this thread


class Kind(NamedTuple):
    """A condition on an argument: `of` looks at its dtype, or else at its values.

    Example:
        >>> Kind("even numbers", lambda a: (a % 2 == 0).all()).of(torch.tensor([2, 4])).item()
        True
    """

    words: str
    of: Callable[[torch.Tensor], Any]
    looks_at_values: bool = True
    widens: bool = False  # half precision comes as float32
    exact: bool = False  # and what lies on a device without float64 comes from the CPU


KINDS = {
    "float": Kind("floating-point numbers", torch.is_floating_point, looks_at_values=False),
    "number": Kind("floating-point numbers", torch.is_floating_point, False, widens=True),
    "exact": Kind("floating-point numbers", torch.is_floating_point, False, True, exact=True),
    "int": Kind("integers (int64)", lambda a: a.dtype == torch.int64, looks_at_values=False),
    "binary": Kind("0 and 1 only", lambda a: ((a == 0) | (a == 1)).all()),
    "positive": Kind("numbers above 0", lambda a: (a > 0).all()),
    "nonnegative": Kind("numbers of 0 or more", lambda a: (a >= 0).all()),
    "share": Kind("numbers from 0 to 1", lambda a: ((a >= 0) & (a <= 1)).all()),
    "grey": Kind("numbers from -1 to 1", lambda a: (a.abs() <= 1).all()),
    "same rows": Kind("rows that are all the same", lambda a: (a == a[:1]).all()),
}


class Wanted(NamedTuple):
    """What `@shapes` asks of one argument.

    Example:
        >>> Wanted("x", 0, False, ("B", "2"), (KINDS["float"],), None, None).dims
        ('B', '2')
    """

    name: str
    position: int
    optional: bool  # None will do
    dims: tuple[str, ...]
    kinds: tuple[Kind, ...]
    below: str | None  # the argument that labels stay below
    within: tuple[int, str] | None  # the first step, and the argument whose .T is the last


def shapes(**spec: str) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Check the tensors that a function is called with.

    Each keyword names an argument and says its shape: `X="n d"`. A dimension named twice has
    one size; a number stands for itself; `*D` is any run of trailing dimensions, also shared;
    `...` is any shape; an empty text is a tensor without dimensions. After a colon come the
    kinds of `KINDS`, with commas: `theta="d: float"`, `y="n: binary"`. All arguments marked
    `float` share one dtype. `number` is the same for what is measured with: half precision comes
    to the function as float32, see `dgm.precision`; `exact` too, for what computes in float64:
    from a device that has none the argument comes to the CPU. `y="n: int < n_classes"` asks for labels 0..n_classes-1, where
    `n_classes` is a number or a tensor of the same shape; `t="B: int in 1..schedule.T"` for steps.
    An argument whose default is None may be None.

    Shapes and dtypes are always checked. Values (NaN, the other kinds) are checked on the CPU
    alone, and not again in functions that a checked function calls.

    Raises:
        ValueError: when the function is called with something else.

    Example:
        >>> shapes(x="B 2")(lambda x: 2 * x)(torch.ones(3))
        Traceback (most recent call last):
        ValueError: <lambda>: x has shape (3,), wanted (B, 2)
    """

    def decorate(function: Callable[P, R]) -> Callable[P, R]:
        parameters = inspect.signature(function).parameters
        wanted = [_parse(name, parameters, text) for name, text in spec.items()]
        numbers = {w.name: w.position for w in wanted if any(k.widens for k in w.kinds)}
        exact = {w.name: w.position for w in wanted if KINDS["exact"] in w.kinds}
        where, method = function.__name__, next(iter(parameters), "") == "self"
        seen: set[Any] = set()  # shapes and dtypes that are known to be right

        @wraps(function)
        def checked(*args: P.args, **kwargs: P.kwargs) -> R:
            if torch.compiler.is_compiling():
                args, kwargs = _widened(numbers, {}, args, kwargs)  # type: ignore[assignment]
                return function(*args, **kwargs)
            given = [
                args[w.position] if w.position < len(args) else kwargs.get(w.name) for w in wanted
            ]
            key = tuple([(a.shape, a.dtype) if isinstance(a, torch.Tensor) else a for a in given])
            if not _is_in(key, seen):
                if any(a is None and not w.optional for a, w in zip(given, wanted, strict=True)):
                    inspect.signature(function).bind(*args, **kwargs)  # the usual TypeError
                _check_form(where, wanted, given)
                if len(seen) > 1000:
                    seen.clear()
                seen.add(key)
            if numbers and any(_comes_otherwise(a, bool(exact)) for a in given):
                args, kwargs = _widened(numbers, exact, args, kwargs)  # type: ignore[assignment]
            if method and isinstance(args[0], nn.Module):
                for w, a in zip(wanted, given, strict=True):
                    if KINDS["float"] in w.kinds and isinstance(a, torch.Tensor):
                        check_dtype(args[0], w.name, a)
            if getattr(_calls, "inside", False):
                return function(*args, **kwargs)
            bound = dict(zip(parameters, args, strict=False)) | kwargs
            _check_values(where, wanted, given, bound)
            _calls.inside = True
            try:
                return function(*args, **kwargs)
            finally:
                _calls.inside = False

        return checked

    return decorate


def _comes_otherwise(a: Any, exact: bool) -> bool:
    """Whether `_widened` might make something else of it."""
    far = exact and isinstance(a, torch.Tensor) and a.device.type != "cpu"
    return far or is_half(a)


def _widened(numbers: Places, exact: Places, args: Any, kwargs: Any) -> tuple[Any, Any]:
    """The arguments, `numbers` in float32 at least, and `exact` where there is float64."""

    def brought(name: Any, a: Any) -> Any:
        a = wide(a) if name in numbers or name in numbers.values() else a
        return with_float64(a) if name in exact or name in exact.values() else a

    return (
        tuple([brought(i, a) for i, a in enumerate(args)]),
        {name: brought(name, a) for name, a in kwargs.items()},
    )


def _is_in(key: Any, seen: set[Any]) -> bool:
    try:
        return key in seen
    except TypeError:  # a list or an array in place of a tensor
        return False


def _parse(name: str, parameters: Mapping[str, inspect.Parameter], text: str) -> Wanted:
    dims, _, words = text.partition(":")
    kinds, below, within = [], None, None
    for word in filter(None, (w.strip() for w in words.split(","))):
        word, _, steps = (part.strip() for part in word.partition(" in "))
        kind, _, limit = (part.strip() for part in word.partition("<"))
        kinds.append(KINDS[kind])
        below = limit or below
        if steps:
            first, _, last = steps.partition("..")
            within = int(first), last.removesuffix(".T")
    position = list(parameters).index(name)
    optional = parameters[name].default is None
    return Wanted(name, position, optional, tuple(dims.split()), tuple(kinds), below, within)


def _check_form(where: str, wanted: list[Wanted], given: list[Any]) -> None:
    """Raise ValueError unless types, shapes and dtypes are as wanted."""
    sizes: dict[str, tuple[Any, str, Any]] = {}  # dimension: its size, and whose it was
    first_float: tuple[str, torch.dtype] | None = None
    for w, a in zip(wanted, given, strict=True):
        if a is None and w.optional:
            continue
        if not isinstance(a, torch.Tensor):
            raise ValueError(
                f"{where}: {w.name} is of type {type(a).__name__}, "
                f"wanted a torch.Tensor of shape {_show(w.dims)}"
            )
        _check_shape(where, w.name, a, w.dims, sizes)
        for kind in w.kinds:
            if not kind.looks_at_values and not kind.of(a):
                raise ValueError(f"{where}: {w.name} is {a.dtype}, wanted {kind.words}")
        if {KINDS["float"], KINDS["number"], KINDS["exact"]} & {*w.kinds}:
            dtype = a.dtype if KINDS["float"] in w.kinds else wide(a[:0] if a.ndim else a).dtype
            first_float = first_float or (w.name, dtype)
            if first_float[1] != dtype:
                raise ValueError(
                    f"{where}: {w.name} is {a.dtype}, but {first_float[0]} is {first_float[1]}: "
                    "wanted one dtype, convert with .to()"
                )


def _check_shape(
    where: str, name: str, a: torch.Tensor, dims: tuple[str, ...], sizes: dict[str, Any]
) -> None:
    shape = tuple(a.shape)
    if 0 in shape:
        raise ValueError(f"{where}: {name} has shape {shape}, which is empty: it needs some data")
    if dims == ("...",):
        return
    fixed, rest = (dims[:-1], dims[-1]) if dims and dims[-1][0] == "*" else (dims, None)
    right_rank = len(shape) == len(fixed) if rest is None else len(shape) >= len(fixed)
    found = [*zip(fixed, shape, strict=False)]
    if rest is not None:
        found.append((rest, shape[len(fixed) :]))  # type: ignore[arg-type]
    for dim, size in found if right_rank else ():
        if dim.isdigit():
            right_rank = right_rank and size == int(dim)
            continue
        known = sizes.setdefault(dim, (size, name, shape))
        if known[0] != size:
            raise ValueError(
                f"{where}: {name} has shape {shape}, wanted {_show(dims)} with "
                f"{dim}={known[0]} from {known[1]} of shape {known[2]}"
            )
    if not right_rank:
        raise ValueError(f"{where}: {name} has shape {shape}, wanted {_show(dims)}")


def _check_values(
    where: str, wanted: list[Wanted], given: list[Any], bound: dict[str, Any]
) -> None:
    """Raise ValueError unless the values of tensors on the CPU are as wanted."""
    for w, a in zip(wanted, given, strict=True):
        if a is None or a.device.type != "cpu":
            continue
        a = a.detach()
        try:
            if a.is_floating_point() and _has_nan(a):
                raise ValueError(f"{where}: {w.name} has NaN in it: drop or fill those entries")
            for kind in w.kinds:
                if kind.looks_at_values and not kind.of(a):
                    raise ValueError(f"{where}: {w.name} has other values, wanted {kind.words}")
            if w.below and (a.min() < 0 or (a >= bound[w.below]).any()):
                limit = bound[w.below]
                tail = f"{limit - 1} ({w.below}={limit})" if isinstance(limit, int) else None
                raise ValueError(
                    f"{where}: {w.name} runs from {a.min()} to {a.max()}, "
                    f"wanted 0 to {tail or f'1 below {w.below} in each row'}"
                )
            if w.within and (a.min() < w.within[0] or a.max() > bound[w.within[1]].T):
                raise ValueError(
                    f"{where}: {w.name} runs from {a.min()} to {a.max()}, "
                    f"wanted {w.within[0]} to {bound[w.within[1]].T} ({w.within[1]}.T)"
                )
        except RuntimeError:  # inside torch.func's transforms no value can be looked at
            return


def check_range(name: str, a: torch.Tensor, low: float, high: float, hint: str = "") -> None:
    """Raise ValueError unless a tensor on the CPU lies in a range: in functions called by others too.

    Example:
        >>> check_range("y", torch.tensor([3, 10]), 0, 9)
        Traceback (most recent call last):
        ValueError: y runs from 3 to 10, wanted 0 to 9
    """
    if a.device.type == "cpu" and not low <= a.min() <= a.max() <= high:
        found = " to ".join(f"{number:.6g}" for number in (a.min().item(), a.max().item()))
        raise ValueError(f"{name} runs from {found}, wanted {low} to {high}{hint}")


def _has_nan(a: torch.Tensor) -> bool:
    """One sum finds NaN in most cases; inf - inf asks for a second look."""
    return math.isnan(a.sum()) and bool(a.isnan().any())


def _show(dims: tuple[str, ...]) -> str:
    return f"({', '.join(dims)}{',' if len(dims) == 1 else ''})"
