"""Jobs of submissions that are right but for what a test puts in, and what came of them."""

import copy
import functools
import tempfile
from pathlib import Path

import nbformat

from course.grading import prepare
from course.grading.records import Job
from course.paths import ROOT, assignments
from course.release import released
from course.weave import weave

FIRST = assignments()[0]


@functools.cache
def known(name: str) -> prepare.Assignment:
    """What grading knows of it, from its source: the checkout's own notebooks stay as they are."""
    with tempfile.TemporaryDirectory() as folder:
        woven = Path(folder) / f"{name}.ipynb"
        nbformat.write(weave(ROOT / "solutions" / name / f"{name}.py"), woven)
        return prepare.assignment(name, released(name), woven)


def solved(name: str, answers: dict[str, str] | None = None, only: str = "") -> Job:
    """The job of a submission with these answers, and the official ones elsewhere."""
    woven = {c.id: c for c in weave(ROOT / "solutions" / name / f"{name}.py").cells}
    about = known(name)
    notebook = copy.deepcopy(about.released)
    for cell in notebook.cells:
        if cell.metadata.get("nbgrader", {}).get("solution"):
            cell.source = (answers or {}).get(cell.id, woven[cell.id].source)
    if only:
        notebook.cells = [
            c for c in notebook.cells
            if not c.metadata.get("nbgrader", {}).get("grade") or c.id.startswith(f"{only}-")
        ]  # fmt: skip
    given = (about.checks, about.hidden, about.points, about.asked)
    return Job(name, "ada", notebook, *given, wanted=about.wanted)


def with_cell(job: Job, before: str, source: str) -> Job:
    cell = nbformat.v4.new_code_cell(source, id="own-1")
    place = next(i for i, c in enumerate(job.notebook.cells) if c.id == before)
    job.notebook.cells.insert(place, cell)
    return job


def states(outcome) -> dict[str, str]:
    return {k: c.state for k, c in outcome.record.checks.items()}


def lost_answers(outcome) -> set[str]:
    return {k.rsplit("-", 1)[0] for k, state in states(outcome).items() if state != "passed"}
