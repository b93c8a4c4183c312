"""Runs pip and says every few seconds how far it is. Needs nothing but Python itself.

    python course/install.py PIP-OPTION …

Everything that pip prints goes to a file; its last lines are shown where it fails.
"""

import os
import re
import subprocess
import sys
import time
from contextlib import suppress
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path

EVERY = 5.0  # seconds
SIZE = """\
installing into {folder}, once: about 2 GB with a CPU build of torch, several GB more with the CUDA
build that pip takes on Linux. That takes some minutes. What pip says is in {log}"""
MORE = "adding to {folder} what is not there yet. What pip says is in {log}"


def folder() -> Path:
    return Path(sys.prefix)


def megabytes(place: Path) -> int:
    """What lies below `place`, in MB of file contents."""
    total = 0
    for above, _, names in os.walk(place):
        for name in names:
            with suppress(OSError):  # pip has moved it on
                total += os.lstat(os.path.join(above, name)).st_size
    return total >> 20


def last_words(text: str) -> str:
    """What pip is at, from all that it has printed so far."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    dull = ("Progress ", "WARNING: ", "Successfully uninstalled ")
    said = next((line for line in reversed(lines) if not line.startswith(dull)), "")
    if lines and (part := re.fullmatch(r"Progress (\d+) of (\d+)", lines[-1])) and int(part[2]):
        said += f": {100 * int(part[1]) // int(part[2])} %"
    return said if len(said) < 80 else said[:77] + "..."


def wait(process: subprocess.Popen) -> int | None:
    """The exit status of a process, or None if it goes on for longer than `EVERY` seconds."""
    with suppress(subprocess.TimeoutExpired):
        return process.wait(EVERY)
    return None


def main(options: list[str]) -> int:
    log = folder() / "pip.log"
    words = MORE if find_spec("torch") else SIZE
    print(words.format(folder=folder().name, log=f"{folder().name}/{log.name}"), flush=True)
    new = int(version("pip").partition(".")[0]) >= 25  # an older one cannot say how far it is
    bar = "raw" if new else "off"
    command = [sys.executable, "-m", "pip", "install", f"--progress-bar={bar}", *options]
    start = time.monotonic()
    with log.open("w+", encoding="utf-8", errors="replace") as out:
        pip = subprocess.Popen(command, stdout=out, stderr=subprocess.STDOUT)
        try:
            while (status := wait(pip)) is None:
                said = last_words(log.read_text(encoding="utf-8", errors="replace"))
                seconds = time.monotonic() - start
                print(f"{seconds:5.0f} s, {megabytes(folder()):5} MB  {said}", flush=True)
        finally:
            pip.kill()
    if status:
        tail = log.read_text(encoding="utf-8", errors="replace").splitlines()[-30:]
        print(
            "\n".join(tail), f"pip failed; all that it said is in {log}", sep="\n", file=sys.stderr
        )
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
