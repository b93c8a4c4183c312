"""Reads an assignment's source: a py:percent file whose cells say in a word what they are.

A cell's first line may carry one of these (everything else is a plain cell):

    # %% given="setup"                  code the student gets and may not change
    # %% answer="sigmoid"               the hole: nothing but an import marked `# exercise`
    # %% check="sigmoid" points=1       the check of that answer that the student sees and runs
    # %% hidden="sigmoid" points=2      the one that only grading runs; both are empty here: what is
                                        tried stands in `course/checks`
    # %% demo=true                      a picture or a trial run: nothing depends on it

`expand` turns these words into nbgrader's metadata, after `validate` has found them sound.
"""

import re
from dataclasses import dataclass, field
from pathlib import Path

import jupytext
from nbformat import NotebookNode

from course.paths import CourseError

SEED_LINE = re.compile(r"^SEED = (\d+)\b", re.M)
KINDS = ("given", "answer", "check", "hidden")
WORDS = {*KINDS, "points", "demo"}


@dataclass
class Cell:
    """One cell of a source: its text, its kind, and what that kind needs."""

    number: int  # from 1, as a reader counts
    text: str
    markdown: bool
    kind: str | None = None  # one of KINDS, or None for a plain cell
    name: str | None = None  # the answer that the cell is or checks
    points: int = 0
    demo: bool = False
    grade_id: str | None = field(init=False, default=None)

    def __post_init__(self) -> None:
        if self.kind:
            tail = {"check": "-check", "hidden": "-hidden"}.get(self.kind, "")
            self.grade_id = f"{self.name}{tail}"


def read(path: Path) -> list[Cell]:
    """The cells of the source at `path`; raises `CourseError` for words that make no sense."""
    notebook = jupytext.read(path, fmt="py:percent")
    cells = [_cell(path, number, raw) for number, raw in enumerate(notebook.cells, 1)]
    validate(path, cells)
    return cells


def _cell(path: Path, number: int, raw: NotebookNode) -> Cell:
    words = {k: v for k, v in raw.metadata.items() if k != "lines_to_next_cell"}  # jupytext's own
    title = words.pop("title", "")
    unknown = set(words) - WORDS
    if unknown or title:
        odd = ", ".join(sorted(unknown)) or title
        raise CourseError(f"{path.name}, cell {number}: do not know {odd!r}; use {sorted(WORDS)}")
    kinds = [k for k in KINDS if k in words]
    if len(kinds) > 1:
        raise CourseError(
            f"{path.name}, cell {number}: is both {kinds[0]} and {kinds[1]}; pick one"
        )
    kind = kinds[0] if kinds else None
    points = words.get("points", 0)
    return Cell(
        number=number,
        text=raw.source,
        markdown=raw.cell_type == "markdown",
        kind=kind,
        name=words[kind] if kind else None,
        points=points,
        demo=bool(words.get("demo", False)),
    )


def validate(path: Path, cells: list[Cell]) -> None:
    """Raise `CourseError`, naming file, cell and reason, unless the cells make an assignment."""

    def fail(cell: Cell, reason: str) -> None:
        raise CourseError(f"{path.name}, cell {cell.number} ({cell.grade_id or 'plain'}): {reason}")

    seen: dict[str, int] = {}
    answers: dict[str, Cell] = {}
    for cell in cells:
        if cell.kind is None:
            if cell.points:
                fail(cell, "points belong to a check; say check=… or hidden=… beside them")
            continue
        if cell.markdown:
            fail(cell, f"a {cell.kind} cell must be code")
        if not isinstance(cell.name, str) or not re.fullmatch(r"[A-Za-z][\w-]*", cell.name):
            fail(cell, f"{cell.name!r} is no grade id; use letters, digits, - and _")
        if cell.grade_id in seen:
            fail(
                cell, f"the grade id {cell.grade_id!r} stands already in cell {seen[cell.grade_id]}"
            )
        seen[cell.grade_id] = cell.number
        if cell.kind == "answer":
            answers[cell.name] = cell
        if cell.kind in ("check", "hidden"):
            if cell.name not in answers:
                fail(cell, f"checks {cell.name!r}, but no answer cell of that name comes before it")
            if not isinstance(cell.points, int) or cell.points < 1:
                fail(cell, "a check needs points, a whole number from 1: add points=1")
            if cell.text and not SEED_LINE.search(cell.text):
                fail(
                    cell, "a check draws its own inputs: it needs a line `SEED = 0` and must use it"
                )
            if cell.text and len(re.findall(r"\bSEED\b", cell.text)) < 2:
                fail(cell, "sets SEED and never uses it")
        elif cell.points:
            fail(cell, "points belong to a check cell")
    if cells and seen.get("setup") is None:
        fail(cells[0], 'no cell is `given="setup"`: it holds what the notebook imports')
    for name, cell in answers.items():
        for kind, tail in (("check", "-check"), ("hidden", "-hidden")):
            if f"{name}{tail}" not in seen:
                fail(cell, f"has no {kind} cell; every answer needs a visible and a hidden one")


def metadata(cell: Cell) -> dict:
    """nbgrader's metadata (schema 3) for a cell, or `{}` for a plain one."""
    if cell.demo:  # raises-exception: running all cells goes on past it
        return {"tags": ["demo", "raises-exception"]}
    if cell.kind is None:
        return {}
    grade = cell.kind in ("check", "hidden")
    nbgrader = {
        "schema_version": 3,
        "grade_id": cell.grade_id,
        "grade": grade,
        "solution": cell.kind == "answer",
        "locked": cell.kind != "answer",
        "task": False,
        "cell_type": "code",
    }
    if grade:
        nbgrader["points"] = cell.points
        return {"nbgrader": nbgrader, "tags": ["raises-exception"]}
    return {"nbgrader": nbgrader}
