"""Runs one submission: its cells in a guest, its checks here, where the guest's code never is.

`grade` is what a worker calls. The first call for an assignment prepares a zygote and runs the
set-up; each submission is then judged in a process forked from that one, so that no check, no
module that it imports and no random state of one submission is seen by the next.
"""

import contextlib
import gc
import os
import select
import signal
import sys
import time
import traceback
import warnings
from types import ModuleType
from typing import Any

from course.grading.records import CheckResult, Flag, Job, Outcome
from course.grading.run import follow, messages, outcomes
from course.grading.run.procedures import procedures
from course.grading.run.running import Base
from course.grading.run.trial import Trial
from course.grading.sandbox import confine, refused, student_edition, wall
from course.grading.sandbox.wall import check_sandbox
from course.grading.sandbox.zygote import Zygote

__all__ = ["check_sandbox", "close", "grade"]

SLACK = 90.0  # seconds beyond the submission's own limit: guests are started and ended in them
SETTINGS = {  # of a submission's judge
    "memory": 4 * 2**30,  # bytes of data, torch's own among them
    "addresses": 64 * 2**30,
    "disk": 256 * 2**20,  # bytes a file
    "processes": None,
    "files": 1024,
    "seconds": None,  # its time has a limit on the clock
    "guilt": 500,  # where memory is short the guest goes first
    "namespace": False,
}
ROOM = {"disk": 64 * 2**20, "inodes": 1000}  # in its own places
_bases: dict[tuple, Base] = {}


def grade(job: Job, unsafe: bool = False) -> Outcome:
    """Run `job`; whatever the submission does, an outcome comes back.

    Raises `CourseError` where there is no sandbox, or the assignment's own set-up fails.
    """
    base = _base(job, unsafe)
    read, write = os.pipe()
    walled = wall.behind() and not unsafe
    with confine.namespace_for_a_fork() if walled else contextlib.nullcontext():
        child = os.fork()
    if child == 0:
        os.close(read)
        status = 1
        try:
            _judge(job, base, write, walled)
            status = 0
        finally:
            os._exit(status)
    os.close(write)
    with os.fdopen(read, "rb") as pipe:
        found, ended = _read(pipe, job.total_timeout + SLACK)
    if not ended:
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    _, status = os.waitpid(child, 0)
    if not ended or status or not (unsafe or base.zygote.idle()):
        close()  # whatever is left of the guest goes with the zygote
    outcome = _last(found, job)
    if not ended:
        return overdue(job, outcome)
    if status or outcome is None:
        raise RuntimeError(f"the judge failed on {job.student}'s {job.assignment}")
    return outcome


def _judge(job: Job, base: Base, write: int, walled: bool) -> None:
    """The life of a submission's judge: give up what it can do without, run the checks, say so.

    What it says are lines, each an outcome, later ones with more in it.
    """
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    warnings.simplefilter("ignore")  # a check's own; the student has no part in it
    try:
        if walled:
            confine.separate(confine.NEWNS | confine.NEWIPC)
            confine.own_places(["/tmp", "/dev/shm"], ROOM)
            users = wall.users()
            more = {"users": users, "processes": 64 if users else None}  # they are counted by user
            confine.confine(SETTINGS | more | {"filter": refused.program().hex()})
        else:
            confine.limit(SETTINGS)
        with os.fdopen(write, "wb") as pipe:

            def note(outcome: Outcome) -> None:
                pipe.write(outcomes.written(Outcome({}, outcome.record)) + b"\n")
                pipe.flush()

            pipe.write(outcomes.written(Trial(job, base, note=note).run()) + b"\n")
    except BaseException:  # on one line, for it may hold what a stranger wrote to this terminal
        print(ascii(traceback.format_exc()[-5000:]), file=sys.stderr, flush=True)
        raise


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


def _last(found: bytes, job: Job) -> Outcome | None:
    """The last of the outcomes that a judge has written to its end."""
    lines = found.split(b"\n")[:-1]
    with contextlib.suppress(ValueError):
        return outcomes.read(lines[-1], job) if lines else None
    return None


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
        if len(found) > outcomes.LARGEST:
            break
    return bytes(found), False


def _base(job: Job, unsafe: bool) -> Base:
    setup = []
    for cell in job.notebook["cells"]:
        about = cell["metadata"].get("nbgrader", {})
        if cell["cell_type"] == "code":
            if about.get("solution") or about.get("grade") or cell["id"].startswith("own-"):
                break
            setup.append(cell)
    from course.checks.engine import warm as warm_checks  # torch, and so not before it is needed
    from course.grading.sandbox.bridge.peer import warm

    key = (job.assignment, tuple(c["source"] for c in setup), unsafe)
    if key not in _bases:
        close()  # one assignment at a time: a zygote holds memory
        if job.wanted is None:
            wanted = student_edition.asked(job.assignment)
        else:
            wanted = [student_edition.Asked(*w) for w in job.wanted]
        zygote = Zygote([c["source"] for c in setup], wanted, unsafe)
        module = ModuleType("__check__")
        names = vars(module)
        warm()
        warm_checks(job.assignment)
        gc.freeze()
        for cell in setup:
            exec(compile(cell["source"], f"<{cell['id']}>", "exec"), names)
        _bases[key] = Base(
            zygote, names, {c["id"] for c in setup}, follow.course(wanted), procedures(wanted)
        )
    return _bases[key]
