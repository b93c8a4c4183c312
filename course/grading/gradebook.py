"""One open gradebook for a whole run, and one commit a student.

nbgrader opens the gradebook anew in each of its steps and commits after each mark. That is slow,
and a run that is killed could leave a student with half of the new marks.
"""

import contextlib
import sqlite3
import warnings
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from nbgrader import converters, preprocessors
from nbgrader.api import Gradebook
from sqlalchemy.exc import SAWarning

from course.paths import CourseError

# The modules of nbgrader whose `Gradebook` is asked for while a student is graded.
USERS = (
    converters.autograde,
    preprocessors.overwritecells,
    preprocessors.overwritekernelspec,
    preprocessors.saveautogrades,
    preprocessors.latesubmissions,
)


class OpenGradebook(Gradebook):
    """A gradebook that stays open, and that commits when `done` is called."""

    def __init__(self, *args: str) -> None:
        super().__init__(*args)
        session = self.db()
        self.commit = session.commit
        session.commit = session.flush

    def close(self) -> None:
        """Nothing: the next step goes on with it."""

    def end(self) -> None:
        super().close()


@contextlib.contextmanager
def opened(url: str, course: str) -> Iterator[OpenGradebook]:
    """A gradebook that all of nbgrader's steps use while this lasts."""
    wait_until_free(url)
    gradebook = OpenGradebook(url, course)
    with contextlib.ExitStack() as stack:
        stack.enter_context(warnings.catch_warnings())
        warnings.simplefilter("ignore", SAWarning)  # nbgrader's own use of SQLAlchemy
        stack.callback(gradebook.end)
        for module in USERS:
            stack.enter_context(patch.object(module, "Gradebook", lambda *_: gradebook))
        yield gradebook


def wait_until_free(url: str, seconds: float = 10.0) -> None:
    """Wait for another program's lock on the gradebook. Raises `CourseError` if it stays."""
    path = Path(url.removeprefix("sqlite:///"))
    if not url.startswith("sqlite:///") or not path.is_file():
        return
    with contextlib.closing(sqlite3.connect(path, timeout=seconds, isolation_level=None)) as book:
        try:
            book.execute("begin immediate")
            book.execute("rollback")
        except sqlite3.OperationalError as problem:
            if "locked" not in str(problem):
                raise
            raise CourseError(
                f"the gradebook, {path.name}, is in use by another program: close formgrader, or "
                "whatever has it open, and run this again; nothing has been changed"
            ) from None
