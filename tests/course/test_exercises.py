"""The committed exercise notebooks: in step with their sources, and free of solutions."""

import ast
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest

from course.paths import ROOT, assignments
from course.release import STAMPS, make_exercises, released
from course.source import read
from course.weave import weave
from tests.courses import committed, copy_course, files

pytestmark = pytest.mark.xdist_group("exercises")  # one worker, one fixture


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """All assignments, made anew in a copy of the course."""
    root = tmp_path_factory.mktemp("course")
    copy_course(root)
    assert make_exercises(assignments(), root) == assignments()
    return root


def test_committed_exercises_are_what_the_sources_make(made):
    here, wanted = committed("exercises"), files(made / "exercises")
    assert set(here) == set(wanted), "each assignment is one notebook, and committed"
    stale = [str(k) for k in wanted if wanted[k] != here[k]]
    assert not stale, f"run `make exercises` and commit: {stale}"


def test_what_is_judged_is_the_committed_notebook(tmp_path):
    (tmp_path / "exercises").mkdir()
    path = tmp_path / "exercises" / "a.ipynb"
    path.write_text("in a folder")
    assert committed("exercises", tmp_path) == {Path("a.ipynb"): b"in a folder"}
    for words in (["init", "-q"], ["add", "."]):
        subprocess.run(["git", *words], cwd=tmp_path, check=True)
    path.write_text("somebody's work")
    assert committed("exercises", tmp_path) == {Path("a.ipynb"): b"in a folder"}
    subprocess.run(["git", "add", "."], cwd=tmp_path, check=True)
    assert committed("exercises", tmp_path) == {Path("a.ipynb"): b"somebody's work"}, (
        "a wrong commit is seen"
    )


def test_twice_in_a_row_gives_the_same_bytes(made):
    before = files(made / "exercises")
    assert make_exercises(assignments(), made) == []
    assert make_exercises(assignments(), made, force=True) == assignments()
    assert files(made / "exercises") == before


def test_a_changed_definition_makes_its_exercise_stale(made):
    name = assignments()[0]
    library = made / "dgm" / "logistic.py"
    text = library.read_text()
    library.write_text(text + "\n# changed\n")
    try:
        assert name in make_exercises([name], made)
    finally:
        library.write_text(text)
        make_exercises([name], made)
    assert (made / STAMPS).is_file()


def test_grade_ids_are_unique_across_assignments():
    """So that a name of an answer, as in the gradebook and on a feedback page, means one thing."""
    places: dict[str, list[str]] = {}
    for name in assignments():
        for cell in read(ROOT / "solutions" / name / f"{name}.py"):
            if cell.kind in ("answer", "check", "hidden"):
                places.setdefault(cell.grade_id, []).append(name)
    assert len(places) > 200
    assert {grade_id: at for grade_id, at in places.items() if len(at) > 1} == {}


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
    text = released(name).read_text().replace('\\"', '"')
    leaked = [line for line in lines if code_of(line) and line in text]
    assert not leaked
    assert "BEGIN SOLUTION" not in text
    assert "HIDDEN TESTS" not in text


@pytest.mark.parametrize("name", assignments())
def test_released_notebook_is_whole(name):
    notebook = nbformat.read(released(name), as_version=4)
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
