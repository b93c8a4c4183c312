"""Starts guests: a zygote behind bubblewrap, from which each submission's process is forked.

Behind the wall there is no network, and of the disk only Python, the system's programs and data,
and the student edition of `dgm`, all read-only. `guest` does the rest from inside.
"""

import contextlib
import functools
import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import sysconfig
import tempfile
from pathlib import Path
from typing import Any

from course.grading.sandbox import student_edition
from course.grading.sandbox.bridge.channel import Channel, Gone
from course.paths import ROOT, CourseError

HERE = Path(__file__).resolve().parent
INSIDE = [  # what of `course` lies behind the wall
    *(p / "__init__.py" for p in (HERE.parent.parent, HERE.parent, HERE)),
    *(HERE / "guest.py", HERE / "cells.py"),
    *sorted(HERE.glob("bridge/*.py")),
]
COURSE = "/course"  # where the student edition lies in the sandbox
USERS = 2**20  # where root grades: the first of the numbers of users that guests become
LIMITS = {
    "memory": 2 * 2**30,  # bytes of data a process
    "disk": 256 * 2**20,  # bytes in /tmp and at home, and a file
    "processes": 32,  # threads count too
    "seconds": 900,  # of processor time a process
}
REFUSED = """\
there is no sandbox for the students' code here: {problem}
What would help: {advice}
Or, where every submission can be trusted with this machine and the gradebook: --unsafe
(NbGrader: `nbgrader autograde {{ASSIGNMENT}} --GuardedAutograde.unsafe=True`)."""


@functools.cache
def sandbox_problem() -> str:
    """Why bubblewrap cannot run here, or the empty text."""
    if sys.platform != "linux":
        return f"bubblewrap needs Linux, this is {sys.platform}"
    if not shutil.which("bwrap"):
        return "bubblewrap is not installed"
    tried = subprocess.run([*_wall(), "--ro-bind", "/usr", "/usr", *_links(), "--proc", "/proc",
                            "/usr/bin/true"], capture_output=True, text=True)  # fmt: skip
    return "" if tried.returncode == 0 else f"bubblewrap says: {tried.stderr.strip()}"


def check_sandbox(unsafe: bool) -> None:
    """Raise `CourseError`, with what to do, where submissions cannot be run safely."""
    if not unsafe and (problem := sandbox_problem()):
        advice = {
            "linux": "`apt install bubblewrap`; in a container, one that allows user namespaces "
            "(docker: --security-opt seccomp=unconfined --security-opt apparmor=unconfined)",
        }.get(sys.platform, "a Linux machine, or a virtual one")
        raise CourseError(REFUSED.format(problem=problem, advice=advice))


class Guest:
    """A submission's process: cells are run in it, and checks talk to it."""

    def __init__(self, zygote: "Zygote", pid: int, channel: Channel) -> None:
        self.zygote, self.pid, self.channel, self.alive = zygote, pid, channel, True

    def run(self, source: str, seconds: float) -> list[dict[str, Any]]:
        """Run a cell; its outputs as the guest gives them. Raises `Gone` if it dies or hangs."""
        with self.channel.within(seconds):
            self.channel.send({"op": "run", "source": source})
            return self.channel.receive()["outputs"]

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
        student_edition.make(asked, self.folder)
        mine, theirs = socket.socketpair()
        settings = {"setup": setup, "sandbox": not unsafe, "folder": str(self.folder),
                    "user": USERS + os.getpid(), **LIMITS}  # fmt: skip
        places = [str(self.folder), *_libraries()] if unsafe else [COURSE, *_packages()]
        start = f"import sys; sys.path[:0] = {places!r}; from course.grading.sandbox import guest; guest.main()"
        python = [sys.executable if unsafe else _python(), "-S", "-E", "-s", "-P", "-c", start,
                  str(theirs.fileno()), json.dumps(settings)]  # fmt: skip
        # A new session: Ctrl-C is for the one who grades. Its own group: it can be ended whole.
        self.process = subprocess.Popen(
            python if unsafe else [*_wall(), *self._mounts(), *python],
            pass_fds=[theirs.fileno()],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
            start_new_session=True,
            env=_environment(),
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
            raise RuntimeError(f"a guest cannot be started: {gone}") from None
        return guest

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
            assert self.process.stderr is not None
            said = self.process.stderr.read().decode(errors="replace")[-2000:]
            raise Gone(f"the sandbox has ended: {said}")
        return json.loads(answer)

    def _mounts(self) -> list[str]:
        read_only = ["/usr", sys.base_prefix]
        places = list(dict.fromkeys(os.path.realpath(p) for p in read_only))
        mounts = ["--proc", "/proc", "--dev", "/dev", "--tmpfs", "/tmp"]
        for folder in _parents([*places, "/home/student/x", "/etc/x", "/packages/x"]):
            mounts += ["--perms", "0755", "--dir", folder]  # else for root alone
        for file in ("/etc/ld.so.cache", "/etc/fonts"):
            mounts += ["--ro-bind-try", file, file]
        mounts += _links()
        for place in places:
            mounts += ["--ro-bind", place, place]
        for here, there in _packages().items():  # not where they lie: that may be below /tmp
            mounts += ["--ro-bind", there, here]
        return [*mounts, "--ro-bind", str(self.folder), COURSE]


def _wall() -> list[str]:
    """The wall itself: all namespaces, no way back, and dead when its starter is.

    Root needs no user namespace, and without one the guest can become another user altogether.
    """
    kinds = ["--unshare-all"] if os.getuid() else [
        "--unshare-pid", "--unshare-net", "--unshare-ipc", "--unshare-uts", "--unshare-cgroup-try"
    ]  # fmt: skip
    # The capabilities are the zygote's, to make the inner namespaces; the guest drops them.
    return ["bwrap", *kinds, "--die-with-parent", "--new-session", "--cap-add", "ALL"]


def _links() -> list[str]:
    """/lib and the like, as they are here."""
    found = []
    for name in ("bin", "lib", "lib64", "sbin"):
        place = Path("/", name)
        if place.is_symlink():
            found += ["--symlink", os.readlink(place), str(place)]
        elif place.is_dir():
            found += ["--ro-bind", str(place), str(place)]
    return found


def _parents(places: list[str]) -> list[str]:
    """The folders above `places`, from the root downward."""
    above = {str(p) for place in places for p in Path(place).parents}
    return sorted(above - {"/"})


def _python() -> str:
    """The interpreter that a virtual environment was made from."""
    return os.path.realpath(sys.executable)


def _libraries() -> list[str]:
    paths = sysconfig.get_paths()
    return list(dict.fromkeys([paths["purelib"], paths["platlib"]]))


def _packages() -> dict[str, str]:
    """Where the libraries lie in the sandbox, and where they lie here."""
    found = dict.fromkeys(os.path.realpath(p) for p in _libraries())
    return {f"/packages/{number}": place for number, place in enumerate(found)}


def _environment() -> dict[str, str]:
    """All of the environment that a guest sees."""
    return {
        "PATH": "/usr/bin:/bin",
        "HOME": "/home/student",
        "LANG": "C.UTF-8",
        "OMP_NUM_THREADS": "1",
        "MPLCONFIGDIR": "/tmp/matplotlib",
        "IPYTHONDIR": "/tmp/ipython",
        "PYTHONDONTWRITEBYTECODE": "1",
    }
