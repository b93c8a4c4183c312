"""Tries an answer against the definition in `dgm`, and names the mistake that it agrees with."""

import re
import signal
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import torch

from course.checks import catalogue
from course.checks.cases import Case, NotAnswered
from course.checks.compare import Raised
from course.checks.exercise import Exercise, imported, load
from course.checks.telling import GREEN, PLAIN, Failed, Open, at_a_glance, said

NAMING = 10.0  # processor seconds that the search for a mistake's name may take


class TimeLimit(BaseException):
    """Thrown into what has taken longer than it may."""


def judge(name: str, answer: Callable, seed: int, hidden: bool) -> None:
    """What `course.checks.check` does."""
    exercise = load(name)
    try:
        found, count = problem(exercise, answer, seed, hidden)
        if found:
            raise found from None
    except (Failed, Open) as verdict:
        said[name] = verdict.line
        raise
    line = f"{exercise.title}: right in {count} case{'s' if count != 1 else ''}"
    said[name] = f"{GREEN}✓{PLAIN} {line}"
    print(f"✓ {line}")


def summary() -> None:
    """What `course.checks.summary` does."""
    assignments = dict.fromkeys(catalogue.find(name).parent.name for name in said)
    mine = [load(name) for assignment in assignments for name in catalogue.names(assignment)]
    mine.sort(key=lambda e: [int(n) for n in e.title.split(" ")[0].split(".")])
    print(at_a_glance({e.name: e.title for e in mine}) if mine else "no check has run yet")


def warm(assignment: str) -> None:
    """Import all that the checks of an assignment need, hidden cases too: once, before any fork."""
    for name in catalogue.names(assignment):
        imported(catalogue.hidden(load(name).path))


def problem(
    exercise: Exercise, answer: Callable, seed: int = 0, hidden: bool = False, naming: bool = True
) -> tuple[Failed | None, int]:
    """What is wrong with `answer`, and how many cases there are; `naming`: look for the mistake.

    Raises:
        Open: if the hole is as it was released.
    """
    cases = exercise.cases(seed, hidden)
    definition, mine = exercise.definition, []
    start = time.process_time()
    first: tuple[int, str] | None = None
    for number, case in enumerate(cases):
        limit = exercise.seconds - (time.process_time() - start)
        try:
            with within(max(limit, 0.05)), kept_apart(seed):
                got = case.seen(answer)
        except NotAnswered as hole:
            raise Open(exercise.title, exercise.name, hole.error) from None
        except TimeLimit:
            return _late(exercise, case), len(cases)
        mine.append(got)
        if first is None:  # the others are asked to find the mistake's name
            with kept_apart(seed):
                said = case.differs(case.wanted(definition), got, definition)
            first = (number, said) if said else None
        if first and not naming:
            break
    if first is None:
        return None, len(cases)
    number, said = first
    case, raised = cases[number], raised_in(mine[number])
    error = raised.error if raised else None
    words = named(exercise, cases, mine, seed) if naming else ""
    if words:
        said = f"{said.rstrip('.')}{'' if said.endswith('?') else '.'} {words}" if error else words
    else:
        told = case.told(definition)
        said = f"{told}: {said}" if told else said
        said += f". {case.clue}" if case.clue else ""
    return Failed(exercise.title, said, words, error), len(cases)


def named(exercise: Exercise, cases: list[Case], mine: list[dict[str, Any]], seed: int) -> str:
    """The words of the mistake that agrees with the answer in every case; none if that is not one."""
    found, deadline = "", time.process_time() + NAMING
    for mistake in exercise.mistakes():
        left = deadline - time.process_time()
        if left <= 0:
            break
        try:
            with within(min(left, exercise.seconds)):
                same = agrees(mistake.function, cases, mine, exercise.definition, seed)
        except (TimeLimit, NotAnswered):
            same = False
        if same and found and found != mistake.words:
            return ""
        if same:
            found = mistake.words
    return found


def agrees(
    function: Callable,
    cases: list[Case],
    mine: list[dict[str, Any]],
    definition: Callable,
    seed: int,
) -> bool:
    """Whether the answer that gave `mine` did in every case what `function` does."""
    for case, got in zip(cases, mine, strict=True):
        with kept_apart(seed):
            theirs = case.seen(function)
        if not alike(case, theirs, got, definition):
            return False
    return True


def alike(case: Case, one: dict[str, Any], other: dict[str, Any], definition: Callable) -> bool:
    """Whether two answers did the same in a case, with the same complaint where both broke down."""
    if case.differs(one, other, definition) or case.differs(other, one, definition):
        return False
    a, b = raised_in(one), raised_in(other)
    if a is None or b is None or raised_in(case.wanted(definition)):
        return True
    return _without_numbers(a.text) == _without_numbers(b.text)


def raised_in(seen: dict[str, Any]) -> Raised | None:
    """The error that an answer ended in, in place of giving a result, if it did."""
    raised = seen.get("", seen.get("raises"))
    return raised if isinstance(raised, Raised) else None


def _without_numbers(text: str) -> str:
    return re.sub(r"\d+", "", text)


def _late(exercise: Exercise, case: Case) -> Failed:
    words = f"stopped after {exercise.seconds:g} seconds; is there a loop without an end?"
    return Failed(exercise.title, f"{case.told(exercise.definition)}: {words}", words)


@contextmanager
def within(seconds: float) -> Iterator[None]:
    """Throw `TimeLimit` into the block after so much processor time, where the system can do so."""
    if (
        not hasattr(signal, "ITIMER_PROF")
        or threading.current_thread() is not threading.main_thread()
    ):
        yield
        return

    def late(*_: Any) -> None:
        raise TimeLimit

    before = signal.signal(signal.SIGPROF, late)
    signal.setitimer(signal.ITIMER_PROF, seconds)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


@contextmanager
def kept_apart(seed: int) -> Iterator[None]:
    """The block finds the global generator the same each time, and leaves it as it was."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        torch.rand(1)  # a state that no `torch.manual_seed` in an answer leads to
        yield
