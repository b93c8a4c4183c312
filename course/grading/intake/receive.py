"""Receives one submission: reads its notebook without trusting it, or says why it cannot be graded.

Nothing is followed (links), waited for (pipes) or read beyond a cap, and what is read is cut down
to the cells' texts and ids before any other part sees it. The time of a submission is the
server's: noted by `collect` in the ledger beside the students' folders, else the file's own.
"""

import itertools
import json
import os
import re
import stat
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from pathlib import Path
from typing import Any

from course.grading.intake.notebook import Refused, parse, shown
from course.grading.records import Flag

CAP = 50 * 2**20  # bytes of a notebook; one with a long run's output in it may well have 30 MB
MOST_FILES = 1000  # of a folder that are looked at
LEDGER = ".received.json"
NOTEBOOK = re.compile(r"\.ipynb(\.txt|\.json)?$", re.I)  # browsers add such endings
JUNK = re.compile(r"\..*|__MACOSX|__pycache__|Thumbs\.db|desktop\.ini", re.I)
MODULE = re.compile(r"\w+|\w+(\..*)?\.(py|pyc|pyd|so)")
SHADOWS = sys.stdlib_module_names | {
    "dgm", "course", "sitecustomize", "usercustomize", "ipython_config", "nbgrader_config",
    "torch", "torchvision", "numpy", "scipy", "sklearn", "matplotlib", "tqdm", "IPython", "nbgrader",
}  # fmt: skip


@dataclass
class Received:
    """One submission as received: `text` is a plain notebook's JSON, or `reason` says why not."""

    text: str = ""
    reason: str = ""
    flags: list[Flag] = field(default_factory=list)
    received: str = ""  # ISO 8601 with its zone


def receive(folder: Path, assignment: str, cap: int = CAP) -> Received:
    """What lies in one student's `submitted/STUDENT/ASSIGNMENT/`; never raises for its content."""
    result = Received(received=_iso(datetime.now(UTC)))
    noted = ledger(folder.parent.parent).get(assignment, {}).get(folder.parent.name, {})
    try:
        place = _open_folder(folder)
    except Refused as problem:
        result.reason = str(problem)
    else:
        try:
            _receive(place, assignment, cap, noted, result)
        finally:
            os.close(place)
    if result.reason:
        result.flags.insert(0, Flag("ungradable", result.reason))
    return result


def _receive(
    place: int, assignment: str, cap: int, noted: dict[str, Any], result: Received
) -> None:
    with os.scandir(place) as entries:
        found = sorted(e.name for e in itertools.islice(entries, MOST_FILES))
    result.received = noted.get("received") or _iso(_changed(os.fstat(place)))
    name = f"{assignment}.ipynb"
    try:
        name = _pick(found, name, noted.get("reason", ""))
        raw, about = read_file(name, cap, place)
        if sha256(raw).hexdigest() != noted.get("digest"):
            result.received = _iso(_changed(about))
        result.text = json.dumps(parse(raw, shown(name), result.flags))
    except Refused as problem:
        result.reason = str(problem)
    if name != f"{assignment}.ipynb" or "renamed" in noted:
        text = f"{noted.get('renamed') or shown(name)} was taken for {assignment}.ipynb, which is not there"
        result.flags.append(Flag("renamed", text))
    result.flags += _strangers([f for f in found if f not in (name, "timestamp.txt")])
    if "timestamp.txt" in found:
        result.flags += _forged(place, result.received)
    result.flags += [Flag("late", text) for text in [noted.get("late")] if text]


def _open_folder(folder: Path) -> int:
    """A handle on the folder, reached through no link below the folder of all submissions."""
    how = os.O_RDONLY | os.O_DIRECTORY | os.O_NOFOLLOW | os.O_CLOEXEC
    try:
        above = os.open(folder.parent, how)
        try:
            return os.open(folder.name, how, dir_fd=above)
        finally:
            os.close(above)
    except OSError as problem:
        for part in (folder.parent, folder):
            if part.is_symlink():
                text = f"the folder {shown(part.name)} is a link, which is not followed; put the folder itself there"
                raise Refused(text) from None
        raise Refused(
            f"the folder {shown(folder.name)} cannot be read: {problem.strerror}"
        ) from None


