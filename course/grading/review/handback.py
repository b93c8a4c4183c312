"""The way back: marks and feedback in the forms in which Moodle and Canvas take them.

A mark goes to the number that its submission came by. Moodle reads the CSV by three columns, the
number, the mark and when it was given (`mod/assign/feedback/offline/importgradeslib.php`), and a zip
by its folders' names (`mod/assign/feedback/file/importziplib.php`). Canvas reads the number in the
second column (`lib/gradebook_importer.rb`), and a zip by the numbers in its files' names
(`app/models/abstract_assignment.rb`).
"""

import csv
import io
import os
import re
import unicodedata
import zipfile
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from course.grading.intake.people import BLIND, alike, read_ledger
from course.grading.intake.receive import LEDGER, receive
from course.grading.review.feedback import number as shown
from course.grading.review.grades import as_csv
from course.grading.review.report import Row, rows
from course.paths import ROOT, CourseError

PLATFORMS = ("moodle", "canvas")
ANONYMOUS = "anon-"
FORMULA = ("=", "+", "-", "@", "\t")  # with which a spreadsheet begins a program


@dataclass
class Back:
    """What goes back to one student."""

    student: str
    number: str  # the platform's
    name: str
    given: str  # how the platform's names for what they handed in begin
    mark: str = ""
    page: Path | None = None
    whole: float = 0.0


def hand_back(
    assignment: str, root: Path = ROOT, sheet: Path | None = None, column: str = ""
) -> tuple[list[Path], list[str]]:
    """Write `handback/ASSIGNMENT/`; the files there, and what could not be handed back, and why.

    `sheet` is what the platform exports to be filled in, `column` the name of its column for this
    assignment. Raises `CourseError` where nothing is to be handed back, or the sheet is another's.
    """
    noted = read_ledger(root / "submitted" / LEDGER).get(assignment, {})
    found = {row.student: row for row in rows(assignment, root)}
    theirs: dict[str, list[Back]] = {platform: [] for platform in PLATFORMS}
    problems = []
    for student in sorted({*noted, *found}):
        entry = noted.get(student, {})
        back = Back(student, *(entry.get(k, "") for k in ("number", "name", "given")))
        problem = _fill(back, found.get(student), assignment, root)
        problems += [f"{student}: {problem}"] * bool(problem)
        if entry.get("platform") in theirs:
            theirs[entry["platform"]].append(back)
        elif not problem:
            way = entry.get("platform") or "no platform"
            problems.append(f"{student}: came by {way}; the mark is in grades.csv")
    if not any(theirs.values()):
        raise CourseError(
            f"nothing of {assignment} came by Moodle or Canvas, as submitted/{LEDGER} has it: the marks "
            "are in grades.csv, the pages in feedback/"
        )
    lines = _sheet(sheet) if sheet else []
    kind = _kind(lines)
    if lines and not theirs[kind]:
        raise CourseError(
            f"{sheet} is of {kind.title()}, and nothing of {assignment} came from there"
        )
    made = {}
    for platform, backs in theirs.items():
        own = lines if kind == platform else []
        write = _moodle if platform == "moodle" else _canvas
        marks = write([b for b in backs if b.mark], own, column, assignment, problems)
        pages = [b for b in backs if b.page and b.given]
        if backs:
            made[f"{platform}-marks.csv"] = as_csv(marks).encode()
            made[f"{platform}-feedback.zip"] = _zip(pages, assignment)
    return _write(made, root / "handback" / assignment), problems


def _fill(back: Back, row: Row | None, assignment: str, root: Path) -> str:
    """Put mark and page into `back`; what is wrong with them, or nothing."""
    if row is None:
        return "not graded yet; run `make grade`, then this again"
    came = receive(root / "submitted" / back.student / assignment, assignment)
    if not came.reason and came.received != row.record.received:
        return "handed in again since it was graded; run `make grade`, then this again"
    page = root / "feedback" / back.student / assignment / f"{assignment}.html"
    back.page = page if page.is_file() else None
    if row.record.reason and row.score <= 0:
        return f"no mark goes back, for it could not be graded: {row.record.reason}"
    back.mark, back.whole = shown(max(0.0, row.score)), row.whole
    return "" if back.page else "there is no feedback page; run `make grade`, then this again"


# The platforms' sheets


