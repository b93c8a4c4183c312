"""A bound on what a worker and all that it starts hold together: a control group of Linux, version 2.

Root may make one, and so may whoever was handed a part of the tree, as systemd does for a user's own
services and scopes. Where nobody may, each process has its limits, and all together have none.
"""

import contextlib
import functools
import itertools
import os
import subprocess
import time
from pathlib import Path

TREE = Path("/sys/fs/cgroup")
OWN = Path("/proc/self/cgroup")
LIMITS = {  # the judge, the zygote and one submission
    "memory.max": str(6 * 2**30),
    "memory.swap.max": "0",
    "pids.max": "512",
}
JOIN = 'echo 0 > "$0" && exec "$@"'  # for `sh -c`: 0 is who writes it
numbers = itertools.count()


@functools.cache
def problem() -> str:
    """Why no group can be made here, or the empty text."""
    try:
        group = made()
    except OSError as refused:
        return str(refused)
    try:
        tried = subprocess.run(
            [*joining(group), "true"], capture_output=True, text=True, encoding="utf-8"
        )
        return tried.stderr.strip()
    finally:
        removed(group)


def made() -> Path:
    """A new group, with the limits, in the nearest one above us that can hold such. Raises `OSError`."""
    mine = [
        line[3:] for line in OWN.read_text(encoding="utf-8").splitlines() if line.startswith("0::")
    ]
    if not mine or not (TREE / "cgroup.controllers").is_file():
        raise OSError("this system has no control groups of version 2")
    here = TREE / mine[0].lstrip("/")
    for above in (here, *here.parents):
        if not above.is_relative_to(TREE):
            break
        with contextlib.suppress(OSError):
            bounds = (above / "cgroup.subtree_control").read_text(encoding="utf-8").split()
            if "memory" in bounds and os.access(above / "cgroup.procs", os.W_OK):
                return _new(above / f"dgm-{os.getpid()}-{next(numbers)}")
    raise OSError("no control group with a limit on memory may be made here")


def _new(group: Path) -> Path:
    group.mkdir()
    try:
        for name, most in LIMITS.items():
            if name == "memory.max" or (group / name).exists():  # the others are not everywhere
                (group / name).write_text(most, encoding="utf-8")
    except OSError:
        group.rmdir()
        raise
    return group


def joining(group: Path) -> list[str]:
    """What stands before a command that is to run in `group`."""
    return ["sh", "-c", JOIN, str(group / "cgroup.procs")]


def removed(group: Path) -> None:
    """Take the group away, once its last process is gone."""
    for _ in range(100):
        with contextlib.suppress(OSError):
            return group.rmdir()
        time.sleep(0.02)
