"""Follow-through: an answer is not lost for a wrong one before it.

Where a check does not pass with the student's own earlier answers, it is tried with the course's in
place of those that it uses and that failed. They stay in the judge, and are called over the bridge.

None stands in that leads to what is being asked: none that is built on the course's own definition
of it, and none that would pass its check under its name. And none changes what belongs to the check:
after each call that is as it was before.
"""

import contextlib
import inspect
import resource
import types
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

from course.grading.intake.pysource import names
from course.grading.sandbox.student_edition import Asked

ROOM = 2 * 2**30  # bytes that a judge may take for what a guest lets the course's definitions do


@dataclass(frozen=True)
class Course:
    """The course's own definition of what an answer is asked for."""

    name: str
    answer: str
    places: list[str]
    value: Any


def course(wanted: Iterable[Asked]) -> dict[str, Course]:
    """The course's own definitions of what an assignment asks for, by name."""
    return {
        one.name: Course(
            one.name, one.answer, one.places(), getattr(import_module(one.module), one.name)
        )
        for one in wanted
    }


def uses(
    answer: str, cells: list[dict], checks: list[str], known: dict[str, Course], failed: set[str]
) -> list[Course]:
    """The definitions of `failed` answers that `answer`, or its checks, use by way of whatever else."""
    makers = {name: c["source"] for c in cells for name in names(c["source"]).bound}
    mine = next((c["source"] for c in cells if c["id"] == answer), "")
    todo = [*names(mine).used, *(n for text in checks for n in names(text).used if n in known)]
    found, seen = [], set()
    while todo:
        name = todo.pop()
        if name in seen:
            continue
        seen.add(name)
        one = known.get(name)
        if one and one.answer != answer and one.answer in failed:
            found.append(one)
        else:
            todo += names(makers.get(name, "")).used
    return sorted(found, key=lambda one: one.name)


def goes_on(value: Any) -> bool:
    """Whether a definition works on after it has returned, where `careful` does not see it."""
    return inspect.isgeneratorfunction(inspect.unwrap(value))


def leads_to(value: Any, asked: list[Any]) -> bool:
    """Whether a definition of dgm is built on one of those asked for."""
    todo, seen = [value], set()
    while todo:
        found = todo.pop()
        if any(found is one for one in asked):
            return True
        if id(found) in seen or not str(getattr(found, "__module__", "")).startswith("dgm"):
            continue
        seen.add(id(found))
        if isinstance(found, type):
            todo += [*found.__mro__[1:], *vars(found).values()]
            continue
        function = inspect.unwrap(getattr(found, "__func__", getattr(found, "fget", found)))
        if isinstance(function, types.FunctionType):
            known = function.__globals__
            todo += [known[n] for n in _names_in(function.__code__) if n in known]
    return False


def _names_in(code: types.CodeType) -> Iterator[str]:
    yield from code.co_names
    for constant in code.co_consts:
        if isinstance(constant, types.CodeType):
            yield from _names_in(constant)


def careful(value: Callable[..., Any], peer: Any) -> Callable[..., Any]:
    """The definition, such that no tensor or array that `peer` has sent is another one after a call."""
    import torch  # not before it is needed

    from course.grading.sandbox.bridge.copies import Given

    def call(*args: Any, **kwargs: Any) -> Any:
        before = [(one, one.copy() if _is_array(one) else one.detach().clone()) for one in peer.held()]  # fmt: skip
        try:
            found = value(*args, **kwargs)
            if isinstance(found, types.FunctionType):
                return careful(found, peer)
            new = not any(found is one for one in peer.objects.values())
            return Given(found) if new and isinstance(found, torch.nn.Module) else found
        finally:
            for one, was in before:
                if _is_array(one):
                    one[...] = was
                elif not one.detach().equal(was):
                    one.data.copy_(was)

    call.__name__ = value.__name__
    return call


def _is_array(one: Any) -> bool:
    return type(one).__module__ == "numpy"


@contextlib.contextmanager
def bounded() -> Iterator[None]:
    """While this lasts, this process takes no more than `ROOM` bytes beyond what it has."""
    before = resource.getrlimit(resource.RLIMIT_DATA)
    with contextlib.suppress(OSError, ValueError, IndexError):
        lines = Path("/proc/self/status").read_text(encoding="utf-8").split("VmData:")
        most = int(lines[1].split()[0]) * 1024 + ROOM
        resource.setrlimit(resource.RLIMIT_DATA, (most, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_DATA, before)