def _pick(found: list[str], wanted: str, noted: str) -> str:
    """The name of the notebook among the files of a folder."""
    books = [f for f in found if NOTEBOOK.search(f) and not JUNK.fullmatch(f)]
    if wanted in books:
        return wanted
    if len(books) == 1:
        return books[0]
    if books:
        some = ", ".join(map(shown, books[:5]))
        raise Refused(f"there are {len(books)} notebooks ({some}) and none is called {wanted}")
    others = ", ".join(shown(f) for f in found[:5]) or "nothing"
    raise Refused(noted or f"there is no notebook: wanted {wanted}, got {others}")


def read_file(
    name: str | Path, cap: int = CAP, place: int | None = None
) -> tuple[bytes, os.stat_result]:
    """The bytes of a plain file, at most `cap` of them, and its state; raises `Refused`."""
    said = shown(Path(name).name)
    try:
        how = os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_CLOEXEC
        before = os.lstat(name, dir_fd=place)
        if stat.S_ISLNK(before.st_mode):
            raise Refused(f"{said} is a link, which is not followed; hand in the file itself")
        if not stat.S_ISREG(before.st_mode):  # opening a device may already do something
            raise Refused(f"{said} is no file; hand in a notebook")
        with open(os.open(name, how, dir_fd=place), "rb") as file:
            about = os.fstat(file.fileno())
            if not stat.S_ISREG(about.st_mode):
                raise Refused(f"{said} is no file; hand in a notebook")
            if about.st_nlink > 1:
                raise Refused(f"{said} is a hard link to another file; hand in a copy of its own")
            if about.st_size > cap:
                raise Refused(too_large(said, about.st_size, cap))
            raw = file.read(cap + 1)
    except OSError as problem:
        raise Refused(f"{said} cannot be read: {problem.strerror}") from None
    if len(raw) > cap:
        raise Refused(too_large(said, len(raw), cap))
    return raw, about


def too_large(name: str, size: int, cap: int) -> str:
    return (
        f"{name} has {size / 2**20:,.0f} MB, at most {cap / 2**20:,.0f} are read; clear its outputs"
    )


def _strangers(names: list[str]) -> list[Flag]:
    names = [n for n in names if not JUNK.fullmatch(n)]
    shadows = [n for n in names if n.split(".")[0] in SHADOWS and MODULE.fullmatch(n)]
    others = [n for n in names if n not in shadows]
    flags = []
    if shadows:
        text = f"{_list(shadows)} beside the notebook would shadow the package; left out"
        flags.append(Flag("shadows the package", text))
    if others:
        flags.append(Flag("unexpected file", f"beside the notebook, and left out: {_list(others)}"))
    return flags


def _forged(place: int, received: str) -> list[Flag]:
    """A flag if `timestamp.txt`, which is the student's, claims an earlier time or one to come."""
    from nbgrader.utils import parse_utc  # slow to import, and seldom needed

    try:
        said = read_file("timestamp.txt", 1000, place)[0].decode("utf-8", "replace").strip()
        claimed = parse_utc(said).replace(tzinfo=UTC)
        ours, slack = datetime.fromisoformat(received), timedelta(minutes=5)
        if ours - slack <= claimed <= datetime.now(UTC) + slack:
            return []
        text = f"timestamp.txt says {shown(said)}"
    except Refused as problem:
        text = str(problem)
    except Exception:  # a parser of times has many ways to fail
        text = f"timestamp.txt holds no time: {shown(said)}"
    return [Flag("forged time stamp", f"{text}; the server's time counts: {received}")]


def ledger(submitted: Path) -> dict[str, Any]:
    """What `collect` noted: assignment -> student -> received, digest, reason, late."""
    try:
        found = json.loads((submitted / LEDGER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _list(names: list[str]) -> str:
    more = f" and {len(names) - 5} more" if len(names) > 5 else ""
    return ", ".join(map(shown, names[:5])) + more


def _changed(about: os.stat_result) -> datetime:
    try:
        return datetime.fromtimestamp(about.st_mtime, UTC)
    except (ValueError, OverflowError, OSError):
        return datetime.now(UTC)


def _iso(when: datetime) -> str:
    return when.isoformat(timespec="seconds")
