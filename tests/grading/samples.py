"""A made class as it lies there after `nbgrader autograde`: autograded notebooks and a gradebook."""

import copy
import functools
import json
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import nbformat
from nbformat import NotebookNode
from nbgrader.api import Gradebook

from course.grading.records import CheckResult, Record
from course.grading.review.feedback import record_of
from course.paths import ROOT
from course.release import released
from course.weave import weave

# nbgrader starts `alembic` by its bare name.
os.environ["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])

NAME = "01-discriminative-generative"
DUE = datetime(2025, 11, 14, 18, 0)
RELEASED = released(NAME)
SECRET = "secret-value-0.7315"  # stands in the tracebacks of failed checks


@functools.cache
def woven() -> NotebookNode:
    """The assignment with its solutions and hidden checks, as the gradebook keeps it."""
    return weave(ROOT / "solutions" / NAME / f"{NAME}.py")


@functools.cache
def points() -> dict[str, float]:
    """What each check is worth."""
    about = [cell.metadata.get("nbgrader", {}) for cell in woven().cells]
    return {a["grade_id"]: a["points"] for a in about if a.get("grade")}


def hidden_lines() -> set[str]:
    """The lines of code that only the hidden checks hold."""
    known = "\n".join(c.source for c in nbformat.read(RELEASED, as_version=4).cells)
    lines = set()
    for cell in woven().cells:
        if cell.id.endswith("-hidden"):
            lines |= {line.strip() for line in cell.source.splitlines()[1:]}
    return {line for line in lines if len(line) > 15 and line not in known}


def record(said: dict[str, tuple[str, str]] | None = None, **more) -> Record:
    """A record with all checks passed but those in `said`, grade id to (state, message)."""
    said = said or {}
    checks = {
        name: CheckResult(said[name][0], worth, said[name][1], 0.1)
        if name in said
        else CheckResult("passed", worth, seconds=0.1)
        for name, worth in points().items()
    }
    more = {"received": "2025-11-13T20:15:00+00:00", "seconds": 3.2, "memory": 400_000_000} | more
    return Record(checks, **more)


def graded(noted: Record | None, answers: dict[str, str] | None = None) -> NotebookNode:
    """An autograded notebook, hidden checks and the tracebacks of those that failed included."""
    notebook = copy.deepcopy(woven())
    for cell in notebook.cells:
        if cell.id in (answers or {}):
            cell.source = answers[cell.id]
        result = noted.checks.get(cell.id) if noted else None
        if result and result.state != "passed":
            values = {"ename": "AssertionError", "evalue": SECRET}
            trace = [f"----> 1 {cell.source}", f"AssertionError: {SECRET}"]
            cell.outputs = [nbformat.v4.new_output("error", **values, traceback=trace)]
    if noted:
        notebook.metadata["dgm"] = noted.as_dict()
    return notebook


def make(root: Path, students: dict[str, NotebookNode]) -> None:
    """Write the class into `root`; marks are those of the records (without one: all points)."""
    release = root / "exercises" / NAME / f"{NAME}.ipynb"
    release.parent.mkdir(parents=True)
    release.write_bytes(RELEASED.read_bytes())
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        book.add_assignment(NAME, duedate=DUE.isoformat())
        book.add_notebook(NAME, NAME)
        for cell in woven().cells:
            about = cell.metadata.get("nbgrader", {})
            if about.get("grade"):
                book.add_grade_cell(
                    cell.id, NAME, NAME, max_score=about["points"], cell_type="code"
                )
            elif about.get("solution"):
                book.add_solution_cell(cell.id, NAME, NAME)
        for student, notebook in students.items():
            path = root / "autograded" / student / NAME / f"{NAME}.ipynb"
            path.parent.mkdir(parents=True)
            path.write_text(json.dumps(notebook))
            _enter(book, student, record_of(notebook) or record())


def _enter(book: Gradebook, student: str, noted: Record) -> None:
    book.add_student(student)
    submission = book.add_submission(NAME, student)
    handed_in = datetime.fromisoformat(noted.received) if noted.received else DUE
    submission.timestamp = handed_in.astimezone(UTC).replace(tzinfo=None)
    submission.notebooks[0].late_submission_penalty = float(submission.timestamp > DUE)
    for grade in submission.notebooks[0].grades:
        check = noted.checks.get(grade.name)
        grade.auto_score, grade.needs_manual_grade = check.score if check else 0.0, False
    book.db.commit()


def late(hours: float) -> str:
    """A time stamp so long after the due date."""
    return (DUE.replace(tzinfo=UTC) + timedelta(hours=hours)).isoformat()
