"""Collects what a class hands in: folders, zips of a learning platform, loose named files.

Whose a file is, its path says (`platforms`), and which folder is theirs, the ledger (`people`).
Nothing is ever unpacked to the disk: each notebook is read within the caps, looked at, and written
to `submitted/STUDENT/ASSIGNMENT/ASSIGNMENT.ipynb` whole. What cannot be taken is noted against its
student with the reason, and the rest goes on.
"""

import contextlib
import csv
import io
import os
import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from course.grading.intake.notebook import Refused, parse, shown
from course.grading.intake.people import People, alone, folder_name
from course.grading.intake.platforms import COPY, Owner, owners, worksheet
from course.grading.intake.receive import CAP, NOTEBOOK, read_file
from course.grading.intake.sources import Item, carries, members
from course.paths import ROOT, assignments, write_whole

WHO = ("who", "name", "platform", "number", "given")  # of the ledger: who it is, not what came


@dataclass
class Collected:
    """What became of one student's submission."""

    student: str  # the name of the folder; "" if nobody's
    source: str  # the path that it came by
    stored: bool
    reason: str = ""  # why not, if not
    received: str = ""
    note: str = ""  # what else should be known of it


@dataclass
class Handed:
    """One file, and whose it is."""

    item: Item
    owner: Owner
    other: bool = False  # another assignment's notebook, as its name says

    @property
    def file(self) -> str:
        return self.owner.file

    @property
    def when(self) -> datetime:
        return self.owner.when or self.item.when


def collect(
    sources: Iterable[Path], assignment: str, root: Path = ROOT, cap: int = CAP
) -> list[Collected]:
    """Take the submissions of one assignment from `sources` into `root/submitted`.

    A source that ends in `.csv` is Moodle's grading worksheet: it says who has which number.
    """
    submitted = root / "submitted"
    results: list[Collected] = []
    others = {*assignments(root)} - {assignment}
    known: dict[str, tuple[str, ...]] = {}
    with alone(submitted):
        people = People(submitted, assignment)
        for source in sorted(map(Path, sources), key=lambda s: s.suffix.lower() != ".csv"):
            try:
                if source.suffix.lower() == ".csv":
                    known |= _worksheet(source)
                    continue
                found = list(owners(list(members(source, cap)), assignment))
            except Refused as problem:
                results.append(Collected("", str(source), False, str(problem)))
                continue
            handed = [Handed(i, _more(o, known, assignment)) for i, o in found]
            for one in handed:
                one.other = any(_is(one.file, other) for other in others)
            handed = [h for h in handed if h.owner.platform or not h.other]
            named, nobodys = [], []
            for one in handed:
                known_by = one.owner.number or folder_name(one.owner.name)
                (named if known_by else nobodys).append(one)
            results += [_nobodys(h.item) for h in nobodys if carries(h.item.path.name)]
            theirs, notes = _by_folder(named, people)
            people.save()
            for student, own in sorted(theirs.items()):
                result = _take(student, own, assignment, submitted, people.mine)
                result.note = "; ".join(filter(None, (notes.get(student), result.note)))
                results.append(result)
                people.save()
    return results


def _worksheet(source: Path) -> dict[str, tuple[str, ...]]:
    text = read_file(source)[0].decode("utf-8-sig", "replace")
    if known := worksheet([row for row in csv.reader(io.StringIO(text)) if row]):
        return known
    raise Refused(
        f"{source} is no grading worksheet of Moodle: wanted are a first column that holds the "
        "participants' numbers, and one with mail addresses"
    )


def _more(owner: Owner, known: dict[str, tuple[str, ...]], assignment: str) -> Owner:
    """Moodle's numbers are for one assignment: the owner with what holds beyond it."""
    if owner.platform != "moodle":
        return owner
    more = (f"moodle {owner.number} {owner.name}", *known.get(owner.number, ()))
    return replace(owner, scope=f"{assignment} ", more=more)


