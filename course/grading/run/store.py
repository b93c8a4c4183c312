"""Outcomes on disk: what has been run once is not run again unless something that it hangs on changed.

Each lies in a file of its own, written whole; a damaged file counts as none.
"""

import functools
import hashlib
import json
import platform
from dataclasses import fields, replace
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

from course.grading.records import Job, Outcome, Record
from course.grading.run.touch import about, below, code_of, hashed, keys
from course.paths import ROOT, write_whole

PACKAGES = ("torch", "numpy")
READ_BY_DGM = (".py", ".json", ".safetensors", ".mplstyle")  # and no checkpoint of a training


@functools.cache
def code(root: Path = ROOT, without: tuple[str, ...] = ()) -> str:
    """A hash of the code that grades, and of the weights and styles that dgm reads.

    `without=("dgm",)` leaves out the modules of dgm and the exercises' files: `touch` looks at each.
    """
    found = hashlib.sha256()
    read = [p for p in root.glob("dgm/**/*") if p.suffix in READ_BY_DGM]
    read = [p for p in read if not (without and p.suffix == ".py")]
    apart = exercises(root) if without else set()
    course = [p for p in root.glob("course/**/*.py") if p.parent not in apart]
    for path in sorted([*read, *course]):
        found.update(f"{path.relative_to(root)}\0".encode() + path.read_bytes() + b"\0")
    return found.hexdigest()


def exercises(root: Path) -> set[Path]:
    """The folders of the exercises' files; each check has a digest of its own in its text."""
    return {path for path in root.glob("course/checks/*") if path.is_dir()}


@functools.cache
def environment(root: Path = ROOT) -> str:
    """That hash, and the versions under it."""
    return " ".join([code(root), *_versions()])


@functools.cache
def grader(root: Path = ROOT) -> str:
    """The same but for the modules of dgm: what all of an outcome hangs on besides its job."""
    return " ".join([code(root, ("dgm",)), *_versions()])


def _versions() -> list[str]:
    return [platform.python_version(), *map(_version, PACKAGES)]


def _version(package: str) -> str:
    try:
        return f"{package}={version(package)}"
    except PackageNotFoundError:
        return f"{package}=none"


def plain(data: Any) -> Any:
    """`data` as JSON gives it back; half of a surrogate pair, which no file can hold, becomes `?`."""
    return json.loads(json.dumps(data, ensure_ascii=False).encode("utf-8", "replace"))


class Store:
    """The outcomes of one assignment, in `folder`: a file for each submission's code.

    It notes with each check what that hung on (`touch.keys`), so that of a submission that has been
    run before only the checks are run that a change since has touched.
    """

    def __init__(self, folder: Path, environment: str) -> None:
        self.folder = folder
        self.environment = environment

    def path(self, job: Job) -> Path:
        code = [(c["id"], c["source"], c.get("metadata")) for c in code_of(job)]
        apart = ("notebook", "checks", "hidden", "points")  # looked at check by check
        rest = {f.name: getattr(job, f.name) for f in fields(job) if f.name not in apart}
        return self.folder / f"{hashed(code, rest, self.environment)}.json"

    def look(self, job: Job) -> tuple[Outcome | None, Job | None]:
        """What is known of a job, and what of it has to be run; None if nothing.

        Where something ended before its time, or was flagged, all is run anew: what one check then
        said may have hung on another. So may that of an answer which builds on one that has not
        passed: they are run together.
        """
        outcome, noted = self._read(job)
        now = keys(job)
        if outcome is None:
            return None, job
        known = {c for c in now if noted.get(c) == now[c] and c in outcome.record.checks}
        outcome.record.checks = {
            c: replace(outcome.record.checks[c], points=job.points[c]) for c in job.checks if c in known
        }  # fmt: skip
        if len(known) == len(job.checks):
            return outcome, None
        if not known or outcome.record.flags or outcome.record.restarts:
            return None, job
        checks = outcome.record.checks
        left = {c for c in job.checks if c not in known}
        left |= {
            o for c in left for o in below(job)[c] if o in known and checks[o].state != "passed"
        }
        for check in left & known:
            del checks[check]
        return outcome, only(job, [c for c in job.checks if c in left])

    def get(self, job: Job) -> Outcome | None:
        """The outcome of a job of which nothing has to be run."""
        outcome, left = self.look(job)
        return None if left else outcome

    def _read(self, job: Job) -> tuple[Outcome | None, dict[str, str]]:
        try:
            data = json.loads(self.path(job).read_text(encoding="utf-8"))
            outcome = Outcome(data["outputs"], Record.from_dict(data["record"]))
            return outcome, dict(data["keys"])
        except (OSError, ValueError, TypeError, KeyError, AttributeError):
            return None, {}

    def put(self, job: Job, outcome: Outcome) -> None:
        data = {"outputs": outcome.outputs, "record": outcome.record.as_dict(), "keys": keys(job)}
        write_whole(self.path(job), json.dumps(plain(data)) + "\n")

    def forget(self) -> None:
        """Let everything be run anew."""
        for path in self.folder.glob("*.json"):
            path.unlink()


def only(job: Job, checks: list[str]) -> Job:
    """The same submission with these of its checks alone."""
    cells = [
        c for c in job.notebook["cells"]
        if not about(c).get("grade") or about(c)["grade_id"] in checks
    ]  # fmt: skip
    return replace(
        job,
        notebook=job.notebook | {"cells": cells},
        checks={c: job.checks[c] for c in checks},
        points={c: job.points[c] for c in checks},
        hidden=tuple(c for c in job.hidden if c in checks),
    )


def joined(job: Job, known: Outcome | None, ran: Outcome) -> Outcome:
    """The outcome of a job of which a part was known and the rest has been run."""
    if known is None:
        return ran
    checks = known.record.checks | ran.record.checks
    seconds = ran.record.seconds + sum(c.seconds for c in known.record.checks.values())
    checks = {c: checks[c] for c in job.checks if c in checks}
    return Outcome(ran.outputs, replace(ran.record, checks=checks, seconds=seconds))
