"""One strict reading of each message from a guest, all of it, before anything in it is used.

What it may hold is written here and nowhere else: which requests and kinds of value there are, of
what their parts are, and that a tensor's or an array's bytes are exactly as many as its shape and
dtype say. Nothing is made here. Whatever else comes raises `Forged`, which ends the exchange.
"""

import math
import re
from collections.abc import Callable
from typing import Any, NoReturn

import numpy as np

from course.grading.sandbox.bridge.gone import Forged

DEEPEST = 55  # containers in containers
DIMS, LONGEST = 32, 2**40  # of a shape: how many sizes, and their product, zeros left out
NAME = 16  # bytes of the name of a generator's state
SIZES = {"float64": 8, "float32": 4, "float16": 2, "bfloat16": 2, "complex64": 8, "complex128": 16,
         "int64": 8, "int32": 4, "int16": 2, "int8": 1, "uint8": 1, "bool": 1}  # fmt: skip
ARRAYS = {np.dtype(kind).newbyteorder(order).str: np.dtype(kind).itemsize
          for kind in "?bBhHiIlLqQefdgFDG" for order in "<>"}  # fmt: skip
OPS = {"call": (2, 2), "get": (1, 1), "set": (2, 2), "item": (1, 1), "len": (0, 0), "iter": (0, 0),
       "next": (0, 0), "call_method": (1, 4)}  # fmt: skip
_KEY = re.compile(r"[gj][0-9]{1,15}", re.ASCII)
_WHOLE = re.compile(r"-?[0-9]{1,4000}", re.ASCII)


def message(found: Any) -> dict[str, Any]:
    """`found` if it is a request, a reply or a guest's end; else raises `Forged`."""
    match found:
        case {"ended": str() | int() | None, **rest} if not rest:
            return found
        case {"op": "vjp", "parts": [out, list(ins), vector, bool(), bool()], "sync": sync,
              "grad": bool(), **rest} if not rest:  # fmt: skip
            _keys([out, *ins])
            value(vector)
        case {"op": str(op), "parts": [key, *parts], "sync": sync, "grad": bool(), **rest} if (
            not rest and op in OPS
        ):
            _keys([key])
            _request(op, parts)
        case {"value": returned, "sync": sync, **rest} if not rest:
            value(returned)
        case {"error": [str(name), str(text), str(lines)], "sync": sync, **rest} if not rest:
            if len(name) > 200 or len(text) > 5000 or len(lines) > 20_000:
                _refuse("an error with too long a text")
        case _:
            _refuse("what came is no message")
    if not isinstance(sync, list):
        _refuse("changes that are no list")
    for change in sync:
        _change(change)
    return found


def outputs(found: Any) -> list[dict[str, Any]]:
    """What a cell printed, showed or raised, from the guest's message about it."""
    match found:
        case {"outputs": list(pieces), **rest} if not rest and all(map(_is_output, pieces)):
            return pieces
    _refuse("what came is no cell's outputs")


def _is_output(piece: Any) -> bool:
    match piece:
        case {"output_type": "stream", "name": str(), "text": str()}:
            return True
        case {"output_type": "error", "ename": str(), "evalue": str(), "traceback": list(lines)}:
            return all(isinstance(line, str) for line in lines)
        case {"output_type": "display_data" | "execute_result", "data": dict(data)}:
            return all(isinstance(text, str) for text in data.values())
    return False


def _request(op: str, parts: list[Any]) -> None:
    least, most = OPS[op]
    if not least <= len(parts) <= most:
        _refuse(f"a request {op!r} with {len(parts)} parts")
    for part in parts:
        value(part)
    match op, parts:
        case "call", [["t", _], ["d", pairs]] if all(isinstance(k, str) for k, _ in pairs):
            return
        case "get" | "set" | "call_method", [str(), *_]:
            return
        case "item" | "len" | "iter" | "next", _:
            return
    _refuse(f"a request {op!r} of another form")


# -- values ----------------------------------------------------------------------------------


def value(code: Any, depth: int = 0) -> None:
    """Raise `Forged` where `code` is no value that a guest's `encode` gives."""
    if code is None or type(code) in (bool, int, float, str, bytes):
        return
    if depth > DEEPEST:
        _refuse("containers in containers, too deep")
    match code:
        case [str(tag), *parts] if tag in KINDS:
            KINDS[tag](parts, depth + 1)
        case _:
            _refuse(f"nobody knows a value of the kind {str(code)[:60]!r}")


