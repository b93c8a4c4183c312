"""`course check`: a student's notebook in progress, and what the command says of it."""

import os
import subprocess
import sys

import nbformat
import pytest

from course.attempts import texts
from course.check import check, find, report
from course.paths import ROOT, CourseError, assignments
from course.release import released
from course.stamp import stamp
from course.weave import weave

pytestmark = pytest.mark.xdist_group("check")  # one worker, one fixture

NAME = "01-discriminative-generative"


@pytest.fixture(scope="module")
def progress(tmp_path_factory):
    """A notebook with a right sigmoid, a wrong log-likelihood, a typo, and the rest untouched."""
    path = tmp_path_factory.mktemp("student") / f"{NAME}.ipynb"
    notebook = nbformat.read(released(NAME), as_version=4)
    cells = {c.id: c for c in notebook.cells}
    solved = {c.id: c.source for c in weave(ROOT / "solutions" / NAME / f"{NAME}.py").cells}
    cells["sigmoid"].source = solved["sigmoid"]
    written = texts(NAME)["log_likelihood"]
    cells["log_likelihood"].source = next(
        t for n, t in written.items() if n.startswith("wrong_mean")
    )
    cells["gradient"].source = "def gradient(theta, X, y:\n    pass"
    nbformat.write(notebook, path)
    return path


def test_command_says_of_each_check_how_it_went(progress):
    before = progress.read_bytes()
    run = subprocess.run(
        [sys.executable, "-m", "course", "check", str(progress)],
        cwd=ROOT, capture_output=True, text=True,
    )  # fmt: skip
    lines = {line.split()[2]: line for line in run.stdout.splitlines()[1:-1]}
    assert run.returncode == 1
    assert run.stdout.splitlines()[0] == str(progress)
    assert lines["sigmoid"].split() == ["ok", "1.1", "sigmoid"]
    assert lines["log_likelihood"].startswith("FAIL")
    assert "mean in place of the sum" in lines["log_likelihood"]
    assert lines["gradient"].startswith("FAIL")
    assert lines["fit"].startswith("open")
    assert run.stdout.splitlines()[-1].startswith("1 of 11 visible checks pass")
    assert progress.read_bytes() == before


@pytest.mark.parametrize("name", assignments())
def test_a_solved_notebook_passes_every_check(name, tmp_path):
    notebook = weave(ROOT / "solutions" / name / f"{name}.py")
    for cell in notebook.cells:  # as a student would hand it in: without the hidden checks
        if cell.id.endswith("-hidden"):
            cell.source = cell.source.split("### BEGIN HIDDEN")[0]
    path = tmp_path / "solved.ipynb"
    nbformat.write(notebook, path)
    verdicts = check(path)
    assert {v.state for v in verdicts} == {"passes"}, report(verdicts)


def test_bad_input_is_named(tmp_path):
    with pytest.raises(CourseError, match="there is no file"):
        check(tmp_path / "none.ipynb")
    broken = tmp_path / "broken.ipynb"
    broken.write_text('{"cells": [')
    with pytest.raises(CourseError, match="cannot be read as a notebook"):
        check(broken)
    nbformat.write(nbformat.v4.new_notebook(), tmp_path / "empty.ipynb")
    with pytest.raises(CourseError, match="no check cells"):
        check(tmp_path / "empty.ipynb")


@pytest.mark.parametrize(
    ("source", "timeout", "said"),
    [("while True: pass", 15, "ran for over 15 s"), ("import os; os._exit(1)", 120, "died")],
)
def test_a_stuck_cell_and_a_dead_kernel_are_named(progress, tmp_path, source, timeout, said):
    notebook = nbformat.read(progress, as_version=4)
    next(c for c in notebook.cells if c.id == "sigmoid").source = source
    path = tmp_path / "stuck.ipynb"
    nbformat.write(notebook, path)
    with pytest.raises(CourseError, match=said):
        check(path, timeout=timeout)


def untouched_notebook():
    return nbformat.writes(stamp(nbformat.v4.new_notebook()))


@pytest.fixture
def desk(tmp_path):
    """A checkout's folders: one copy on the desk, and a release that has none yet."""
    for place in (f"work/{NAME}/{NAME}.ipynb", f"exercises/{NAME}/{NAME}.ipynb",
                  "exercises/02-autoencoders/02-autoencoders.ipynb"):  # fmt: skip
        path = tmp_path / place
        path.parent.mkdir(parents=True)
        path.touch()
    (tmp_path / "work" / NAME / f"{NAME}.new.ipynb").write_text(untouched_notebook())
    for name in (NAME, "02-autoencoders"):
        source = tmp_path / "solutions" / name / f"{name}.py"
        source.parent.mkdir(parents=True)
        source.touch()
    return tmp_path


MINE = f"work/{NAME}/{NAME}.ipynb"


@pytest.mark.parametrize(
    ("stands", "wanted", "found"),
    [
        ("", MINE, MINE),
        (f"work/{NAME}", f"{NAME}.ipynb", MINE),
        (f"work/{NAME}", ".", MINE),
        ("work", NAME, MINE),
        ("work", f"{NAME}.ipynb", MINE),
        ("exercises", f"{NAME}.ipynb", MINE),
        (f"exercises/{NAME}", f"{NAME}.ipynb", f"exercises/{NAME}/{NAME}.ipynb"),
        ("solutions", "01", MINE),
        ("", "02", "exercises/02-autoencoders/02-autoencoders.ipynb"),
        (f"work/{NAME}", f"{NAME}.new.ipynb", f"work/{NAME}/{NAME}.new.ipynb"),
        ("work", "02-autoencoders.ipynb", "exercises/02-autoencoders/02-autoencoders.ipynb"),
    ],
)
def test_notebook_is_found_from_wherever_one_stands(desk, monkeypatch, stands, wanted, found):
    monkeypatch.chdir(desk / stands)
    assert find(wanted, desk).resolve() == (desk / found).resolve()


def test_what_is_not_found_is_said(desk, monkeypatch):
    monkeypatch.chdir(desk)
    with pytest.raises(CourseError, match="there is no file 77, and no assignment is called '77'"):
        find("77", desk)
    with pytest.raises(CourseError, match="there is no file other/01"):
        find(f"other/{NAME}.ipynb", desk)


def test_the_version_worked_in_last_is_meant(desk, monkeypatch):
    monkeypatch.chdir(desk)
    new = desk / "work" / NAME / f"{NAME}.new.ipynb"
    assert find("01", desk).name == f"{NAME}.ipynb"
    new.write_text("an answer")
    os.utime(new, (2**31, 2**31))
    assert find("01", desk) == new


def test_command_works_from_a_folder_below_the_root():
    run = subprocess.run(
        [sys.executable, "-m", "course", "check", "99"],
        cwd=ROOT / "exercises" / NAME, capture_output=True, text=True,
    )  # fmt: skip
    assert run.stderr.startswith("course: there is no file 99, and no assignment is called '99'")
