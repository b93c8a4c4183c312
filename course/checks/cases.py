"""What an exercise's file yields: a `Call` and its result, a `Doing` and its traces, a `Law` of chance."""

import copy
import inspect
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from course.checks.compare import Raised, Rule, difference


class NotAnswered(NotImplementedError):
    """The exercise's hole as it was released, or that of an earlier one that is called."""

    def __init__(self, error: BaseException) -> None:
        super().__init__()
        self.error = error


@dataclass
class Case:
    """One thing to try of an answer. `seen` is what an answer shows, the same for all that is right."""

    words: str = ""  # what is tried; empty: told from the arguments
    rule: Rule = field(default_factory=Rule)
    clue: str = ""  # said after what differs here

    def but(self, clue: str = "", words: str = "", **rule: Any) -> "Case":
        """The same case under another rule, or with words and a clue of its own."""
        new = copy.copy(self)
        new.rule, new.clue = replace(self.rule, **rule), clue or self.clue
        new.words = words or self.words
        return new

    def seen(self, answer: Callable) -> dict[str, Any]:
        raise NotImplementedError

    def wanted(self, definition: Callable) -> dict[str, Any]:
        """What a right answer shows."""
        return self.seen(definition)

    def differs(self, wanted: dict[str, Any], got: dict[str, Any], definition: Callable) -> str:
        """What tells `got` from `wanted`, in words; nothing if they agree."""
        raise NotImplementedError

    def told(self, definition: Callable) -> str:
        """The case in words."""
        return self.words


