"""Where the files of the exercises lie: `course/checks/ASSIGNMENT/NAME.py`, `NAME_hidden.py` beside."""

import ast
import functools
import hashlib
from pathlib import Path

from course.paths import CourseError

HERE = Path(__file__).parent


def names(assignment: str = "*") -> list[str]:
    """The exercises of an assignment that have a file."""
    return sorted(p.stem for p in HERE.glob(f"{assignment}/*.py") if not p.stem.endswith("_hidden"))


def find(name: str) -> Path:
    """The file of an exercise. Raises `CourseError` where there is none."""
    found = [] if name.endswith("_hidden") else list(HERE.glob(f"*/{name}.py"))
    if len(found) != 1:
        raise CourseError(f"no exercise is called {name!r}: there is no course/checks/*/{name}.py")
    return found[0]


def hidden(path: Path) -> Path:
    """The file beside it, of the cases that are tried only while grading."""
    return path.with_name(f"{path.stem}_hidden.py")


def about(path: Path) -> str:
    """A file's docstring. Raises `CourseError` where there is none."""
    if not path.is_file():
        raise CourseError(f"{path.name} is missing beside the other files of {path.parent.name}")
    if not (words := ast.get_docstring(ast.parse(path.read_text()))):
        raise CourseError(f"{path.name} needs a docstring that says what is tried")
    return words


@functools.cache
def digest(name: str, with_hidden: bool) -> str:
    """Changes with all of this package that a check's verdict hangs on."""
    path = find(name)
    files = [*sorted(HERE.glob("*.py")), path, *([hidden(path)] if with_hidden else [])]
    return hashlib.sha256(b"\0".join(f.read_bytes() for f in files)).hexdigest()[:16]


def uses(grade_id: str) -> frozenset[str]:
    """The names of `dgm` that the files of a check import, with their modules."""
    name, _, kind = grade_id.rpartition("-")
    path = find(name)
    found = set()
    for file in [*HERE.glob("*.py"), path, *([hidden(path)] if kind == "hidden" else [])]:
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "dgm":
                found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return frozenset(found)


def digest_of(grade_id: str) -> str:
    """The same of the check of that grade id; nothing for one that has no file."""
    name, _, kind = grade_id.rpartition("-")
    return digest(name, kind == "hidden") if name in names() else ""
