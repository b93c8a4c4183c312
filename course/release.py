"""Makes the exercise notebooks: weaves each source, then lets nbgrader empty it."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import nbformat

from course.paths import ROOT, CourseError, write_whole
from course.weave import weave

STAMPS = "_build/exercises.json"


def weave_to_file(name: str, root: Path = ROOT) -> Path:
    """Weave `solutions/NAME/NAME.py` into the notebook beside it, and return that notebook's path."""
    source = root / "solutions" / name / f"{name}.py"
    target = source.with_suffix(".ipynb")
    write_whole(target, nbformat.writes(weave(source, root)) + "\n")
    return target


def digest(name: str, root: Path = ROOT) -> str:
    """A hash of all that the exercise notebook is made from, and of the notebook itself."""
    parts = [root / "_config.yml", root / "nbgrader_config.py", root / "constraints.txt"]
    parts += sorted((root / "dgm").rglob("*.py")) + sorted(Path(__file__).parent.glob("*.py"))
    parts += [root / "solutions" / name / f"{name}.py", root / "exercises" / name / f"{name}.ipynb"]
    found = hashlib.sha256()
    for path in parts:
        found.update(path.name.encode() + (path.read_bytes() if path.is_file() else b"missing"))
    return found.hexdigest()


def make_exercises(names: list[str], root: Path = ROOT, force: bool = False) -> list[str]:
    """Weave and release the assignments `names`; returns those that were out of date.

    nbgrader's own `generate_assignment` makes the release, and notes the check cells in the
    gradebook. An assignment whose sources and release are as the last run left them is passed over.
    """
    stamps_file = root / STAMPS
    stamps = json.loads(stamps_file.read_text()) if stamps_file.is_file() else {}
    gradebook = (root / "gradebook.db").is_file()
    woven = {name: root / "solutions" / name / f"{name}.ipynb" for name in names}
    stale = [
        name
        for name in names
        if force
        or not gradebook
        or not woven[name].is_file()
        or stamps.get(name) != digest(name, root)
    ]
    for name in stale:
        weave_to_file(name, root)
        run = subprocess.run(
            [sys.executable, "-m", "nbgrader", "generate_assignment", name, "--force", "--create"],
            cwd=root,
            capture_output=True,
            text=True,
        )
        if run.returncode:
            raise CourseError(f"nbgrader could not release {name}:\n{run.stderr.strip()}")
        stamps[name] = digest(name, root)
        write_whole(stamps_file, json.dumps(stamps, indent=1, sort_keys=True) + "\n")
    return stale
