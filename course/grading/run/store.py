"""Outcomes on disk: what has been run once is not run again unless something that it hangs on changed.

Each lies in a file of its own, `DIGEST.json`, written whole; a damaged file counts as none.
"""

import functools
import hashlib
import json
import platform
from dataclasses import asdict
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from course.grading.records import Job, Outcome, Record
from course.paths import ROOT, write_whole

PACKAGES = ("torch", "numpy")
READ_BY_DGM = (".py", ".json", ".safetensors", ".mplstyle")  # and no checkpoint of a training


@functools.cache
def code(root: Path = ROOT) -> str:
    """A hash of the code that grades, and of the weights and styles that dgm reads."""
    found = hashlib.sha256()
    read = [p for p in root.glob("dgm/**/*") if p.suffix in READ_BY_DGM]
    for path in sorted([*read, *root.glob("course/**/*.py")]):
        found.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()


@functools.cache
def environment(root: Path = ROOT) -> str:
    """That hash, and the versions under it: what an outcome hangs on besides its job."""
    return " ".join([code(root), platform.python_version(), *map(_version, PACKAGES)])


def _version(package: str) -> str:
    try:
        return f"{package}={version(package)}"
    except PackageNotFoundError:
        return f"{package}=none"


def hashed(*parts: Any) -> str:
    """A hash of plain data, the same in every process."""
    text = json.dumps(parts, sort_keys=True, ensure_ascii=True, default=str)
    return hashlib.sha256(text.encode()).hexdigest()


def digest(job: Job, environment: str) -> str:
    """The name of a job's outcome: it changes with all that the outcome hangs on."""
    return hashed(asdict(job), environment)


def plain(data: Any) -> Any:
    """`data` as JSON gives it back; half of a surrogate pair, which no file can hold, becomes `?`."""
    return json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))


class Store:
    """The outcomes of one assignment, in `folder`."""

    def __init__(self, folder: Path, environment: str) -> None:
        self.folder = folder
        self.environment = environment

    def path(self, job: Job) -> Path:
        return self.folder / f"{digest(job, self.environment)}.json"

    def get(self, job: Job) -> Outcome | None:
        try:
            data = json.loads(self.path(job).read_text(encoding="utf-8"))
            return Outcome(data["outputs"], Record.from_dict(data["record"]))
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None

    def put(self, job: Job, outcome: Outcome) -> None:
        data = {"outputs": outcome.outputs, "record": outcome.record.as_dict()}
        write_whole(self.path(job), json.dumps(plain(data)) + "\n")

    def forget(self) -> None:
        """Let everything be run anew."""
        for path in self.folder.glob("*.json"):
            path.unlink()
