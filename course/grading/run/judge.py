"""Runs one submission: its cells in a guest, its checks here, where the guest's code never is.

`grade` is what a worker calls. The first call for an assignment prepares a zygote and runs the
set-up; each submission is then judged in a process forked from that one, so that no check, no
module that it imports and no random state of one submission is seen by the next.
"""

import contextlib
import gc
import os
import pickle
import select
import signal
import time
import traceback
import warnings
from types import ModuleType
from typing import Any

from course.grading.records import Job, Outcome
from course.grading.run.trial import Base, Trial
from course.grading.sandbox import student_edition
from course.grading.sandbox.wall import check_sandbox
from course.grading.sandbox.zygote import Zygote

__all__ = ["check_sandbox", "close", "grade"]

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
            found = pickle.dumps(Trial(job, base).run())
            with os.fdopen(write, "wb") as pipe:
                pipe.write(found)
            status = 0
        except BaseException:
            traceback.print_exc()
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        done = _read(pipe, job.total_timeout + 4 * job.timeout + 60)
    if done is None:  # not the submission's doing: it is bounded in time and cannot reach the child
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    os.waitpid(child, 0)
    if not done:
        close()  # whatever is left of the guest goes with the zygote
        raise RuntimeError(f"the judge failed on {job.student}'s {job.assignment}")
    return pickle.loads(done)


def close() -> None:
    """End the zygotes."""
    for base in _bases.values():
        base.zygote.close()
    _bases.clear()


def _read(pipe: Any, seconds: float) -> bytes | None:
    parts, deadline = [], time.monotonic() + seconds
    while select.select([pipe], [], [], max(0.0, deadline - time.monotonic()))[0]:
        part = os.read(pipe.fileno(), 1 << 20)
        if not part:
            return b"".join(parts)
        parts.append(part)
    return None


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
        _bases[key] = Base(zygote, names, {c["id"] for c in setup}, asked)
    return _bases[key]
