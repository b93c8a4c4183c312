"""Collects what a class hands in: folders, zips of a learning platform, loose named files.

Whose a file is, its path says: Moodle's `Ada Lovelace_123_assignsubmission_file_/x.ipynb`, Canvas's
`lovelaceada_late_123_456_x.ipynb`, a folder `ada/`, or plainly `ada.ipynb`. Nothing is ever
unpacked to the disk: each notebook is read within the caps, looked at, and written to
`submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb` whole. What cannot be taken is noted against its
student with the reason, and the rest goes on.
"""

import contextlib
import json
import os
import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path

from course.grading.intake.receive import CAP, LEDGER, NOTEBOOK, Refused, ledger, parse, shown
from course.grading.intake.sources import TAR, ZIP, Item, carries, members
from course.paths import ROOT, CourseError, assignments, write_whole

MOODLE = re.compile(r"(?P<name>.+?)_(?P<number>\d+)_assignsubmission_[a-z]+_?(?P<file>.*)")
CANVAS = re.compile(r"(?P<name>[^_]+)_(?P<late>late_)?(?P<number>\d+)_\d+_(?P<file>.+)", re.I)
COPY = r"[-_ ]?\(\d+\)"  # what browsers add to a second copy; platforms add -1


@dataclass
class Collected:
    """What became of one student's submission."""

    student: str  # the name of the folder; "" if nobody's
    source: str  # the path that it came by
    stored: bool
    reason: str = ""  # why not, if not
    received: str = ""


def collect(
    sources: Iterable[Path], assignment: str, root: Path = ROOT, cap: int = CAP
) -> list[Collected]:
    """Take the submissions of one assignment from `sources` into `root/submitted`."""
    submitted = root / "submitted"
    notes = _notes(submitted / LEDGER)
    mine = notes.setdefault(assignment, {})
    results: list[Collected] = []
    others = {*assignments(root)} - {assignment}
    for source in sources:
        try:
            items = list(members(Path(source), cap))
        except Refused as problem:
            results.append(Collected("", str(source), False, str(problem)))
            continue
        items = [i for i in items if not any(_is(i.path.name, other) for other in others)]
        found = _by_student(items, assignment)
        results += [_nobodys(item) for item in found.pop("", [])]
        for student, own in sorted(found.items()):
            results.append(_take(student, own, assignment, submitted, mine))
            submitted.mkdir(exist_ok=True, parents=True)
            write_whole(submitted / LEDGER, json.dumps(notes, indent=1, sort_keys=True) + "\n")
    return results


def _notes(path: Path) -> dict:
    if path.is_file() and not ledger(path.parent) and path.read_text().strip() not in ("", "{}"):
        raise CourseError(
            f"{path} is broken; it holds when submissions came: move it away, or mend it"
        )
    return ledger(path.parent)


def _nobodys(item: Item) -> Collected:
    reason = "whose it is, its name does not say; call it STUDENT.ipynb"
    try:
        item.read()
    except Refused as problem:
        reason = str(problem)
    return Collected("", shown(str(item.path)), False, reason, _iso(item.when))


def _is(name: str, assignment: str) -> bool:
    """Whether a file of this name is that assignment's notebook, or a second copy of it."""
    stem = NOTEBOOK.sub("", name)
    return stem != name and bool(re.fullmatch(rf"{re.escape(assignment)}({COPY}|-\d+)?", stem))


def _take(
    student: str, items: list[Item], assignment: str, submitted: Path, notes: dict
) -> Collected:
    """Store the one notebook among a student's items, or note why there is none."""
    came = max(items, key=lambda i: i.when)
    result = Collected(student, shown(str(came.path)), False, "", _iso(came.when))
    folder = submitted / student / assignment
    stays = _there(folder / f"{assignment}.ipynb", notes.get(student, {}))
    try:
        item = _notebook(items, assignment)
        result.source, result.received = shown(str(item.path)), _iso(item.when)
        raw = item.read()
        parse(raw, shown(item.file))
        if stays and datetime.fromisoformat(stays) > item.when:
            result.reason = f"an earlier one; that of {stays} stays"
            return result
        _store(folder, raw.decode("utf-8-sig"), item.when, assignment)
    except Refused as problem:
        result.reason = str(problem)
        if stays:
            result.reason += f"; that of {stays} stays"
            return result
        with contextlib.suppress(OSError):
            if not folder.parent.is_symlink():
                folder.mkdir(parents=True, exist_ok=True)
        notes[student] = {"received": result.received, "reason": result.reason}
        return result
    text = raw.decode("utf-8-sig").encode()
    notes[student] = {"received": result.received, "digest": sha256(text).hexdigest()}
    if item.late:
        notes[student]["late"] = "the learning platform marked it as late"
    if not _is(item.file, assignment):
        notes[student]["renamed"] = shown(item.file)
    result.stored = True
    return result


