"""Runs the visible checks of a notebook in progress and says in a line each how they went."""

import tempfile
from dataclasses import dataclass
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellTimeoutError, DeadKernelError

from course.checks import catalogue
from course.checks.telling import counted
from course.kernels import sockets
from course.paths import ROOT, CourseError, choose
from course.release import latest


@dataclass
class Verdict:
    """What one visible check said."""

    name: str
    points: float
    state: str  # "passes", "fails", "open"
    hint: str = ""


def find(wanted: str, root: Path = ROOT) -> Path:
    """The notebook that `wanted` means: a path, its bare file name, or `06` for its assignment.

    A path counts from where one stands. Else the student's copy on the desk is meant, the one worked
    in last where a new release lies beside it; without a copy, the notebook of `exercises`.
    """
    path = Path(wanted)
    if path.is_file():
        return path
    here = path / f"{path.resolve().name}.ipynb"
    if path.is_dir() and here.is_file():
        return latest(here)
    if path.parent != Path():
        raise CourseError(f"there is no file {wanted}")
    try:
        (name,) = choose([path.name.removesuffix(".ipynb")], root)
    except CourseError as problem:
        raise CourseError(f"there is no file {wanted}, and {problem}") from None
    for folder in ("work", "exercises"):
        found = root / folder / name / f"{name}.ipynb"
        if found.is_file():
            return latest(found)
    raise CourseError(f"there is no notebook of {name} yet: run `make exercises`")


def check(path: Path, timeout: int = 120) -> list[Verdict]:
    """Run the notebook at `path` in a fresh kernel, demo cells left out; the file is not changed.

    Raises `CourseError` where the file is no notebook of this course, a cell takes longer than
    `timeout` seconds, or the kernel dies.
    """
    if not path.is_file():
        raise CourseError(f"there is no file {path}")
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as problem:
        raise CourseError(f"{path} cannot be read as a notebook: {problem}") from None
    checks = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("grade")]
    if not checks:
        raise CourseError(f"{path} has no check cells; is it a notebook of this course?")
    for cell in notebook.cells:
        demo = "demo" in cell.metadata.get("tags", [])
        cell.metadata["tags"] = ["skip-execution"] if demo else []
        if cell.cell_type == "code":
            cell.outputs = []
    try:
        with tempfile.TemporaryDirectory() as folder:
            NotebookClient(
                notebook,
                timeout=timeout,
                kernel_name="python3",
                allow_errors=True,
                resources={"metadata": {"path": str(path.resolve().parent)}},
                config=sockets(folder),
            ).execute()
    except CellTimeoutError:
        raise CourseError(
            f"a cell of {path.name} ran for over {timeout} s and was stopped"
        ) from None
    except DeadKernelError:
        raise CourseError(f"the kernel died while it ran {path.name}") from None
    return [_verdict(c) for c in checks if _has_code(c.source)]


def _has_code(source: str) -> bool:
    """Whether a check holds more than comments; a hidden one, as released, does not."""
    return any(line.strip() and not line.lstrip().startswith("#") for line in source.splitlines())


def _verdict(cell: nbformat.NotebookNode) -> Verdict:
    about = cell.metadata.nbgrader
    name = about.grade_id.removesuffix("-check")
    error = next((o for o in cell.outputs if o.output_type == "error"), None)
    if error is None:
        return Verdict(name, about.points, "passes")
    if error.ename in ("NotImplementedError", "Open"):
        return Verdict(name, about.points, "open", "not answered yet")
    hint = (
        error.evalue
        if error.ename in ("AssertionError", "Failed")
        else f"{error.ename}: {error.evalue}"
    )
    return Verdict(name, about.points, "fails", " ".join(hint.split()) or "its assertion failed")


def report(verdicts: list[Verdict]) -> str:
    """The verdicts, a line each, and a last line that counts them."""
    marks = {"passes": "ok  ", "fails": "FAIL", "open": "open"}
    titles = [f"{catalogue.number(v.name):<4} {v.name}" for v in verdicts]
    width = max(map(len, titles))
    lines = [
        f"{marks[v.state]}  {title:<{width}}  {v.hint}".rstrip()
        for title, v in zip(titles, verdicts, strict=True)
    ]
    passed = sum(v.state == "passes" for v in verdicts)
    return "\n".join([*lines, counted(passed, len(verdicts))])
