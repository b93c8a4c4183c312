"""Running a command as an ordinary user, where the tests run as root."""

import contextlib
import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

from course.paths import ROOT

NUMBER = 23456  # a user that nobody is, and that owns nothing


@contextlib.contextmanager
def home() -> Iterator[Path]:
    """A folder that any user can reach, as one below pytest's own can not be."""
    path = Path(tempfile.mkdtemp(prefix="dgm-user-"))
    try:
        yield path
    finally:
        shutil.rmtree(path)


def run(command: list[str], place: Path, ordinary: bool) -> subprocess.CompletedProcess[str]:
    """Run `command` in `place`: as this user, or as an ordinary one."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "HOME": str(place), "DGM_COURSE_SECRET": "hidden"}
    if ordinary:
        command = ordinarily(command, place)
    return subprocess.run(command, env=env, cwd=place, capture_output=True, text=True, check=False)


def ordinarily(command: list[str], home: Path) -> list[str]:
    """`command` as an ordinary user runs it, who may write to `home` and has it all to itself.

    What root alone may look into on the way to Python and to the course is shown to that user, too.
    """
    if os.getuid():
        return command
    for path in (home, *home.rglob("*")):
        os.chown(path, NUMBER, NUMBER, follow_symlinks=False)
    shown: list[str] = []
    for place in map(os.path.realpath, dict.fromkeys([sys.base_prefix, str(ROOT), str(home)])):
        closed = [p for p in reversed(Path(place).parents) if not p.stat().st_mode & 0o001]
        if closed:
            shown += ["--perms", "0755", "--tmpfs", str(closed[0])]
            for above in reversed(Path(place).parents):
                if above.is_relative_to(closed[0]) and above != closed[0]:
                    shown += ["--perms", "0755", "--dir", str(above)]
            shown += ["--bind", place, place]
    user = ["setpriv", f"--reuid={NUMBER}", f"--regid={NUMBER}", "--clear-groups"]
    return ["bwrap", "--dev-bind", "/", "/", *shown, "--cap-add", "ALL", *user, *command]
