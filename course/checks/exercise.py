"""Finds and reads an exercise's file: its cases, right answers, and mistakes by name."""

import functools
import importlib.util
import inspect
import sys
import textwrap
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import ModuleType
from typing import Any

import torch

from course.checks import catalogue
from course.checks.cases import Case
from course.paths import CourseError

SECONDS = 10.0  # of processor time for one seed, where a file does not say `SECONDS = …`


@dataclass(frozen=True)
class Answer:
    """A right answer, or a mistake and the words that a student is told."""

    name: str
    words: str
    function: Callable


class Change:
    """A mistake told as a change of the definition's own text."""

    def __init__(self, words: str, *pairs: str) -> None:
        self.words, self.pairs = words, list(zip(pairs[::2], pairs[1::2], strict=True))

    def text(self, definition: Callable) -> str:
        """The definition's source with the change made. Raises `ValueError` where it does not fit."""
        source = textwrap.dedent(inspect.getsource(definition))
        for old, new in self.pairs:
            if source.count(old) != 1:
                raise ValueError(f"{self.words!r}: {old!r} stands {source.count(old)} times in {definition.__name__}")  # fmt: skip
            source = source.replace(old, new)
        return source

    def of(self, definition: Callable) -> Callable:
        names = dict(vars(sys.modules[definition.__module__]))
        exec(compile(self.text(definition), f"<{self.words}>", "exec"), names)
        return names[definition.__name__]


def change(words: str, *pairs: str) -> Change:
    """A mistake called `words`: in the definition's text, each first of a pair becomes its second."""
    return Change(words, *pairs)


class Exercise:
    """What the course knows of one graded cell."""

    def __init__(self, path: Path) -> None:
        self.path, self.name, self.assignment = path, path.stem, path.parent.name
        self.module = imported(path)
        self.definition: Callable = self.module.definition
        self.seconds: float = getattr(self.module, "SECONDS", SECONDS)

    @property
    def title(self) -> str:
        """`5.1 forward_step`: the number from the file's first line."""
        number, _, _ = (self.module.__doc__ or "").partition(" ")
        return f"{number} {self.name}"

    def cases(self, seed: int, hidden: bool = False) -> list[Case]:
        """The cases at this seed: the visible ones, or those of the file beside."""
        module = imported(catalogue.hidden(self.path)) if hidden else self.module
        found = module.cases(torch.Generator().manual_seed(seed))
        return list(found)

    def mistakes(self) -> list[Answer]:
        return self._answers("wrong_")

    def right(self) -> list[Answer]:
        return self._answers("right_")

    @functools.cache  # noqa: B019 - as many as there are exercises
    def _answers(self, prefix: str) -> list[Answer]:
        found = []
        for name, value in vars(self.module).items():
            if not name.startswith(prefix):
                continue
            if isinstance(value, Change):
                try:
                    found.append(Answer(name, value.words, value.of(self.definition)))
                except ValueError as problem:
                    raise CourseError(f"{self.assignment}/{self.path.name}, {name}: {problem}") from None  # fmt: skip
            else:
                found.append(Answer(name, _words(value), self._whole(value)))
        return found

    def _whole(self, value: Any) -> Callable:
        """The answer itself; of a class whose methods are asked for, the class with these ones."""
        if not isinstance(self.definition, type):
            return value
        if isinstance(value, type):
            whole = issubclass(value, self.definition)
            return value if whole else type(self.name, (value, self.definition), {})
        if is_method(value):
            method = getattr(self.module, "METHOD", "forward")
            return type(self.name, (self.definition,), {method: value})
        return value


def is_method(value: Any) -> bool:
    """Whether an answer is a method that stands in a file by itself."""
    return (
        inspect.isfunction(value) and next(iter(inspect.signature(value).parameters), "") == "self"
    )


def _words(value: Any) -> str:
    return " ".join((inspect.getdoc(value) or "").split()) if value.__doc__ else ""


def imported(path: Path) -> ModuleType:
    """The module at `path`; folders such as `06-ddpm` are no packages, so it is found by its file."""
    name = f"course.checks.{path.parent.name}.{path.stem}"
    if name not in sys.modules:
        spec = importlib.util.spec_from_file_location(name, path)
        assert spec is not None
        assert spec.loader is not None
        module = importlib.util.module_from_spec(spec)
        sys.modules[name] = module
        try:
            spec.loader.exec_module(module)
        except BaseException:
            del sys.modules[name]
            raise
    return sys.modules[name]


@functools.cache
def load(name: str) -> Exercise:
    """The exercise of that name. Raises `CourseError` where there is none."""
    return Exercise(catalogue.find(name))
