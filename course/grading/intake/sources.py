"""The files that a folder, a zip, a tar or a zip in a zip holds; nothing is unpacked to the disk.

A file is read only when it is asked for, and then within the caps; what must not be read (a link, a
path that leads out, something encrypted) says so when it is asked for.
"""

import io
import os
import re
import stat
import tarfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath

from course.grading.intake.notebook import Refused, shown
from course.grading.intake.receive import JUNK, NOTEBOOK, read_file, too_large

MOST_MEMBERS = 20_000  # files of one source
MOST_BYTES = 8 * 2**30  # read from one source
MOST_OF_A_TAR = 2 * 2**30  # for it is held in memory
ZIP = re.compile(r"\.zip$", re.I)
TAR = re.compile(r"\.(tar|tgz|tbz2?|txz|tar\.\w{2,3}|7z|rar|gz)$", re.I)


@dataclass
class Item:
    """One file that came in: where it lay, when it came, and how to read it."""

    path: PurePosixPath
    when: datetime
    read: Callable[[], bytes]
    within: PurePosixPath | None = None  # the zip that it lay in, if that lay in the source


def carries(name: str) -> bool:
    """Whether a file of this name may hold a notebook."""
    return bool(NOTEBOOK.search(name) or ZIP.search(name) or TAR.search(name))


def members(source: Path, cap: int) -> Iterator[Item]:
    """All files of a source, those of zips in it too; raises `Refused` if it cannot be read."""
    if source.is_dir():
        found = _of_folder(source, cap)
    elif not source.exists():
        raise Refused(f"there is no {source}")
    elif ZIP.search(source.name):
        found = _of_zip(source, PurePosixPath(), _when(source.stat().st_mtime), cap, MOST_BYTES)
    elif TAR.search(source.name) and tarfile.is_tarfile(source):
        found = _of_tar(source, cap)
    else:
        path, when = PurePosixPath(source.name), _when(source.lstat().st_mtime)
        found = iter([Item(path, when, lambda: read_file(source, cap)[0])])
    for number, item in enumerate(found):
        if number >= MOST_MEMBERS:
            raise Refused(f"{source} holds over {MOST_MEMBERS:,} files; nothing of it was taken")
        if _junk(item.path):
            continue
        if TAR.search(item.path.name):
            item.read = _refuse(
                f"{shown(item.path.name)} is an archive that is not read; hand in the notebook, or a zip"
            )
        if ZIP.search(item.path.name) and not NOTEBOOK.search(item.path.name):
            yield from _nested(item, cap)
        else:
            yield item


def _junk(path: PurePosixPath) -> bool:
    """Whether it is a system's own file; in Moodle's zip a person's name may begin as theirs do."""
    parts = [p for p in path.parts if p != ".." and "_assignsubmission_" not in p]
    return any(JUNK.fullmatch(p) for p in parts)


def _nested(item: Item, cap: int) -> Iterator[Item]:
    """The files of a zip that a student handed in, as if they lay in a folder of its name."""
    place = item.path.with_name(ZIP.sub("", item.path.name) or "zip")
    try:
        raw = item.read()
        if raw.count(b"PK\x01\x02") > 1000:
            raise Refused(f"{shown(item.path.name)} holds over 1,000 files")
        for inner in _of_zip(io.BytesIO(raw), place, item.when, cap, 2 * cap):
            if carries(inner.path.name) and not NOTEBOOK.search(inner.path.name):
                inner.read = _refuse(
                    f"{shown(inner.path.name)} is a zip in a zip; hand in the notebook"
                )
            if not _junk(inner.path):
                inner.when = item.when  # the times within are the student's
                inner.within = place
                yield inner
    except Refused as problem:
        yield Item(place / item.path.name, item.when, _refuse(str(problem)), place)


def _of_folder(source: Path, cap: int) -> Iterator[Item]:
    for above, folders, files in os.walk(source):
        folders.sort()
        links = [f for f in folders if Path(above, f).is_symlink()]
        for name in sorted(files + links):
            path = Path(above, name)
            yield Item(
                PurePosixPath(path.relative_to(source)),
                _when(path.lstat().st_mtime),
                lambda path=path: read_file(path, cap)[0],  # type: ignore[misc]
            )