def _by_folder(
    handed: list[Handed], people: People
) -> tuple[dict[str, list[Handed]], dict[str, str]]:
    """What each student handed in, by the folder that is theirs, and notes on folders."""
    theirs: dict[str, list[Handed]] = {}
    for one in handed:
        theirs.setdefault(one.owner.keys[0], []).append(one)
    found: dict[str, list[Handed]] = {}
    notes = {}
    for owner, folder, note in people.folders([own[0].owner for own in theirs.values()]):
        found.setdefault(folder, []).extend(theirs[owner.keys[0]])
        notes[folder] = note
    return found, notes


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
    student: str,
    handed: list[Handed],
    assignment: str,
    submitted: Path,
    notes: dict[str, dict[str, Any]],
) -> Collected:
    """Store the latest attempt's notebook among a student's files, or note why there is none."""
    came = max(handed, key=lambda h: h.when)
    result = Collected(student, shown(str(came.item.path)), False, "", _iso(came.when))
    folder = submitted / student / assignment
    entry = notes.setdefault(student, {})
    stays = _there(folder / f"{assignment}.ipynb", entry)
    who = {k: entry[k] for k in WHO if k in entry}
    try:
        one, text, result.note = _read_latest(handed, assignment)
        result.source, result.received = shown(str(one.item.path)), _iso(one.when)
        digest = sha256(text.encode()).hexdigest()
        if stays and datetime.fromisoformat(stays) > one.when:
            result.reason = f"an earlier one; that of {stays} stays"
            return result
        _store(folder, text, one.when, assignment)
    except Refused as problem:
        result.reason = str(problem)
        if stays:
            result.reason += f"; that of {stays} stays"
            return result
        with contextlib.suppress(OSError):
            if not folder.parent.is_symlink():
                folder.mkdir(parents=True, exist_ok=True)
        notes[student] = who | {"received": result.received, "reason": result.reason}
        notes[student].setdefault("given", came.owner.given)
        return result
    if stays and entry.get("digest") != digest:
        replaced = f"replaces that of {stays}"
        result.note = "; ".join(filter(None, (result.note, replaced)))
    who["given"] = one.owner.given
    notes[student] = who | {"received": result.received, "digest": digest}
    if one.owner.late:
        notes[student]["late"] = "the learning platform marked it as late"
    if not _is(one.file, assignment):
        notes[student]["renamed"] = shown(one.file)
    result.stored = True
    return result


def _read_latest(handed: list[Handed], assignment: str) -> tuple[Handed, str, str]:
    """The notebook of the latest attempt that holds one, its text, and what became of later ones."""
    attempts: dict[datetime | None, list[Handed]] = {}
    for one in handed:
        attempts.setdefault(one.owner.when, []).append(one)
    first: Refused | None = None
    for own in sorted(attempts.values(), key=lambda a: max(h.when for h in a), reverse=True):
        try:
            one = _notebook(own, assignment)
            raw = one.item.read()
            parse(raw, shown(one.file))
        except Refused as problem:
            first = first or problem
            continue
        named = [h for h in own if NOTEBOOK.search(h.file) and _is(h.file, assignment)]
        said = [f"of a later attempt nothing: {first}"] if first else []
        if len(named) > 1:
            said.append(f"{len(named)} notebooks; taken is {shown(str(one.item.path))}")
        return one, raw.decode("utf-8-sig"), "; ".join(said)
    raise first or Refused("there is nothing")


def _there(target: Path, noted: dict) -> str:
    """When the notebook that is there came; "" if there is none."""
    try:
        changed = datetime.fromtimestamp(target.lstat().st_mtime, UTC)
    except (OSError, ValueError, OverflowError):
        return ""
    return noted["received"] if noted.get("digest") and noted.get("received") else _iso(changed)


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


def _notebook(handed: list[Handed], assignment: str) -> Handed:
    """The notebook of one attempt: of the right name, the latest, or the only one."""
    books = [h for h in handed if NOTEBOOK.search(h.file) and not h.other]
    right = [h for h in books if _is(h.file, assignment)]
    if right or len(books) == 1:
        return max(right or books, key=lambda h: (h.when, len(h.file), h.file))
    names = ", ".join(shown(h.file) for h in (books or handed)[:5])
    if books:
        raise Refused(f"there are {len(books)} notebooks ({names}), none called {assignment}.ipynb")
    for one in handed:
        one.item.read()  # says what is wrong with it, if something is
    raise Refused(f"there is no notebook: wanted {assignment}.ipynb, got {names}")


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
