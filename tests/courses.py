"""A copy of the course in a folder of its own, for tests and benchmarks that grade there."""

import shutil
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
