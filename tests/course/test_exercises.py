"""The committed exercise notebooks: in step with their sources, and free of solutions."""

import ast
import subprocess
import sys

import nbformat
import pytest

from course.paths import EXERCISES, ROOT, assignments
from course.release import STAMPS, make_exercises
from course.weave import weave
from tests.courses import copy_course

pytestmark = pytest.mark.xdist_group("exercises")  # one worker, one fixture


@pytest.fixture(scope="module")
def released(tmp_path_factory):
    """All assignments, made anew in a copy of the course."""
    root = tmp_path_factory.mktemp("course")
    copy_course(root)
    assert make_exercises(assignments(), root) == assignments()
    return root


def files(folder):
    return {p.relative_to(folder): p.read_bytes() for p in folder.rglob("*") if p.is_file()}


def test_committed_exercises_are_what_the_sources_make(released):
    here = {k: v for k, v in files(EXERCISES).items() if ".ipynb_checkpoints" not in k.parts}
    made = files(released / "exercises")
    assert set(here) == set(made)
    stale = [str(k) for k in made if made[k] != here[k]]
    assert not stale, f"run `make exercises` and commit: {stale}"


def test_twice_in_a_row_gives_the_same_bytes(released):
    before = files(released / "exercises")
    assert make_exercises(assignments(), released) == []
    assert make_exercises(assignments(), released, force=True) == assignments()
    assert files(released / "exercises") == before


def test_a_changed_definition_makes_its_exercise_stale(released):
    name = assignments()[0]
    library = released / "dgm" / "logistic.py"
    text = library.read_text()
    library.write_text(text + "\n# changed\n")
    try:
        assert name in make_exercises([name], released)
    finally:
        library.write_text(text)
        make_exercises([name], released)
    assert (released / STAMPS).is_file()


def solution_lines(name):
    """The lines of each solution of an assignment: what stands between the markers."""
    found = set()
    for cell in weave(ROOT / "solutions" / name / f"{name}.py").cells:
        inside = False
        for line in cell.source.splitlines():
            if "### END SOLUTION" in line:
                inside = False
            if inside and line.strip() and not line.strip().startswith("#"):
                found.add(line.strip())
            if "### BEGIN SOLUTION" in line:
                inside = True
    return found


def code_of(line):
    """A line of a solution as text to look for; a bare `return x` says nothing and is passed over."""
    return (
        line
        if len(line) > 12
        and not line.startswith(("return theta", "for _ in", "else"))
        and line != "raise ValueError("
        else None
    )


@pytest.mark.parametrize("name", assignments())
def test_no_line_of_a_solution_is_released(name):
    lines = solution_lines(name)
    assert len(lines) >= 10
    released = "\n".join(
        p.read_text().replace('\\"', '"') for p in (EXERCISES / name).rglob("*") if p.is_file()
    )
    leaked = [line for line in lines if code_of(line) and line in released]
    assert not leaked
    assert "BEGIN SOLUTION" not in released
    assert "HIDDEN TESTS" not in released


@pytest.mark.parametrize("name", assignments())
def test_release_is_nothing_but_the_notebook(name):
    assert [p.name for p in sorted((EXERCISES / name).iterdir()) if p.suffix != ".png"
            and p.name != ".ipynb_checkpoints"] == [f"{name}.ipynb"]  # fmt: skip


@pytest.mark.parametrize("name", assignments())
def test_released_notebook_is_whole(name):
    notebook = nbformat.read(EXERCISES / name / f"{name}.ipynb", as_version=4)
    nbformat.validate(notebook)
    holes = [c for c in notebook.cells if c.metadata.get("nbgrader", {}).get("solution")]
    for hole in holes:
        assert "raise NotImplementedError  # YOUR CODE HERE" in hole.source
        node = ast.parse(hole.source).body[0]
        assert ast.get_docstring(node), f"{hole.id} has lost its hints"
    assert all(not c.get("outputs") for c in notebook.cells)


def test_nbgraders_own_command_works_from_the_root():
    name = assignments()[0]
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", "list", "--help"],
        cwd=ROOT,
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    assert (ROOT / "solutions" / name / f"{name}.ipynb").is_file(), "run `make exercises`"
