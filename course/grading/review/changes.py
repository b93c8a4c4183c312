"""What a run of grading moved: marks before and after, printed, and kept with their time.

Before means: when marks were last reported. So a run that was ended loses no change, and points
that a person gave in between are told too.
"""

import json
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from course.grading.review.feedback import number, printable
from course.grading.review.marks import rows
from course.grading.review.spreadsheet import table
from course.paths import ROOT, CourseError, write_whole

SHOWN = 20  # students on the terminal; the file has all
HEAD = ("when", "student", "before", "after", "what")
Marks = dict[str, dict[str, Any]]  # by student: points, what was taken off, each check's points


@dataclass(frozen=True)
class Change:
    """A student whose mark is not what it was; `before` is None for a new one."""

    student: str
    before: float | None
    after: float
    what: str  # check by check, in words


def now(assignment: str, root: Path = ROOT, db_url: str = "") -> Marks:
    """The marks as they are; none where nothing has been graded yet."""
    try:
        found = rows(assignment, root, db_url)
    except CourseError:
        return {}
    return {r.student: {"points": r.score, "late": r.penalty, "checks": r.marks} for r in found}


def noted(assignment: str, root: Path = ROOT) -> Path:
    return root / "_build" / "grading" / assignment / "report" / "marks.json"


def before(assignment: str, root: Path = ROOT, db_url: str = "") -> Marks:
    """The marks as they were last reported; for want of a report, as they are."""
    try:
        return json.loads(noted(assignment, root).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return now(assignment, root, db_url)


def compare(old: Marks, new: Marks) -> list[Change]:
    """Every student with another mark, or with the same one made up in another way."""
    found = []
    for student in sorted(new):
        was, mark = old.get(student), new[student]
        if was is None:
            found.append(Change(student, None, mark["points"], "new"))
        elif was != mark:
            what = [
                f"{check} {_said(was['checks'].get(check))} → {_said(mark['checks'].get(check))}"
                for check in sorted({*was["checks"], *mark["checks"]})
                if was["checks"].get(check) != mark["checks"].get(check)
            ]
            if was["late"] != mark["late"]:
                what.append(f"taken off for lateness {_said(was['late'])} → {_said(mark['late'])}")
            found.append(Change(student, was["points"], mark["points"], "; ".join(what)))
    return found


def _said(points: float | None) -> str:
    return "none" if points is None else number(points)


def write(assignment: str, old: Marks, root: Path = ROOT, db_url: str = "") -> list[Change]:
    """Add what changed since `old` to `reports/ASSIGNMENT-changes.csv`, and note the marks."""
    new = now(assignment, root, db_url)
    found = compare(old, new)
    path = root / "reports" / f"{assignment}-changes.csv"
    if found:
        kept = path.read_text(encoding="utf-8") if path.is_file() else table([HEAD])
        when = datetime.now(UTC).isoformat(timespec="seconds")
        lines = [
            (when, c.student, "" if c.before is None else c.before, c.after, c.what) for c in found
        ]
        write_whole(path, kept + table(lines))
    write_whole(noted(assignment, root), json.dumps(new, indent=1, sort_keys=True) + "\n")
    return found


def words(found: list[Change], of: int) -> str:
    """The changes for the terminal: who was moved, and by what; new ones are counted alone."""
    moved = [change for change in found if change.before is not None]
    fresh = len(found) - len(moved)
    head = f"{fresh} new; " if fresh else ""
    if not moved:
        return f"changes: {head}no mark that was reported before has moved"
    lines = [f"changes: {head}{len(moved)} of {of} marks moved since they were last reported"]
    lines += [
        f"  {c.student}: {_said(c.before)} → {number(c.after)} ({c.what})" for c in moved[:SHOWN]
    ]
    if len(moved) > SHOWN:
        lines.append(f"  and {len(moved) - SHOWN} more")
    return "\n".join(printable(line, 300) for line in lines)