def _there(target: Path, noted: dict) -> str:
    """When the notebook that is there came; "" if there is none."""
    try:
        changed = datetime.fromtimestamp(target.lstat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return ""
    return noted["received"] if noted.get("digest") else _iso(changed)


def _store(folder: Path, text: str, when: datetime, assignment: str) -> None:
    """Write a notebook as it came, through no link."""
    target = folder / f"{assignment}.ipynb"
    for part in (folder.parent, folder, target):
        if part.is_symlink():
            raise Refused(f"{part} is a link, which is not followed; put a folder there")
    try:
        target.with_name(f".{target.name}.part").unlink(missing_ok=True)
        try:
            write_whole(target, text)
        except UnicodeDecodeError:  # what is there is no text
            target.unlink()
            write_whole(target, text)
        os.utime(target, (when.timestamp(), when.timestamp()))
    except OSError as problem:
        raise Refused(f"{target} cannot be written: {problem.strerror}") from None


def _notebook(items: list[Item], assignment: str) -> Item:
    """The notebook of a student's items: of the right name, the latest, or the only one."""
    books = [i for i in items if NOTEBOOK.search(i.file)]
    right = [i for i in books if _is(i.file, assignment)]
    if right or len(books) == 1:
        return max(right or books, key=lambda i: (i.when, len(i.file), i.file))
    names = ", ".join(shown(i.file) for i in (books or items)[:5])
    if books:
        raise Refused(f"there are {len(books)} notebooks ({names}), none called {assignment}.ipynb")
    for item in items:
        item.read()  # says what is wrong with it, if something is
    raise Refused(f"there is no notebook: wanted {assignment}.ipynb, got {names}")


# --- whose it is -----------------------------------------------------------------------------


def _by_student(items: list[Item], assignment: str) -> dict[str, list[Item]]:
    """The items of each student; those that are nobody's stand under ""."""
    top = _wrapping([i.path.parts for i in items if carries(i.path.name)], assignment)
    found: dict[tuple[str, str], list[Item]] = {}
    for item in items:
        parts = item.path.parts
        parts = parts[len(top) :] if parts[: len(top)] == top else parts
        _whose(item, parts, assignment)
        if item.name or carries(item.path.name):
            found.setdefault((item.name, item.number), []).append(item)
    names = [name for name, _ in found]
    students: dict[str, list[Item]] = {}
    for (name, number), own in found.items():
        twice = names.count(name) > 1 and number  # two people of one name
        students.setdefault(folder_name(f"{name}-{number}" if twice else name), []).extend(own)
    return students


def _wrapping(paths: list[tuple[str, ...]], assignment: str) -> tuple[str, ...]:
    """The folders round all of `paths` that are nobody's: a class's, or an assignment's."""
    top: tuple[str, ...] = ()
    while paths and all(len(p) > 1 and p[0] == paths[0][0] for p in paths):
        first, rest = paths[0][0], [p[1:] for p in paths]
        several = len({p[0] for p in rest}) > 1 and (f"{assignment}.ipynb",) not in rest
        if MOODLE.fullmatch(first) or not (
            several or first == assignment or CANVAS.match(rest[0][0])
        ):
            break
        top, paths = (*top, first), rest
    return top


def _whose(item: Item, parts: tuple[str, ...], assignment: str) -> None:
    """Fill in from its path whose the item is, and what its owner calls it."""
    item.file = parts[-1]
    if found := MOODLE.fullmatch(parts[0]):
        item.name, item.number = found["name"], found["number"]
        item.file = found["file"] if len(parts) == 1 else parts[-1]
    elif found := CANVAS.fullmatch(parts[0]):
        item.name, item.number, item.late = found["name"], found["number"], bool(found["late"])
        item.file = found["file"] if len(parts) == 1 else parts[-1]
    elif len(parts) > 1:
        item.name = parts[0]
    elif carries(parts[0]):
        stem = re.sub(rf"{COPY}$", "", TAR.sub("", ZIP.sub("", NOTEBOOK.sub("", parts[0]))))
        item.name = stem.replace(assignment, "").strip("-_. ")


def folder_name(name: str) -> str:
    """A student's name as the name of a folder: letters, digits and `-_.@`, never hidden.

    Where more than blanks and apostrophes is lost, a few signs that depend on the whole name keep
    two people apart.
    """
    name = unicodedata.normalize("NFC", name).strip()
    plain = re.sub(r"\s+", "-", re.sub(r"['’`]", "", name))
    safe = re.sub(r"[^\w.@-]+", "-", plain).lstrip(".-").rstrip(".-")[:50]
    if not safe or safe == plain:
        return safe
    return f"{safe}-{sha256(name.encode('utf-8', 'replace')).hexdigest()[:6]}"


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
