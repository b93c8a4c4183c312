"""The sandbox's side: a zygote with the set-up done, and for each submission a process forked from it.

`main` is started by `zygote.py`, with a socket and settings. The zygote runs no student's code. Each
submission gets process, mount and ipc namespaces of its own, its own empty /tmp and home, an
unprivileged user, and limits; when its first process dies, all of them do. In it the cells run one
after the other; each check talks to a fork of it, which is gone afterwards, with all it saw.
"""

import contextlib
import json
import os
import signal
import socket
import sys
import traceback
from typing import Any

from course.grading.sandbox import confine

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
            confine.separate(confine.NEWNS | confine.NEWIPC | confine.NEWPID)
        inner = os.fork()
        if inner:
            os.write(write, str(inner).encode())
            os.close(write)
            os.close(end)
            os._exit(os.waitstatus_to_exitcode(os.waitpid(inner, 0)[1]) & 0xFF)
        os.close(write)
        try:
            _shut_in(settings)
            cells.serve(socket.socket(fileno=end), settings)
        except BaseException:  # not seen by anybody once it is shut in
            traceback.print_exc()
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


def _shut_in(settings: dict) -> None:
    """All that a submission's first process gets and gives up before it runs anything."""
    os.setsid()
    if settings["sandbox"]:
        # dgm is imported; its bytecode, which holds the course's own definitions, is not needed now.
        confine.own_places(["/tmp", "/home/student", "/dev/shm"], settings, settings["bytecode"])
        os.chdir("/home/student")
        confine.confine(settings)
        confine.end_with_parent()
    else:  # the count of processes would be that of the instructor's own, too
        os.chdir(settings["folder"])
        confine.limit(settings | {"processes": None})
    null = os.open(os.devnull, os.O_RDWR)
    for number in (0, 1, 2):
        os.dup2(null, number)
