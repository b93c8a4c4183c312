"""The marks of a class, from the autograded notebooks and the gradebook; both are only read."""

import json
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import quote

from nbgrader.api import Assignment, Grade, GradeCell, SubmittedAssignment
from sqlalchemy import create_engine
from sqlalchemy.orm import Session

from course.grading.records import Record
from course.grading.review.feedback import record_of
from course.paths import ROOT, CourseError


@dataclass
class Row:
    """A submission."""

    student: str
    name: str = ""
    score: float = 0.0
    whole: float = 0.0  # the points there are
    penalty: float = 0.0
    late: float = 0.0  # seconds
    marks: dict[str, float] = field(default_factory=dict)  # a check's points, a person's included
    record: Record = field(default_factory=Record)
    notebook: Path | None = None  # the graded one, if it is there
    page: str = ""  # where the report links to
    feedback: str = ""

    def points(self, check: str) -> float:
        """What a check earned; by the gradebook, or for want of it by the record."""
        noted = self.record.checks.get(check)
        return self.marks.get(check, noted.score if noted else 0.0)


def rows(assignment: str, root: Path = ROOT, db_url: str = "") -> list[Row]:
    """All submissions by the student's id; raises `CourseError` where none has been graded."""
    found = _entries(
        assignment, db_url or f"sqlite:///file:{root / 'gradebook.db'}?mode=ro&uri=true"
    )
    for path in sorted(root.glob(f"autograded/*/{assignment}/{assignment}.ipynb")):
        student = path.parts[-3]
        noted = _record(path) or Record()
        if student not in found:
            results = noted.checks.values()
            found[student] = Row(
                student, "", sum(r.score for r in results), sum(r.points for r in results)
            )
        row = found[student]
        place = f"{quote(student)}/{assignment}/{assignment}"
        row.notebook, row.page = path, f"{assignment}/{quote(student)}.html"
        page = root / "feedback" / student / assignment / f"{assignment}.html"
        row.feedback = f"../feedback/{place}.html" if page.is_file() else ""
        row.record = noted
    if not found:
        raise CourseError(
            f"nothing of {assignment} has been graded: no autograded/STUDENT/{assignment}, and "
            f"nothing in the gradebook; run `make grade ASSIGNMENT={assignment}` first"
        )
    return [found[student] for student in sorted(found)]


def _record(path: Path) -> Record | None:
    try:
        return record_of(json.loads(path.read_bytes()))
    except ValueError:
        return None


def _entries(assignment: str, db_url: str) -> dict[str, Row]:
    """What the gradebook holds of an assignment; nothing where there is no gradebook."""
    if db_url.startswith("sqlite:///file:") and not Path(db_url[15:].split("?")[0]).is_file():
        return {}
    engine = create_engine(db_url)
    found: dict[str, Row] = {}
    with Session(engine) as book:
        mine = (
            book.query(SubmittedAssignment).join(Assignment).filter(Assignment.name == assignment)
        )
        for entry in mine:
            who = entry.student
            found[entry.student_id] = Row(
                entry.student_id,
                " ".join(filter(None, (who.first_name, who.last_name))),
                entry.score - entry.late_submission_penalty,
                entry.max_score,
                entry.late_submission_penalty,
                entry.total_seconds_late,
            )
        grades = (
            book.query(SubmittedAssignment.student_id, GradeCell.name, Grade.score)
            .select_from(Grade)
            .join(Grade.notebook)
            .join(SubmittedAssignment)
            .join(Assignment)
            .join(GradeCell, Grade.cell_id == GradeCell.id)
            .filter(Assignment.name == assignment)
        )
        for student, check, score in grades:
            found[student].marks[check] = score
    engine.dispose()
    return found
