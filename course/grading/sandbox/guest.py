"""The sandbox's side: a zygote with the set-up done, and for each submission a process forked from it.

`main` is started by `zygote.py`, with a socket and settings. The zygote runs no student's code. Each
submission gets process, mount and ipc namespaces of its own, its own empty /tmp and home, an
unprivileged user, and limits; when its first process dies, all of them do. In it the cells run one
after the other; each check talks to a fork of it, which is gone afterwards, with all it saw.
"""

import contextlib
import ctypes
import json
import os
import resource
import signal
import socket
import sys
from typing import Any

NEWNS, NEWIPC, NEWPID = 0x00020000, 0x08000000, 0x20000000
PDEATHSIG = 1


# -- the zygote ------------------------------------------------------------------------------


def main() -> None:
    control = socket.socket(fileno=int(sys.argv[1]))
    settings = json.loads(sys.argv[2])
    from course.grading.sandbox.cells import Cells  # IPython, torch and what the set-up imports

    cells = Cells(settings["setup"])
    settings["bytecode"] = cells.bytecode
    control.sendall(json.dumps({"ready": True, "problem": cells.problem}).encode())
    while True:
        asked, fds, *_ = socket.recv_fds(control, 4096, 1)
        if not asked:
            break
        request = json.loads(asked)
        if request["op"] == "start":
            reply: dict[str, Any] = {"pid": _start(control, fds[0], cells, settings)}
            os.close(fds[0])
        else:
            reply = _stop(request["pid"])
        control.sendall(json.dumps(reply).encode())


_middle: dict[int, int] = {}  # the process that a submission's first process was forked from


def _start(control: socket.socket, end: int, cells: Any, settings: dict) -> int:
    """Fork a submission's first process, on the socket `end`; its number as the zygote sees it."""
    read, write = os.pipe()
    outer = os.fork()
    if outer == 0:
        control.close()
        os.close(read)
        if settings["sandbox"]:
            _check(ctypes.CDLL(None, use_errno=True).unshare(NEWNS | NEWIPC | NEWPID))
        inner = os.fork()
        if inner:
            os.write(write, str(inner).encode())
            os.close(write)
            os.close(end)
            os._exit(os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]) & 0xFF)
        os.close(write)
        try:
            _confine(settings)
            cells.serve(socket.socket(fileno=end), settings)
        finally:
            os._exit(0)
    os.close(write)
    inner = int(os.read(read, 20) or 0)
    os.close(read)
    _middle[inner] = outer
    return inner


def _stop(pid: int) -> dict[str, Any]:
    """End a submission: its first process, and with it all others in its namespace."""
    outer = _middle.pop(pid)
    try:
        os.killpg(pid, signal.SIGKILL)
    except ProcessLookupError:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    _, _, usage = os.wait4(outer, 0)
    return {"memory": usage.ru_maxrss * 1024}


def _check(result: int) -> None:
    if result != 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))


def _confine(settings: dict) -> None:
    """Everything that a submission's first process gives up before it runs anything."""
    os.setsid()
    libc = ctypes.CDLL(None, use_errno=True)
    if settings["sandbox"]:
        for place in (b"/tmp", b"/home/student", b"/dev/shm"):
            size = f"size={settings['disk']},mode=1777".encode()
            _check(libc.mount(b"tmpfs", place, b"tmpfs", 6, size))  # 6: no suid, no devices
        # dgm is imported; its bytecode, which holds the course's own definitions, is not needed now.
        for place in settings["bytecode"]:
            _check(libc.mount(b"tmpfs", place.encode(), b"tmpfs", 7, b"size=4k"))
        _check(libc.mount(b"proc", b"/proc", b"proc", 0, None))
        if os.getuid() == 0:  # not in a user namespace: be somebody whom nobody else is
            os.setgroups([])
            os.setgid(settings["user"])
            os.setuid(settings["user"])
        _check(libc.prctl(38, 1, 0, 0, 0))  # no new privileges
        _drop_capabilities(libc)
    libc.prctl(PDEATHSIG, signal.SIGKILL, 0, 0, 0) if sys.platform == "linux" else None
    os.chdir("/home/student" if settings["sandbox"] else settings["folder"])
    for what, most in (
        (resource.RLIMIT_DATA, settings["memory"]),
        (resource.RLIMIT_NPROC, settings["processes"]),
        (resource.RLIMIT_FSIZE, settings["disk"]),
        (resource.RLIMIT_NOFILE, 256),
        (resource.RLIMIT_CORE, 0),
        (resource.RLIMIT_CPU, settings["seconds"]),
    ):
        if what == resource.RLIMIT_NPROC and not settings["sandbox"]:
            continue  # it would count the instructor's own processes too
        with contextlib.suppress(ValueError, OSError):
            resource.setrlimit(what, (most, most))
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)


def _drop_capabilities(libc: Any) -> None:
    """Empty all capability sets; in a user namespace they would allow new mounts."""
    for number in range(64):
        libc.prctl(24, number, 0, 0, 0)  # out of the bounding set
    header = (ctypes.c_uint32 * 2)(0x20080522, 0)
    _check(libc.capset(header, (ctypes.c_uint32 * 6)()))
