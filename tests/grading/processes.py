"""Waiting for other processes: as long as it takes, and only what hangs is given up."""

import time
from collections.abc import Callable, Iterable
from pathlib import Path

CEILING = 120  # seconds


def wait_for(done: Callable[[], object]) -> bool:
    """Whether `done()` came true before the ceiling."""
    until = time.monotonic() + CEILING
    while not (found := bool(done())) and time.monotonic() < until:
        time.sleep(0.05)
    return found


def alive(pid: int) -> bool:
    """Whether the process runs; one that is dead and only not yet reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def gone(pids: Iterable[int]) -> bool:
    """Whether all these processes have ended, or do so soon."""
    pids = set(pids)
    return wait_for(lambda: not any(map(alive, pids)))
