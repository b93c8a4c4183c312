"""Starts guests: a zygote behind bubblewrap, from which each submission's process is forked.

Behind the wall there is no network, and of the disk only Python, the system's programs and data,
and the student edition of `dgm`, all read-only. `guest` does the rest from inside.
"""

import contextlib
import json
import os
import select
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from course.grading.sandbox import refused, student_edition
from course.grading.sandbox.bridge import reading
from course.grading.sandbox.bridge.channel import Channel, Gone
from course.grading.sandbox.wall import (
    COURSE,
    check_sandbox,
    environment,
    libraries,
    mounts,
    packages,
    python,
    users,
    wall,
)
from course.paths import ROOT, CourseError

HERE = Path(__file__).resolve().parent
INSIDE = [  # what of `course` lies behind the wall
    *(p / "__init__.py" for p in (HERE.parent.parent, HERE.parent, HERE)),
    *(HERE / name for name in ("guest.py", "confine.py", "cells.py", "shell.py")),
    *sorted(HERE.glob("bridge/*.py")),
    *(HERE.parent / "intake" / name for name in ("__init__.py", "pysource.py")),
    HERE.parent.parent / "definitions.py",
]
# What the set-up imports: no exercise's file, and so no answer, lies behind the wall.
NO_CHECK = "def check(*args, **kwargs):\n    pass\n\n\nsummary = check\n"
LIMITS = {  # of a guest
    "memory": 2 * 2**30,  # bytes of data a process
    "addresses": 64 * 2**30,  # bytes a process may ask for and leave alone
    "disk": 256 * 2**20,  # bytes in /tmp, at home and in /dev/shm, each; and a file
    "inodes": 10_000,  # files in each of them
    "processes": 32,  # threads count too
    "files": 256,  # that a process has open
    "seconds": 900,  # of processor time a process
    "guilt": 1000,  # where memory is short: who is ended first
}


class Guest:
    """A submission's process: cells are run in it, and checks talk to it."""

    def __init__(self, zygote: "Zygote", pid: int, channel: Channel) -> None:
        self.zygote, self.pid, self.channel, self.alive = zygote, pid, channel, True

    def run(self, source: str, seconds: float) -> list[dict[str, Any]]:
        """Run a cell; its outputs as the guest gives them. Raises `Gone` if it dies or hangs."""
        with self.channel.within(seconds):
            self.channel.send({"op": "run", "source": source})
            return reading.outputs(self.channel.receive())

    def stop(self) -> int:
        """End the process and all that it has started; the most memory it held, in bytes."""
        if not self.alive:
            return 0
        self.alive = False
        self.channel.end.close()
        return self.zygote.ask({"op": "stop", "pid": self.pid}).get("memory", 0)


class Zygote:
    """A process with the set-up of one assignment done; `start` gives a fork of it."""

    def __init__(self, setup: list[str], asked: list[Any], unsafe: bool = False) -> None:
        check_sandbox(unsafe)
        self.folder = Path(tempfile.mkdtemp(prefix="dgm-grading-"))
        self.folder.chmod(0o755)
        for path in INSIDE:
            copy = self.folder / path.relative_to(ROOT)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, copy)
        (self.folder / "course/checks").mkdir()
        (self.folder / "course/checks/__init__.py").write_text(NO_CHECK, encoding="utf-8")
        student_edition.make(asked, self.folder)
        mine, theirs = socket.socketpair()
        settings = {
            "setup": setup, "sandbox": not unsafe, "folder": str(self.folder), "users": users(),
            "namespace": True, "filter": refused.program().hex(), **LIMITS,
        }  # fmt: skip
        places = [str(self.folder), *libraries()] if unsafe else [COURSE, *packages()]
        start = f"import sys; sys.path[:0] = {places!r}; from course.grading.sandbox import guest; guest.main()"
        command = [sys.executable if unsafe else python(), "-S", "-E", "-s", "-P", "-c", start,
                  str(theirs.fileno()), json.dumps(settings)]  # fmt: skip
        # A new session: Ctrl-C is for the one who grades. Its own group: it can be ended whole.
        self.process = subprocess.Popen(
            command if unsafe else [*wall(), *mounts(self.folder), *command],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=environment(),
        )
        theirs.close()
        self.control = mine
        try:
            problem = self._reply()["problem"]
        except Gone as gone:
            problem = str(gone)
        if problem:
            self.close()
            raise CourseError(f"the assignment's set-up fails in the sandbox: {problem}")

    def start(self) -> Guest:
        """A fresh process for one submission. Raises `RuntimeError` where the machine has no room."""
        mine, theirs = socket.socketpair()
        with theirs:
            socket.send_fds(self.control, [json.dumps({"op": "start"}).encode()], [theirs.fileno()])
        guest = Guest(self, self._reply()["pid"], Channel(mine))
        try:
            guest.run("", 60)
        except Gone as gone:  # not the submission's doing: it has not been seen yet
            raise RuntimeError(f"a guest cannot be started: {gone} {self._said()}") from None
        return guest

    def idle(self) -> bool:
        """Whether it is well, and nobody has asked it for what has not been read."""
        return self.process.poll() is None and not select.select([self.control], [], [], 0)[0]

    def ask(self, request: dict[str, Any]) -> dict[str, Any]:
        """Send `request` and return the answer."""
        self.control.sendall(json.dumps(request).encode())
        return self._reply()

    def close(self) -> None:
        """End the zygote and everything forked from it."""
        self.control.close()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        assert self.process.stderr is not None
        self.process.stderr.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def _reply(self) -> dict[str, Any]:
        answer = self.control.recv(65536)
        if not answer:
            self.process.wait()
            raise Gone(f"the sandbox has ended: {self._said()}")
        return json.loads(answer)

    def _said(self) -> str:
        """The end of what it has said of errors, as far as it is there."""
        assert self.process.stderr is not None
        os.set_blocking(self.process.stderr.fileno(), False)
        return (self.process.stderr.read() or b"").decode(errors="replace")[-2000:]
