"""Runs one submission: its cells in a guest, its checks here, where the guest's code never is.

`grade` is what a worker calls. The first call for an assignment prepares a zygote and runs the
set-up; each submission is then judged in a process forked from that one, so that no check, no
module that it imports and no random state of one submission is seen by the next.
"""

import contextlib
import gc
import io
import os
import pickle
import select
import signal
import time
import traceback
import warnings
from types import ModuleType
from typing import Any

from course.grading.records import CheckResult, Flag, Job, Outcome
from course.grading.run import messages
from course.grading.run.procedures import procedures
from course.grading.run.trial import Base, Trial
from course.grading.sandbox import student_edition
from course.grading.sandbox.wall import check_sandbox
from course.grading.sandbox.zygote import Zygote

__all__ = ["check_sandbox", "close", "grade"]

SLACK = 90.0  # seconds beyond the submission's own limit: guests are started and ended in them
_bases: dict[tuple, Base] = {}


def grade(job: Job, unsafe: bool = False) -> Outcome:
    """Run `job`; whatever the submission does, an outcome comes back.

    Raises `CourseError` where there is no sandbox, or the assignment's own set-up fails.
    """
    base = _base(job, unsafe)
    read, write = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(read)
        status = 1
        try:
            signal.signal(signal.SIGINT, signal.SIG_IGN)
            signal.signal(signal.SIGTERM, signal.SIG_DFL)
            warnings.simplefilter("ignore")  # a check's own; the student has no part in it
            with os.fdopen(write, "wb") as pipe:

                def note(outcome: Outcome) -> None:
                    pickle.dump(Outcome({}, outcome.record), pipe)
                    pipe.flush()

                pickle.dump(Trial(job, base, note).run(), pipe)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        found, ended = _read(pipe, job.total_timeout + SLACK)
    if not ended:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    outcome = _last(found)
    if not ended or status:
        close()  # whatever is left of the guest goes with the zygote
    if not ended:
        return overdue(job, outcome)
    if status or outcome is None:
        raise RuntimeError(f"the judge failed on {job.student}'s {job.assignment}")
    return outcome


def overdue(job: Job, noted: Outcome | None) -> Outcome:
    """What is recorded of a submission that keeps the judge past all its limits: what it had earned.

    That is the submission's doing: its cells and calls are bounded, and what it made the judge
    compute is not. It is no failure of the machine, and so is not tried again.
    """
    outcome = noted or Outcome()
    record, limit = outcome.record, job.total_timeout
    for grade_id, points in job.points.items():
        lost = CheckResult("lost", points, messages.lost("long", limit))
        record.checks.setdefault(grade_id, lost)
    record.flags.append(Flag("killed", messages.killed("long", limit)))
    record.seconds = limit + SLACK
    return outcome


def _last(found: bytes) -> Outcome | None:
    """The last of the outcomes that a judge's process has written."""
    stream, last = io.BytesIO(found), None
    with contextlib.suppress(EOFError, pickle.UnpicklingError):
        while True:
            last = pickle.load(stream)
    return last


def close() -> None:
    """End the zygotes."""
    for base in _bases.values():
        base.zygote.close()
    _bases.clear()


def _read(pipe: Any, seconds: float) -> tuple[bytes, bool]:
    """What comes within `seconds`, and whether that was all."""
    found, deadline = bytearray(), time.monotonic() + seconds
    while select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
        part = os.read(pipe.fileno(), 1 << 20)
        if not part:
            return bytes(found), True
        found += part
    return bytes(found), False


def _base(job: Job, unsafe: bool) -> Base:
    setup = []
    for cell in job.notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code":
            if about.get("solution") or about.get("grade") or cell["id"].startswith("own-"):
                break
            setup.append(cell)
    from course.grading.sandbox.bridge.peer import warm  # torch, and so not before it is needed

    key = (job.assignment, tuple(c["source"] for c in setup), unsafe)
    if key not in _bases:
        close()  # one assignment at a time: a zygote holds memory
        wanted = student_edition.asked(job.assignment)
        asked: dict[str, list[str]] = {}
        for one in wanted:
            asked.setdefault(one.answer, []).extend(one.places())
        zygote = Zygote([c["source"] for c in setup], wanted, unsafe)
        module = ModuleType("__check__")
        names = vars(module)
        warm()
        gc.freeze()
        for cell in setup:
            exec(compile(cell["source"], f"<{cell['id']}>", "exec"), names)
        _bases[key] = Base(zygote, names, {c["id"] for c in setup}, asked, procedures(wanted))
    return _bases[key]
