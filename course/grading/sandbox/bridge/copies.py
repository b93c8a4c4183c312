"""Objects of importable classes, which the guest gets as a copy; modules and optimizers stay equal.

Only the judge pickles, and only the guest unpickles.
"""

import io
import pickle
from types import MethodType
from typing import Any

import torch
from torch import Tensor, nn

from course.grading.sandbox.bridge.allowed import of_the_check
from course.grading.sandbox.bridge.codec import Codec
from course.grading.sandbox.bridge.gone import Forged
from course.grading.sandbox.bridge.known import Known, mode_of
from course.grading.sandbox.bridge.proxy import Proxy
from course.grading.sandbox.bridge.tensors import Same, Tensors


class Given:
    """Holds a module that the guest is given for itself: it is not kept equal."""

    def __init__(self, value: nn.Module) -> None:
        self.value = value


class Copies(Codec):
    """What the judge can pickle: a plain object once, a module or optimizer kept equal after."""

    tags = ("p", "o")
    change_tag = "o"

    def __init__(self, tensors: Tensors) -> None:
        self.tensors = tensors

    def takes(self, value: Any, known: Known) -> bool:
        return known.side == "judge"

    def encode(self, value: Any, known: Known, depth: int) -> Any:
        """A copy; of what the check made, or cannot be pickled, a reference."""
        equal = isinstance(value, (nn.Module, torch.optim.Optimizer))
        value = value.value if isinstance(value, Given) else value
        if _made_by_the_check(value):
            return known.by_reference(value)
        buffer = io.BytesIO()
        pickler = _Pickler(buffer, known)
        try:
            pickler.dump(value)
        except Exception:
            return known.by_reference(value)
        used = [k for k in pickler.used if known.objects[k].requires_grad]
        known.everything += used
        if not equal:
            return ["p", buffer.getvalue(), pickler.parts, used]
        key = known.keep(value)
        known.states[key], known.inside[key] = self.state(key, known), used
        self.tensors.watch(pickler.parts, known)
        if isinstance(value, nn.Module):
            known.held_by[key] = _tensors_of(pickler.parts)
        else:
            held = [p for group in value.param_groups for p in group["params"]]
            known.trains[key] = {known.keys[id(p)] for p in held if id(p) in known.keys}
        return ["o", key, buffer.getvalue(), pickler.parts, used]

    def decode(self, tag: str, parts: list[Any], known: Known, depth: int) -> Any:
        if known.side != "guest":
            raise ValueError(f"nobody knows a value of the kind {tag!r}")
        key, data, inner = ("", parts[0], parts[1]) if tag == "p" else parts[:3]
        loader = pickle.Unpickler(io.BytesIO(data))
        decoded = [known.decode(p) for p in inner]
        loader.persistent_load = lambda number: decoded[number]  # type: ignore[method-assign]
        value = loader.load()
        if key:
            known.take(value, key)
            known.states[key] = self.state(key, known)
            self.tensors.watch(inner, known)
        return value

    def state(self, key: str, known: Known) -> Any:
        """A module's training flags; an optimizer's settings and moments. Their tensors have keys."""
        value = known.objects[key]
        if isinstance(value, nn.Module):
            return [m.training for m in value.modules()]
        groups = [{k: v for k, v in g.items() if k != "params"} for g in value.param_groups]
        moments = [
            Same(v) if isinstance(v, Tensor) else v
            for s in value.state.values() for v in s.values()
        ]  # fmt: skip
        return [repr(groups), moments]

    def change(self, key: str, old: Any, new: Any, known: Known) -> list[Any] | None:
        if new == old:
            return None
        value = known.objects[key]
        if isinstance(value, nn.Module):
            return ["o", key, new]
        apart = known.apart()  # its tensors are copies
        apart.count = 10**9 + known.count
        return ["o", key, apart.encode(value.state_dict())]

    def apply(self, key: str, parts: list[Any], known: Known) -> None:
        value, (told,) = known.find(key), parts
        if isinstance(value, nn.Module):
            modules = list(value.modules())
            if len(told) != len(modules) or not all(isinstance(f, bool) for f in told):
                raise Forged("training flags that do not fit their module")
            made = known.may_change(mode_of(key), weight=True)
            for module, flag in zip(modules, told, strict=True) if made else ():
                module.training = flag
        elif isinstance(value, torch.optim.Optimizer):
            state = known.apart().decode(told)
            _check_state(value, state)
            if made := known.may_change(key, weight=True):
                value.load_state_dict(state)
        else:
            raise Forged("a change of what is neither a module nor an optimizer")
        known.states[key] = self.state(key, known) if made else None


def _check_state(optimizer: torch.optim.Optimizer, state: Any) -> None:
    """Raise `Forged` where `state` is no state of this optimizer after some steps."""
    try:
        groups, moments = state["param_groups"], state["state"]
        mine = optimizer.state_dict()["param_groups"]
        held = [p for group in optimizer.param_groups for p in group["params"]]
        fits = (
            state.keys() == {"param_groups", "state"}
            and len(groups) == len(mine)
            and all(g.keys() == m.keys() and g["params"] == m["params"] for g, m in zip(groups, mine, strict=True))
            and all(_is_setting(v) for g in groups for k, v in g.items() if k != "params")
            and all(
                isinstance(name, str) and place >= 0 and _is_setting(v, max(1, held[place].numel()))
                for place, kept in moments.items() for name, v in kept.items()
            )
        )  # fmt: skip
    except (TypeError, KeyError, IndexError, AttributeError):
        fits = False
    if not fits:
        raise Forged("a state that does not fit its optimizer")


def _is_setting(value: Any, most: int = 1) -> bool:
    """Whether it is made of what settings are: numbers, words, tensors of at most `most` numbers."""
    if isinstance(value, (tuple, list)):
        return all(_is_setting(v, most) for v in value)
    if isinstance(value, Tensor):
        return value.numel() <= most
    return value is None or isinstance(value, (bool, int, float, str))


def _tensors_of(parts: list[Any]) -> set[str]:
    return {p[1] for p in parts if isinstance(p, list) and p[0] in ("T", "k")}


def _made_by_the_check(value: Any) -> bool:
    if isinstance(value, MethodType):
        return _made_by_the_check(value.__self__)
    return of_the_check(getattr(value, "__module__", None)) or of_the_check(type(value).__module__)


class _Pickler(pickle.Pickler):
    """Pickles by value what can be imported; tensors and what the check made go by key."""

    def __init__(self, file: io.BytesIO, known: Known) -> None:
        super().__init__(file)
        self.known = known
        self.parts: list[Any] = []
        self.used: list[str] = []
        self.numbers: dict[int, int] = {}

    def persistent_id(self, value: Any) -> int | None:
        mine = _made_by_the_check(value)
        if not (mine or isinstance(value, (Tensor, torch.Generator, Proxy))):
            return None
        if id(value) not in self.numbers:
            code = self.known.by_reference(value) if mine else self.known.encode(value)
            self.used += list(self.known.with_gradients(code))
            self.numbers[id(value)] = len(self.parts)
            self.parts.append(code)
        return self.numbers[id(value)]
