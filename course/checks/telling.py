"""How checks look: a verdict's one line, in a notebook, a terminal and a feedback page; all at a glance."""

import linecache
import traceback

from course.checks.catalogue import names

RED, YELLOW, GREEN, PLAIN = "\x1b[1;31m", "\x1b[1;33m", "\x1b[1;32m", "\x1b[0m"

said: dict[str, str] = {}  # by exercise, what its visible check said last in this process


class Failed(AssertionError):
    """A check that failed. IPython shows its one line, and the student's own lines, no more.

    Attributes:
        message: all that is said where the check may be seen.
        words: what may be said of a hidden case: no value of it.
        error: what the answer raised, if it did.
    """

    def __init__(self, title: str, message: str, words: str = "", error: BaseException | None = None) -> None:  # fmt: skip
        super().__init__(message)
        self.title, self.message, self.words, self.error = title, message, words, error

    @property
    def line(self) -> str:
        return f"{RED}✗ {self.title}{PLAIN}: {self.message}"

    def _render_traceback_(self) -> list[str]:
        return [self.line, *(own_lines(self.error) if self.error else [])]


class Open(NotImplementedError):
    """An exercise that is not answered yet."""

    def __init__(self, title: str, name: str, error: BaseException) -> None:
        super().__init__()
        self.title, self.name, self.error = title, name, error

    @property
    def line(self) -> str:
        frames = traceback.extract_tb(self.error.__traceback__)
        hole = frames[-1].name if frames else self.name
        asked = hole in names()
        other = f"it calls {hole}, which is " if asked and hole != self.name else ""
        return f"{YELLOW}○ {self.title}{PLAIN}: {other}not answered yet"

    def _render_traceback_(self) -> list[str]:
        return [self.line]


def at_a_glance(titles: dict[str, str]) -> str:
    """What the visible checks of the exercises said last, a line each; `titles` by exercise."""
    lines = [said.get(name, f"· {title}: not run yet") for name, title in titles.items()]
    return "\n".join([*lines, counted(sum("✓" in line for line in lines), len(lines))])


def counted(passed: int, checks: int) -> str:
    """The line below the verdicts of a notebook."""
    return f"{passed} of {checks} visible checks pass; hidden ones run when graded"


def own_lines(error: BaseException) -> list[str]:
    """The lines of the student's cells that an error went through, and no others."""
    if remote := getattr(error, "remote_lines", ""):
        return remote.strip().splitlines()
    kept = []
    for frame in traceback.extract_tb(error.__traceback__):
        if "ipykernel" in frame.filename or frame.filename.startswith("<"):
            line = linecache.getline(frame.filename, frame.lineno or 0).strip() or frame.line or ""
            kept.append(f"    in {frame.name}, line {frame.lineno}:  {line}")
    return kept
