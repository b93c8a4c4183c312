"""Makes the exercise notebooks: weaves each source, lets nbgrader empty it, hands it out.

nbgrader writes each release into `_build/release`. From there it is copied to `exercises`, but
never over somebody's work: a notebook that is not as the course wrote it is left alone, and where
it was begun from an older release, the new one is put beside it (`course.stamp` tells which).
"""

import hashlib
import json
import subprocess
import sys
from pathlib import Path

import nbformat

from course.paths import ROOT, CourseError, write_whole
from course.stamp import read, release_of, worked_in
from course.weave import weave

STAMPS = "_build/exercises.json"
STAGE = "_build/release"


def weave_to_file(name: str, root: Path = ROOT) -> Path:
    """Weave `solutions/NAME/NAME.py` into the notebook beside it, and return that notebook's path."""
    source = root / "solutions" / name / f"{name}.py"
    target = source.with_suffix(".ipynb")
    write_whole(target, nbformat.writes(weave(source, root)) + "\n")
    return target


def digest(name: str, root: Path = ROOT) -> str:
    """A hash of all that the exercise notebook is made from."""
    parts = [root / "_config.yml", root / "nbgrader_config.py", root / "constraints.txt"]
    parts += sorted((root / "dgm").rglob("*.py")) + sorted(Path(__file__).parent.glob("*.py"))
    parts += [root / "solutions" / name / f"{name}.py"]
    parts += sorted((Path(__file__).parent / "checks" / name).glob("*_hidden.py"))  # their words
    found = hashlib.sha256()
    for path in parts:
        found.update(path.name.encode() + (path.read_bytes() if path.is_file() else b"missing"))
    return found.hexdigest()


def make_exercises(names: list[str], root: Path = ROOT, force: bool = False) -> list[str]:
    """Weave and release the assignments `names`; returns those that were out of date.

    nbgrader's own `generate_assignment` makes the release, and notes the check cells in the
    gradebook. An assignment whose sources are as the last run left them is passed over.
    """
    stamps_file = root / STAMPS
    stamps = json.loads(stamps_file.read_text(encoding="utf-8")) if stamps_file.is_file() else {}
    gradebook = (root / "gradebook.db").is_file()
    stale = [
        name
        for name in names
        if force
        or not gradebook
        or not (root / "solutions" / name / f"{name}.ipynb").is_file()
        or not staged(name, root).is_file()
        or stamps.get(name) != digest(name, root)
    ]
    for name in stale:
        weave_to_file(name, root)
        run = subprocess.run(
            [sys.executable, "-m", "nbgrader", "generate_assignment", name, "--force", "--create"],
            cwd=root,
            capture_output=True,
            text=True,
            encoding="utf-8",
        )
        if run.returncode:
            raise CourseError(f"nbgrader could not release {name}:\n{run.stderr.strip()}")
        if extra := sorted(p.name for p in staged(name, root).parent.iterdir() if p.stem != name):
            raise CourseError(
                f"solutions/{name}: an exercise is one notebook; leave out {extra[0]}"
            )
        stamps[name] = digest(name, root)
        write_whole(stamps_file, json.dumps(stamps, indent=1, sort_keys=True) + "\n")
    handed_out = [name for name in names if hand_out(name, root)]
    return [name for name in names if name in {*stale, *handed_out}]


def staged(name: str, root: Path = ROOT) -> Path:
    """Where nbgrader puts the release."""
    return root / STAGE / name / f"{name}.ipynb"


def notebook_in(name: str, root: Path = ROOT) -> Path:
    """Where the released notebook is handed out."""
    return root / "exercises" / name / f"{name}.ipynb"


def hand_out(name: str, root: Path = ROOT) -> bool:
    """Put the release in its place, or beside what somebody did there; says if a file changed."""
    release, target = staged(name, root).read_text(encoding="utf-8"), notebook_in(name, root)
    if worked_in(target):
        if offered(target, release_of(nbformat.reads(release, 4))):
            return False  # nothing is new
        target = beside(target)
    if target.is_file() and target.read_bytes() == release.encode():
        return False
    write_whole(target, release)
    return True


def hand_out_after(assignment: str, student: str, notebooks: list[str]) -> None:
    """`hand_out`, as what nbgrader calls once it has made a release."""
    hand_out(assignment, Path.cwd())


def versions(path: Path) -> list[Path]:
    """The notebook at `path`, and those that were put beside it for it."""
    return [path, *path.parent.glob(f"{path.stem}.new*.ipynb")]


def offered(path: Path, release: str) -> bool:
    """Whether the notebook at `path`, or one beside it, is `release` or was begun from it."""
    return any(
        (there := read(p)) is not None and release_of(there) == release for p in versions(path)
    )


def _changed(path: Path) -> float:
    return path.lstat().st_mtime


def latest(path: Path) -> Path:
    """Of the versions of the notebook at `path` the one that somebody worked in last, if any."""
    return max(versions(path), key=lambda p: (worked_in(p), _changed(p)))


def beside(path: Path) -> Path:
    """The name for a new release next to the notebook at `path`: one that nobody has worked in."""
    number = 1
    while True:
        new = path.with_name(f"{path.stem}.new{'' if number == 1 else f'-{number}'}.ipynb")
        if not worked_in(new):
            return new
        number += 1


def released(name: str, root: Path = ROOT) -> Path:
    """The released notebook, from where it can be trusted to be one."""
    path = notebook_in(name, root)
    if path.is_file() and not worked_in(path):
        return path
    if staged(name, root).is_file():
        return staged(name, root)
    if not path.is_file():
        raise CourseError(f"there is no release of {name} yet: run `make exercises`")
    raise CourseError(
        f"{path} is not as the course released it, so there is no release of {name} to work with: "
        "run `make exercises`, which leaves that notebook as it is"
    )


def somebodys(names: list[str], root: Path = ROOT) -> list[str]:
    """A line for each notebook of `exercises` that is left alone, for it is somebody's work."""
    lines = []
    for name in names:
        path = notebook_in(name, root)
        if worked_in(path):
            new = max(versions(path)[1:], key=_changed, default=None)
            more = f"; the new release lies beside it: {new.name}" if new else ""
            lines.append(f"{path.relative_to(root)}: has been worked in, left as it is{more}")
    return lines
