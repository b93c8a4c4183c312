"""Who is who, across all collections: a platform's number for a person, and the folder that is theirs.

The ledger beside the students' folders keeps it, with when each submission came. A folder belongs to
one person, for good: where a name is taken, the next one gets a name with the number in it.
"""

import contextlib
import fcntl
import json
import os
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from pathlib import Path
from typing import Any

from course.grading.intake.platforms import Owner
from course.grading.intake.receive import LEDGER
from course.paths import CourseError, write_whole

BLIND = "participant"  # what Moodle calls everybody in blind marking


class People:
    """The ledger, open for one collection; what `folders` gives is noted before it is used."""

    def __init__(self, submitted: Path, assignment: str):
        self.path = submitted / LEDGER
        self.notes = read_ledger(self.path)
        self.mine = self.notes.setdefault(assignment, {})
        self.folder_of: dict[str, str] = {}
        self.taken: set[str] = set()
        for students in self.notes.values():
            for folder, noted in students.items():
                if noted.get("who"):
                    self._own(folder, noted["who"])
        self.there = {p.name for p in submitted.iterdir() if not p.name.startswith(".")}

    def save(self) -> None:
        write_whole(self.path, json.dumps(self.notes, indent=1, sort_keys=True) + "\n")

    def folders(self, owners: list[Owner]) -> Iterator[tuple[Owner, str, str]]:
        """Each owner with their folder, and what is to be said of its name."""
        names = Counter(alike(folder_name(o.name)) for o in owners if not self._known(o))
        for owner in owners:
            wanted, note = folder_name(owner.name), ""
            folder = self._known(owner)
            if not folder:
                folder = self._new(owner, names[alike(wanted)] > 1)
                if folder != wanted and alike(wanted) != BLIND:
                    note = f"named apart from another {owner.name}".rstrip()
            self._own(folder, owner.keys)
            entry = self.mine.setdefault(folder, {})
            entry["who"] = [*dict.fromkeys([*entry.get("who", ()), *owner.keys])]
            entry |= {"name": owner.name, "platform": owner.platform, "number": owner.number}
            yield owner, folder, note

    def _own(self, folder: str, keys: Iterable[str]) -> None:
        self.taken.add(alike(folder))
        for key in keys:
            self.folder_of.setdefault(key, folder)

    def _known(self, owner: Owner) -> str:
        return next((self.folder_of[k] for k in owner.keys if k in self.folder_of), "")

    def _new(self, owner: Owner, several: bool) -> str:
        """A folder that is nobody's; what was put there by hand belongs to the one of that name."""
        name, number = owner.name, owner.number
        full = folder_name(f"{name}-{number}") if number else ""
        sure = f"{folder_name(name)}-{_signs(owner.keys[0])}".strip("-")
        apart = number and (several or alike(name) == BLIND)
        for folder in filter(None, ("" if apart else folder_name(name), full, sure)):
            by_hand = folder in self.there and folder == name and not number
            if by_hand or alike(folder) not in self.taken | {alike(f) for f in self.there}:
                return folder
        raise CourseError(f"no folder is free for {name!r} ({', '.join(owner.keys)})")


@contextlib.contextmanager
def alone(submitted: Path) -> Iterator[None]:
    """Nobody else collects meanwhile: of two ledgers written in turn, one would be lost."""
    submitted.mkdir(parents=True, exist_ok=True)
    place = os.open(submitted, os.O_RDONLY | os.O_DIRECTORY)
    try:
        try:
            fcntl.flock(place, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            text = f"another collection into {submitted} is under way; wait for its end"
            raise CourseError(text) from None
        except OSError:
            pass  # a file system that knows no locks
        yield
    finally:
        os.close(place)


def read_ledger(path: Path) -> dict[str, dict[str, dict[str, Any]]]:
    """The ledger: assignment, folder, what is noted; raises `CourseError` if it is damaged."""
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as problem:
        raise CourseError(_damaged(path, str(problem))) from None
    for assignment, students in _pairs(path, found):
        for folder, noted in _pairs(path, students):
            if folder != Path(folder).name or folder.startswith("."):
                raise CourseError(_damaged(path, f"{folder!r} in {assignment} is no folder's name"))
            entry = dict(_pairs(path, noted))
            who = entry.pop("who", [])
            values = [*entry.values(), *(who if isinstance(who, list) else [who, None])]
            if not all(isinstance(v, str) for v in values):
                raise CourseError(_damaged(path, f"{folder} in {assignment} is no entry"))
    return found


def _pairs(path: Path, found: Any) -> list[tuple[str, Any]]:
    if not isinstance(found, dict):
        raise CourseError(_damaged(path, f"{type(found).__name__} where names are wanted"))
    return list(found.items())


def _damaged(path: Path, problem: str) -> str:
    return (
        f"{path} is broken ({problem}). It holds whose each folder is and when submissions came; "
        "nothing was changed: put back a copy of it, mend it, or move it away"
    )


def alike(name: str) -> str:
    """What file systems may take for the same name."""
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", name).casefold())


def folder_name(name: str) -> str:
    """A student's name as the name of a folder: letters, digits and `-_.@`, never hidden.

    Where more than blanks and apostrophes is lost, a few signs that depend on the whole name keep
    two people apart.
    """
    name = unicodedata.normalize("NFC", name).strip()
    plain = re.sub(r"\s+", "-", re.sub(r"['’`]", "", name))
    safe = re.sub(r"[^\w.@-]+", "-", plain).lstrip(".-").rstrip(".-")[:50]
    return safe if not safe or safe == plain else f"{safe}-{_signs(name)}"


def _signs(text: str) -> str:
    return sha256(text.encode("utf-8", "replace")).hexdigest()[:6]