def _sheet(path: Path) -> list[list[str]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
        first = text.partition("\n")[0]
        mark = ";" if first.count(";") > first.count(",") else ","
        found = [row for row in csv.reader(io.StringIO(text), delimiter=mark) if row]
    except (OSError, ValueError, csv.Error) as problem:
        raise CourseError(f"{path} cannot be read as CSV: {problem}") from None
    if len(found) < 2:
        raise CourseError(f"{path} is empty; export it from the platform anew")
    return found


def _kind(lines: list[list[str]]) -> str:
    head = lines[0] if lines else []
    return "canvas" if len(head) > 3 and "Student" in head[0] and "ID" in head[1] else "moodle"


def _moodle(
    backs: list[Back], sheet: list[list[str]], column: str, assignment: str, problems: list[str]
) -> list[list[str]]:
    """The grading worksheet with the marks in it: the sheet's own lines, or as few columns as do."""
    if not sheet:
        now = datetime.now(UTC).isoformat(timespec="seconds")
        head = ["Identifier", "Full name", column or "Grade", "Last modified (grade)"]
        return [head, *([f"Participant {b.number}", _safe(b.name), b.mark, now] for b in backs)]
    head, of = sheet[0], {}
    for row in sheet[1:]:
        if found := re.search(r"\d+$", row[0].strip()):
            of[found[0]] = row
    at = _column(head, column or "Grade")
    kept = [head]
    for back in backs:
        row = of.get(back.number)
        if row is None or len(row) != len(head):
            problems.append(f"{back.student}: the sheet has no participant {back.number}")
        elif problem := _another(back, dict(zip(head, row, strict=True))):
            problems.append(f"{back.student}: {problem}")
            back.page = None
        else:
            kept.append([*row[:at], back.mark, *row[at + 1 :]])
    _none_left(kept[1:], backs, assignment)
    return kept


def _another(back: Back, row: dict[str, str]) -> str:
    """What is wrong with a line of Moodle's sheet for this mark, or nothing."""
    name = row.get("Full name", "")
    if name and alike(back.name) != BLIND and _letters(name) != _letters(back.name):
        return f"participant {back.number} is {name} in the sheet, and {back.name} in what came"
    _same_points(row.get("Maximum Grade", ""), back)
    return ""


def _same_points(there: str, back: Back) -> None:
    there = there.strip().replace(",", ".")
    if re.fullmatch(r"\d+(\.\d+)?", there) and float(there) != back.whole:
        raise CourseError(
            f"the platform's assignment goes to {shown(float(there))} points, the marks go to "
            f"{shown(back.whole)}: set it to that there, and export the sheet anew"
        )


def _canvas(
    backs: list[Back], sheet: list[list[str]], column: str, assignment: str, problems: list[str]
) -> list[list[str]]:
    """The gradebook with this assignment's column: a line for each mark that goes back."""
    anonymous = [b for b in backs if b.number.startswith(ANONYMOUS)]
    problems += [
        f"{b.student}: Canvas takes no mark for someone anonymous; post the grades, and collect anew"
        for b in anonymous
    ]
    backs = [b for b in backs if b not in anonymous]
    if not sheet:
        head = ["Student", "ID", "Section", column or assignment]
        return [head, *([_safe(b.name), b.number, "", b.mark] for b in backs)]
    head, of = sheet[0], {row[1].strip(): row for row in sheet[1:] if len(row) == len(sheet[0])}
    if "Section" not in head:
        raise CourseError("Canvas's sheet has no column Section; export the gradebook anew")
    at, last = _column(head, column or assignment), head.index("Section") + 1
    kept = [[*head[:last], head[at]]]
    for row in sheet[1:3]:
        if "Points Possible" in row[0] and backs:
            _same_points(row[at], backs[0])
            kept.append([*row[:last], row[at]])
    before = len(kept)
    for back in backs:
        if row := of.get(back.number):
            kept.append([*row[:last], back.mark])
        else:
            problems.append(f"{back.student}: the sheet has no student with the ID {back.number}")
    _none_left(kept[before:], backs, assignment)
    return kept


def _column(head: list[str], wanted: str) -> int:
    """The place of the column of that name; Canvas puts its own number behind, in brackets."""
    found = [n for n, name in enumerate(head) if wanted in (name, re.sub(r" \(\d+\)$", "", name))]
    if len(found) != 1:
        raise CourseError(
            f"the sheet has {len(found)} columns called {wanted!r}; say which with COLUMN=…, one of: "
            + ", ".join(head)
        )
    return found[0]


def _none_left(kept: list[list[str]], backs: list[Back], assignment: str) -> None:
    if backs and not kept:
        raise CourseError(
            f"the sheet has nobody of those who handed in {assignment}: is it another's?"
        )


def _letters(name: str) -> str:
    """What of a name survives in a file's name."""
    return re.sub(r"[\W_]", "", unicodedata.normalize("NFC", name).casefold())


def _safe(name: str) -> str:
    return f"'{name}" if name.startswith(FORMULA) else name


# The files


def _zip(backs: list[Back], assignment: str) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for back in backs:
            if back.page:
                archive.writestr(f"{back.given}{assignment}.html", back.page.read_bytes())
    return buffer.getvalue()


def _write(made: dict[str, bytes], folder: Path) -> list[Path]:
    """Write each file whole or not at all; what an earlier run left for another platform goes."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in made.items():
        part = folder / f".{name}.part"
        part.write_bytes(content)
        os.replace(part, folder / name)
    for platform in PLATFORMS:
        for name in (f"{platform}-marks.csv", f"{platform}-feedback.zip"):
            if name not in made:
                (folder / name).unlink(missing_ok=True)
    return [folder / name for name in made]
