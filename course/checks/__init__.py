"""What the exercises try: `check` and `summary` are what a notebook calls; each graded cell has a file of its own.

`course/checks/06-ddpm/ddpm_step.py` holds the inputs to try, right answers that differ in kind, and
the mistakes that people make; `ddpm_step_hidden.py` beside it what is tried only while grading.
"""

from collections.abc import Callable
from typing import Any


def check(name: str, answer: Callable[..., Any], *, seed: int = 0, hidden: bool = False) -> None:
    """Try `answer` on the cases of the exercise `name`; one line says how it went.

    Args:
        name: the exercise's, as in `course/checks/*/NAME.py`.
        answer: the student's function or class.
        seed: of the generator that the cases are drawn from.
        hidden: the cases that are tried only while grading.

    Raises:
        Failed: an `AssertionError` that says what differs, or which mistake it is.
        Open: a `NotImplementedError`, if the hole is as it was released.
    """
    from course.checks.engine import judge  # torch, and so not before it is needed

    __tracebackhide__ = True
    judge(name, answer, seed, hidden)


def summary() -> None:
    """Print what each visible check of the notebook said last, a line each."""
    from course.checks.engine import summary as show

    show()