class Call(Case):
    """The answer called with these arguments, of which it may change none but a generator's state."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__()
        self.args, self.kwargs = args, kwargs

    def seen(self, answer: Callable) -> dict[str, Any]:
        (args, kwargs), before = copied((self.args, self.kwargs)), torch.get_rng_state()
        result = tried(answer, *args, **kwargs)
        found = {"": detached(result)}
        if isinstance(result, Raised):
            return found
        changed = [
            name
            for name, a, b in zip(
                [*range(len(args)), *kwargs], [*self.args, *self.kwargs.values()], [*args, *kwargs.values()], strict=True
            )
            if not same_state(a, b)
        ]  # fmt: skip
        found["changed"] = tuple(changed)
        found["global"] = not torch.equal(before, torch.get_rng_state())
        if self.rule.gradient:
            found |= self._slopes(answer)
        return found

    def _slopes(self, answer: Callable) -> dict[str, Any]:
        """The gradients of a fixed mixture of the results, by each float tensor that is given."""
        args, kwargs = copied((self.args, self.kwargs))
        leaves = {}
        for name, value in [*enumerate(args), *kwargs.items()]:
            if isinstance(value, Tensor) and value.is_floating_point():
                leaves[name] = value.requires_grad_()
        if not leaves:
            return {}
        result = tried(answer, *args, **kwargs)
        if isinstance(result, Raised):
            return {"gradient": result}
        outs = [r for r in (result if isinstance(result, (tuple, list)) else [result]) if isinstance(r, Tensor) and r.requires_grad]  # fmt: skip
        if not outs:
            return {"gradient": "none"}
        found: dict[str, Any] = {"gradient": "some"}
        total = sum((o.double() * _weights(o)).sum() for o in outs)
        slopes = torch.autograd.grad(total, list(leaves.values()), allow_unused=True)  # type: ignore[arg-type]
        for name, slope, leaf in zip(leaves, slopes, leaves.values(), strict=True):
            found[f"slope {name}"] = torch.zeros_like(leaf) if slope is None else slope
        return found

    def told(self, definition: Callable) -> str:
        return self.words or described(definition, self.args, self.kwargs)

    def differs(self, wanted: dict[str, Any], got: dict[str, Any], definition: Callable) -> str:
        names = list(inspect.signature(definition).parameters)

        def name(key: Any) -> str:
            return names[key] if isinstance(key, int) else str(key)

        if found := difference(wanted[""], got[""], self.rule):
            return found
        if isinstance(wanted[""], Raised):
            return ""
        if got["changed"] != wanted["changed"]:
            which = " and ".join(name(k) for k in got["changed"])
            return f"{which} was changed, and belongs to the caller: no `+=`, no `mul_` and the like; work on a copy"  # fmt: skip
        if got["global"] != wanted["global"]:
            return "it draws from torch's global generator; here nothing does" if got["global"] else "nothing comes from torch's global generator, the source where no other is given"  # fmt: skip
        for label in wanted:
            if label == "gradient" and wanted[label] != got[label]:
                if isinstance(got[label], Raised):
                    return f"with inputs that want gradients: {difference(None, got[label], self.rule)}"
                return "no gradient comes back: no .detach(), no .item(), no no_grad" if wanted[label] == "some" else "a gradient comes back where none is wanted"  # fmt: skip
            if label.startswith("slope "):
                loose = replace(self.rule, rtol=max(1e-4, self.rule.rtol), atol=max(1e-6, self.rule.atol), dtype=False, shape="same")  # fmt: skip
                if found := difference(wanted[label], got.get(label), loose):
                    key = label.removeprefix("slope ")
                    which = names[int(key)] if key.isdigit() else key
                    return f"the value is right and its gradient by {which} is not: {found}"
        return ""


class Doing(Case):
    """What an answer does: `play(answer)` gives names, and what is compared under each of them."""

    def __init__(self, words: str, play: Callable[[Callable], dict[str, Any]]) -> None:
        super().__init__(words)
        self.play = play

    def seen(self, answer: Callable) -> dict[str, Any]:
        found = tried(self.play, answer)
        return {"raises": found} if isinstance(found, Raised) else {k: detached(v) for k, v in found.items()}  # fmt: skip

    def differs(self, wanted: dict[str, Any], got: dict[str, Any], definition: Callable) -> str:
        if "raises" in wanted or "raises" in got:
            return difference(wanted.get("raises", wanted), got.get("raises", got), self.rule)
        return difference(wanted, got, self.rule)


@dataclass(frozen=True)
class Reading:
    """A number measured on an answer's draws; a right answer's is `wanted`, give or take `slack`."""

    words: str
    value: float
    wanted: float
    slack: float
    clue: str = ""

    @property
    def holds(self) -> bool:
        return abs(self.value - self.wanted) <= self.slack

    def like(self, other: "Reading") -> bool:
        """Whether both may be readings of the same answer."""
        if self.holds or other.holds:
            return self.holds == other.holds
        if self.words != other.words:
            return False
        scale = max(1.0, abs(self.value / self.wanted) if self.wanted else 1.0)
        return self.value == other.value or abs(self.value - other.value) <= 2 * scale * self.slack

    def __str__(self) -> str:
        if self.slack == HOLDS:
            return self.words
        end = f". {self.clue}" if self.clue else ""
        return f"{self.words} should be {self.wanted:.4g}, is {self.value:.4g}{end}"


HOLDS = 0.5  # the slack of what is true or not


def holds(condition: Any, words: str) -> Reading:
    """What is true of a right answer; `words` say what is wrong where it is not."""
    return Reading(words, float(bool(condition)), 1.0, HOLDS)


class Law(Case):
    """What holds of a right answer but for bad luck: `measure(answer)` yields `Reading`s.

    Their slacks are such that a right answer misses one of them less than once in 100,000 checks.
    """

    def __init__(self, words: str, measure: Callable[[Callable], Iterator[Reading]]) -> None:
        super().__init__(words)
        self.measure = measure

    def seen(self, answer: Callable) -> dict[str, Any]:
        found = tried(lambda: list(self.measure(answer)))
        return {"raises": found} if isinstance(found, Raised) else {"readings": found}

    def wanted(self, definition: Callable) -> dict[str, Any]:
        return {}

    def differs(self, wanted: dict[str, Any], got: dict[str, Any], definition: Callable) -> str:
        if "raises" in wanted or "raises" in got:
            return difference(wanted.get("raises"), got.get("raises"), self.rule)
        if not wanted:
            return next((str(r) for r in got["readings"] if not r.holds), "")
        pairs = zip(wanted["readings"], got["readings"], strict=False)
        same = len(wanted["readings"]) == len(got["readings"])
        return "" if same and all(a.like(b) for a, b in pairs) else "other readings"


def tried(function: Callable, *args: Any, **kwargs: Any) -> Any:
    """What the function gives, or how it failed. The hole as released is no failure: it goes on up."""
    try:
        return function(*args, **kwargs)
    except Exception as problem:
        kind = getattr(problem, "remote_name", "") or type(problem).__name__
        if kind == "NotImplementedError" and not str(problem):
            raise NotAnswered(problem) from None
        return Raised(kind, str(problem), problem)


def detached(value: Any) -> Any:
    """`value` with its tensors cut from their graphs and copied, so that later changes do not count."""
    if isinstance(value, Tensor):
        return value.detach().clone()
    if isinstance(value, (tuple, list)):
        return type(value)(map(detached, value)) if type(value) in (tuple, list) else tuple(map(detached, value))  # fmt: skip
    if isinstance(value, dict):
        return {k: detached(v) for k, v in value.items()}
    return value


def copied(value: Any) -> Any:
    """A deep copy; generators too, which start where theirs stands."""
    return copy.deepcopy(value)


def same_state(a: Any, b: Any) -> bool:
    """Whether `b`, once a copy of `a`, still is one. A generator may have moved on."""
    if isinstance(a, Tensor) and isinstance(b, Tensor):
        return a.shape == b.shape and a.dtype == b.dtype and torch.equal(a.nan_to_num(), b.nan_to_num()) if a.dtype.is_floating_point else torch.equal(a, b)  # fmt: skip
    if isinstance(a, np.ndarray):
        return np.array_equal(a, b)
    if isinstance(a, nn.Module):
        return all(
            same_state(p, q)
            and (p.grad is None) == (q.grad is None)
            and (p.grad is None or same_state(p.grad, q.grad))
            for p, q in zip(a.parameters(), b.parameters(), strict=True)
        ) and (
            all(same_state(p, q) for p, q in zip(a.buffers(), b.buffers(), strict=True))
            and [m.training for m in a.modules()] == [m.training for m in b.modules()]
        )
    if isinstance(a, (list, tuple)):
        return len(a) == len(b) and all(map(same_state, a, b))
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same_state(a[k], b[k]) for k in a)
    if isinstance(a, (torch.Generator, torch.optim.Optimizer)) or callable(a):
        return True
    if hasattr(a, "__dict__"):
        return same_state(vars(a), vars(b))
    try:
        return bool(a == b) or a != a
    except Exception:
        return True


def described(function: Callable, args: tuple, kwargs: dict) -> str:
    """The arguments in words: shapes of tensors, short ones and numbers as they are."""
    names = list(inspect.signature(function).parameters)
    said = []
    for name, value in [*zip(names, args, strict=False), *kwargs.items()]:
        if isinstance(value, Tensor):
            if value.numel() <= 6 and value.dim() <= 1:
                numbers = [int(v) if float(v) == int(v) else float(f"{v:.3g}") for v in value.reshape(-1).tolist()] if value.isfinite().all() else value.tolist()  # fmt: skip
                said.append(f"{name} = {numbers if value.dim() else numbers[0]}")
            else:
                kind = (
                    ""
                    if value.dtype in (torch.float64, torch.int64)
                    else f" {str(value.dtype)[6:]}"
                )
                said.append(f"{name} of shape {tuple(value.shape)}{kind}")
        elif isinstance(value, (int, float, str, bool)) or value is None:
            said.append(f"{name} = {value!r}")
    return ", ".join(said)


def _weights(out: Tensor) -> Tensor:
    """A fixed mixture that no symmetry of a result cancels."""
    return torch.linspace(0.3, 1.7, out.numel(), dtype=torch.float64).cos().reshape(out.shape)
