"""Where the files of the exercises lie: `course/checks/ASSIGNMENT/NAME.py`, `NAME_hidden.py` beside."""

import ast
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
    if not (words := ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))):
        raise CourseError(f"{path.name} needs a docstring that says what is tried")
    return words


def number(name: str) -> str:
    """An exercise's number, as 6.3; empty where it has no file."""
    return about(find(name)).partition(" ")[0] if name in names() else ""


def files(grade_id: str) -> list[Path]:
    """All of this package that the verdict of a check hangs on; none where the check has no file."""
    name, _, kind = grade_id.rpartition("-")
    if name not in names():
        return []
    path = find(name)
    return [*sorted(HERE.glob("*.py")), path, *([hidden(path)] if kind == "hidden" else [])]
