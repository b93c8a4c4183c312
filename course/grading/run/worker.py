"""A process of its own that runs jobs: it imports what is heavy once, and takes job after job.

It leads a process group and holds one end of a socket. Whatever ends the process at the other end
closes that socket, and with it end the worker and all of its group. The course's own judge stands
behind a wall, without network, gradebook and disk; what it says is read as data.
`python -m course.grading.run.worker` is such a process.
"""

import atexit
import contextlib
import os
import queue
import signal
import subprocess
import sys
import threading
import time
import traceback
from importlib import import_module
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from course.grading.records import Job, Outcome
from course.grading.run import outcomes
from course.grading.run.outcomes import LARGEST
from course.grading.sandbox import cgroup, confine, wall
from course.paths import ROOT, CourseError

GRADE = "course.grading.run.judge:grade"  # what runs a job; beside it stands `check_sandbox`
PATIENCE = 2.0  # seconds that a worker may take to go by itself
GRACE = 120.0  # seconds beyond twice a job's own limit, after which its worker counts as lost


class Died(Exception):
    """The worker ended, or could not do its job, for a reason of its own."""


class Worker:
    """A process that runs jobs, one at a time, with the function named `grade`."""

    def __init__(self, grade: str, unsafe: bool) -> None:
        self.link, theirs = Pipe()
        command = [sys.executable, "-m", __name__, str(theirs.fileno()), grade, str(int(unsafe))]
        path = os.pathsep.join(dict.fromkeys([str(ROOT), *filter(None, sys.path)]))
        env = {"OMP_NUM_THREADS": "1", **os.environ, "PYTHONPATH": path}
        self.group = None
        if grade == GRADE and not unsafe and not wall.sandbox_problem():
            if not wall.no_wall_round_the_judge():
                command, env = [*wall.round_the_judge(), *command], wall.environment_of_the_judge()
            if not cgroup.problem():
                self.group = cgroup.made()
                command = [*cgroup.joining(self.group), *command]
        self.process = subprocess.Popen(
            command,
            env=env,
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            start_new_session=True,
        )
        theirs.close()

    def run(self, job: Job) -> Outcome:
        """The job's outcome; raises `Died`, or `CourseError` where this machine may not run it."""
        limit = 2 * job.total_timeout + GRACE
        latest = time.monotonic() + limit
        try:
            self.link.send(job)
            while not self.link.poll(0.5):
                if self.process.poll() is not None:
                    raise Died(f"its process ended with {self.process.returncode}")
                if time.monotonic() > latest:
                    raise Died(f"no answer after {limit:.0f} s")
            kind, result = self.link.recv_bytes(LARGEST).split(b"\n", 1)
        except (EOFError, OSError, ValueError) as problem:
            raise Died(f"its process ended ({type(problem).__name__})") from None
        if kind == b"refused":
            raise CourseError(result.decode())
        if kind != b"done":
            raise Died(result.decode(errors="replace"))
        try:
            return outcomes.read(result, job)
        except ValueError as problem:
            raise Died(str(problem)) from None

    def stop(self, patience: float = PATIENCE) -> None:
        """End it and all of its group; one that has no job may be given `patience` seconds to go."""
        if patience:
            self.link.close()
            with contextlib.suppress(subprocess.TimeoutExpired):
                self.process.wait(patience)
        with contextlib.suppress(ProcessLookupError, PermissionError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        if self.group:
            cgroup.removed(self.group)


def end_group(pid: int) -> None:
    """End all that this worker has started, and itself; in a fork of it, do nothing."""
    if os.getpid() == pid:
        os.killpg(0, signal.SIGKILL)


def serve(number: int, grade: str, unsafe: bool) -> None:
    """A worker's life: jobs in, outcomes out, until the other end closes."""
    atexit.register(end_group, os.getpid())  # the first to be registered is the last to run
    link = Connection(number)
    os.set_inheritable(number, False)
    jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()

    def read() -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                jobs.put(link.recv())
        jobs.put(None)
        time.sleep(PATIENCE)
        os.killpg(0, signal.SIGKILL)

    threading.Thread(target=read, daemon=True).start()
    if wall.behind():
        confine.leave_capabilities_here()
    module, name = grade.split(":")
    judge = import_module(module)
    atexit.register(getattr(judge, "close", int))
    try:
        judge.check_sandbox(unsafe)
    except CourseError as problem:
        link.send_bytes(b"refused\n" + str(problem).encode())
        return
    while (job := jobs.get()) is not None:
        try:
            answer = b"done\n" + outcomes.written(getattr(judge, name)(job, unsafe))
        except CourseError as problem:
            answer = b"refused\n" + str(problem).encode()
        except Exception:
            answer = b"failed\n" + traceback.format_exc().encode(errors="replace")
        with contextlib.suppress(OSError):  # nobody waits for it any more
            link.send_bytes(answer)


if __name__ == "__main__":
    serve(int(sys.argv[1]), sys.argv[2], sys.argv[3] == "1")
