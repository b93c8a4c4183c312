"""A copy of the course in a folder of its own, for tests and benchmarks that grade there."""

import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path

from course.paths import ROOT


def copy_course(root: Path, folders: Sequence[str] = ("dgm", "course", "solutions")) -> None:
    """Put these folders and the course's own settings into `root`: no notebook, no cache."""
    skip = shutil.ignore_patterns("*.ipynb", "__pycache__")
    for name in folders:
        shutil.copytree(ROOT / name, root / name, ignore=skip)
    for name in ("nbgrader_config.py", "_config.yml", "constraints.txt"):
        shutil.copy(ROOT / name, root)


def files(folder: Path) -> dict[Path, bytes]:
    """What lies in `folder`."""
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def committed(place: str, root: Path = ROOT) -> dict[Path, bytes]:
    """The files of `root/place` as git's index has them; outside a checkout as they lie there."""

    def git(*words: str) -> bytes:
        return subprocess.run(["git", *words], cwd=root, capture_output=True).stdout

    top = git("rev-parse", "--show-toplevel").decode().strip()
    if not top or Path(top).resolve() != root.resolve():
        return files(root / place)
    names = [name for name in git("ls-files", "-z", "--", place).decode().split("\0") if name]
    return {Path(name).relative_to(place): git("show", f":{name}") for name in names}
