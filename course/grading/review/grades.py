"""The marks as CSV: `grades.csv`, of what was graded and of nothing else."""

import csv
import io
from collections.abc import Iterable
from pathlib import Path

from nbgrader.api import Assignment, Grade, Gradebook, SubmittedAssignment, SubmittedNotebook
from nbgrader.plugins import ExportPlugin
from sqlalchemy import or_
from sqlalchemy.orm import joinedload

from course.paths import write_whole

COLUMNS = (
    "assignment", "duedate", "timestamp", "student_id", "last_name", "first_name", "email",
    "raw_score", "late_submission_penalty", "score", "max_score",
)  # fmt: skip


def as_csv(rows: Iterable[Iterable[object]]) -> str:
    """Rows as CSV; what is missing stays empty."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerows([["" if cell is None else cell for cell in row] for row in rows])
    return text.getvalue()


class GradedExport(ExportPlugin):
    """nbgrader's own columns; a student who handed in nothing has no line in place of a zero."""

    def export(self, gradebook: Gradebook) -> None:
        graded = (
            gradebook.db.query(SubmittedNotebook.assignment_id)
            .join(Grade, Grade.notebook_id == SubmittedNotebook.id)
            .filter(or_(Grade.auto_score.isnot(None), Grade.manual_score.isnot(None)))
        )
        found = (
            gradebook.db.query(SubmittedAssignment)
            .join(Assignment)
            .filter(SubmittedAssignment.id.in_(graded))
            .options(
                joinedload(SubmittedAssignment.student), joinedload(SubmittedAssignment.assignment)
            )
            .order_by(Assignment.duedate, Assignment.name, SubmittedAssignment.student_id)
        )
        if self.assignment:
            found = found.filter(Assignment.name.in_(map(str, self.assignment)))
        if self.student:
            found = found.filter(SubmittedAssignment.student_id.in_(map(str, self.student)))
        rows = [_row(entry) for entry in found]
        write_whole(Path(self.to or "grades.csv"), as_csv([COLUMNS, *rows]))


def _row(entry: SubmittedAssignment) -> list[object]:
    asked, who, late = entry.assignment, entry.student, entry.late_submission_penalty
    return [
        asked.name, asked.duedate, entry.timestamp, who.id, who.last_name, who.first_name, who.email,
        entry.score, late, max(0.0, entry.score - late), asked.max_score,
    ]  # fmt: skip