def _tensor(parts: list[Any], depth: int) -> None:
    match parts:
        case [key, str(dtype), list(shape), bytes(data), bool(), bool(leaf), bool(), slope]:
            _keys([key], fresh=True)
            _numbers(data, shape, SIZES.get(dtype), dtype == "bool")
            if slope is not None:
                if not isinstance(slope, bytes) or not leaf or len(slope) != len(data):
                    _refuse("a gradient that does not fit its tensor")
                _numbers(slope, shape, SIZES[dtype], dtype == "bool")
        case _:
            _refuse("a tensor without its parts")


def _array(parts: list[Any], depth: int) -> None:
    match parts:
        case [key, str(dtype), list(shape), bytes(data)]:
            _keys([key], fresh=True)
            _numbers(data, shape, ARRAYS.get(dtype), dtype.endswith("b1"))
        case _:
            _refuse("an array without its parts")


def _numbers(data: bytes, shape: list[Any], each: int | None, truth: bool) -> None:
    if each is None:
        _refuse("numbers of no known dtype")
    if len(shape) > DIMS or any(type(n) is not int or n < 0 for n in shape):
        _refuse("a shape that is none")
    if math.prod(n or 1 for n in shape) > LONGEST or math.prod(shape) * each != len(data):
        _refuse(f"{len(data)} bytes for a shape of {str(shape)[:60]}")
    if truth:
        truths(data)


def truths(data: bytes) -> None:
    """Raise `Forged` where bytes that stand for truths are other than 0 and 1."""
    if data.translate(None, b"\0\1"):
        _refuse("truths that are neither true nor false")


def _many(parts: list[Any], depth: int) -> None:
    match parts:
        case [list(inside)]:
            for one in inside:
                value(one, depth)
        case _:
            _refuse("a container that is none")


def _pairs(parts: list[Any], depth: int) -> None:
    match parts:
        case [list(pairs)]:
            for pair in pairs:
                if not isinstance(pair, list) or len(pair) != 2:
                    _refuse("a dict without pairs")
                for one in pair:
                    value(one, depth)
        case _:
            _refuse("a dict that is none")


def _parts(*wanted: Callable[[Any], bool]) -> Callable[[list[Any], int], None]:
    def read(parts: list[Any], depth: int) -> None:
        if len(parts) != len(wanted) or not all(f(p) for f, p in zip(wanted, parts, strict=True)):
            _refuse("a value without its parts")

    return read


def _slice(parts: list[Any], depth: int) -> None:
    if len(parts) != 3:
        _refuse("a slice without its parts")
    for part in parts:
        value(part, depth)


def _is_key(key: Any) -> bool:
    return isinstance(key, str) and bool(_KEY.fullmatch(key))


def _is_fresh(key: Any) -> bool:
    return _is_key(key) and key[0] == "g"


def _is_float(number: Any) -> bool:
    return type(number) is float


KINDS: dict[str, Callable[[list[Any], int], None]] = {
    "T": _tensor,
    "n": _array,
    **dict.fromkeys(("l", "t", "s", "it"), _many),
    "d": _pairs,
    "slice": _slice,
    "k": _parts(_is_key),
    "r": _parts(_is_fresh, lambda name: isinstance(name, str) and len(name) <= 200),
    "g": _parts(_is_fresh, lambda name: isinstance(name, bytes) and len(name) == NAME),
    "i": _parts(lambda text: isinstance(text, str) and bool(_WHOLE.fullmatch(text))),
    "c": _parts(_is_float, _is_float),
    "dtype": _parts(lambda name: isinstance(name, str) and name in SIZES),
    "device": _parts(),
    "...": _parts(),
}


# -- changes ---------------------------------------------------------------------------------


def _change(change: Any) -> None:
    match change:
        case ["T", key, None | bytes(), bool(), None | False | bytes()]:
            _keys([key])
        case ["n", key, bytes()]:
            _keys([key])
        case ["g", key, bytes(name)] if len(name) == NAME:
            _keys([key])
        case ["o", key, list(flags)] if all(type(f) is bool for f in flags):
            _keys([key])
        case ["o", key, state]:
            _keys([key])
            value(state)
        case ["rng", bytes(name)] if len(name) == NAME:
            return
        case _:
            _refuse("a change that is none")


def _keys(keys: list[Any], fresh: bool = False) -> None:
    if not all(map(_is_fresh if fresh else _is_key, keys)):
        _refuse("a key that is none")


def _refuse(why: str) -> NoReturn:
    raise Forged(why)