def _of_zip(
    file: Path | io.BytesIO, place: PurePosixPath, came: datetime, cap: int, most: int
) -> Iterator[Item]:
    said = shown(file.name if isinstance(file, Path) else f"{place.name}.zip")
    try:
        archive = zipfile.ZipFile(file)
    except Exception as problem:  # whatever a broken zip makes of the reader
        raise Refused(f"{said} is no zip that can be read: {problem}") from None
    left = [most]
    for info in archive.infolist():
        if not info.is_dir():
            read = _zip_reader(archive, info, cap, left)
            yield Item(place / (info.filename.strip("/") or "unnamed"), _dos_time(info, came), read)


def _zip_reader(
    archive: zipfile.ZipFile, info: zipfile.ZipInfo, cap: int, left: list[int]
) -> Callable[[], bytes]:
    said = shown(info.filename)
    if problem := _path_problem(info.filename):
        return _refuse(problem)
    mode = info.external_attr >> 16
    if stat.S_IFMT(mode) not in (0, stat.S_IFREG):
        return _refuse(f"{said} is a link, which is not followed; hand in the file itself")
    if info.flag_bits & 1:
        return _refuse(f"{said} is encrypted; hand it in without a password")

    def read() -> bytes:
        if info.file_size > cap:
            raise Refused(too_large(said, info.file_size, cap))
        if left[0] < info.file_size:
            raise Refused(f"{said} was not read: the zip holds too much in all")
        left[0] -= info.file_size
        try:
            with archive.open(info) as member:
                raw = member.read(cap + 1)
        except Exception as problem:
            raise Refused(f"{said} cannot be read from the zip: {problem}") from None
        if len(raw) > cap:
            raise Refused(too_large(said, len(raw), cap))
        return raw

    return read


def _of_tar(file: Path, cap: int) -> Iterator[Item]:
    """The files of a tar that the instructor has; read at once, for a tar is read in its order."""
    left = MOST_OF_A_TAR
    try:
        with tarfile.open(file) as archive:
            for number, info in enumerate(archive):
                left -= info.size
                if left < 0 or number > MOST_MEMBERS:
                    raise Refused(f"{shown(file.name)} holds too much")
                if info.isdir():
                    continue
                item = Item(
                    PurePosixPath(info.name.strip("/") or "unnamed"), _when(info.mtime), bytes
                )
                if problem := _path_problem(info.name):
                    item.read = _refuse(problem)
                elif not info.isreg():
                    item.read = _refuse(
                        f"{shown(info.name)} is a link or no file; hand in the file itself"
                    )
                elif info.size > cap:
                    item.read = _refuse(too_large(shown(info.name), info.size, cap))
                elif carries(info.name) and (member := archive.extractfile(info)):
                    raw = member.read(cap)
                    item.read = lambda raw=raw: raw  # type: ignore[misc]
                yield item
    except (tarfile.TarError, OSError, EOFError, ValueError) as problem:
        raise Refused(f"{shown(file.name)} is no tar that can be read: {problem}") from None


def _path_problem(name: str) -> str:
    if (
        name.startswith("/")
        or "\\" in name
        or ".." in name.split("/")
        or re.match(r"[A-Za-z]:", name)
    ):
        return f"its path leads out of the archive: {shown(name)}"
    return ""


def _refuse(reason: str) -> Callable[[], bytes]:
    def read() -> bytes:
        raise Refused(reason)

    return read


def _dos_time(info: zipfile.ZipInfo, came: datetime) -> datetime:
    """When a zip's member was written, by the clock here; `came` where it says nothing sensible."""
    try:
        when = datetime(*info.date_time).astimezone().astimezone(UTC)
    except (ValueError, OverflowError, OSError):
        return came
    return when if when.year > 1980 and when <= datetime.now(UTC) else came


def _when(seconds: float) -> datetime:
    try:
        return min(datetime.fromtimestamp(seconds, UTC), datetime.now(UTC))
    except (ValueError, OverflowError, OSError):
        return datetime.now(UTC)
