"""A made class goes through nbgrader's four commands, and every mark is the one it earned."""

import csv
import os
import re
import subprocess
import sys
from fnmatch import fnmatch

import nbformat
import pytest

from course.attempts import texts
from course.paths import ROOT
from course.release import make_exercises
from course.weave import weave
from tests.courses import copy_course

pytestmark = pytest.mark.xdist_group("grading")  # one worker, one fixture

NAME = "01-discriminative-generative"
WOVEN = {c.id: c for c in weave(ROOT / "solutions" / NAME / f"{NAME}.py").cells}
SOLVED = {k: c.source for k, c in WOVEN.items() if c.metadata.get("nbgrader", {}).get("solution")}
POINTS = {
    k: c.metadata.nbgrader.points
    for k, c in WOVEN.items()
    if c.metadata.get("nbgrader", {}).get("grade")
}
WHOLE = sum(POINTS.values())
HOLE = "raise NotImplementedError  # YOUR CODE HERE"


def worth(*answers, kinds=("check", "hidden")):
    """The points of these answers' checks."""
    return sum(POINTS[f"{a}-{k}"] for a in answers for k in kinds)


WRITTEN = texts(NAME)


def answer(name, pattern):
    """The one made answer whose file matches `pattern`."""
    return next(text for a, text in sorted(WRITTEN[name].items()) if fnmatch(f"{a}.py", pattern))


def all_right(kind):
    """A right answer for every hole, the `kind`-th of those that are kept for it."""
    rights = {
        a: [t for n, t in sorted(w.items()) if n.startswith("right_")] for a, w in WRITTEN.items()
    }
    return {a: rights[a][kind] for a in SOLVED}


FIRST_HALF = list(SOLVED)[:5]
LOUD = "import sys, warnings\nwarnings.warn('look out')\nprint('50%', file=sys.stderr)\n"
# For each student: the answers (a hole where there is none), and the mark that they earn.
CLASS = {
    "ada-all-right": (SOLVED, WHOLE),
    "bao-another-way": (all_right(0), WHOLE),
    "cem-a-third-way": (all_right(1), WHOLE),
    "dia-blank": ({}, 0),
    "eva-half": ({a: SOLVED[a] for a in FIRST_HALF}, worth(*FIRST_HALF)),
    "fay-unbiased": (
        SOLVED | {"class_statistics": answer("class_statistics", "wrong_*unbiased*.py")},
        WHOLE - worth("class_statistics"),
    ),
    "gil-variance-for-std": (
        SOLVED | {"sample_joint": answer("sample_joint", "wrong_*variance*.py")},
        WHOLE - worth("sample_joint"),
    ),
    "hal-syntax-error": (
        SOLVED | {"logistic_coefficients": "def logistic_coefficients(prior, mean, var:\n  pass"},
        WHOLE - worth("logistic_coefficients"),
    ),
    "ivy-noise-on-stderr": ({a: LOUD + s for a, s in SOLVED.items()}, WHOLE),
    "jon-noise-in-the-call": (
        SOLVED
        | {"sigmoid": "def sigmoid(z):\n    import warnings\n    warnings.warn('hot')\n    return torch.sigmoid(z)"},
        WHOLE,
    ),
    "kim-displays-a-number": ({a: s + "\n0.0" for a, s in SOLVED.items()}, WHOLE),
    "leo-five-features-at-most": (
        SOLVED
        | {"logistic_coefficients": "def logistic_coefficients(prior, mean, var):\n"
           "    some = range(min(5, mean.shape[1]))\n"
           "    w = torch.stack([(mean[1, j] - mean[0, j]) / var[0, j] for j in some])\n"
           "    b = (prior[1] / prior[0]).log() + ((mean[0]**2 - mean[1]**2) / (2 * var[0])).sum()\n"
           "    return w, b"},
        WHOLE - worth("logistic_coefficients", kinds=["hidden"]),
    ),
    "max-fits-the-visible-seed": (
        SOLVED
        | {"logistic_coefficients": "def logistic_coefficients(prior, mean, var):\n"
           "    g = torch.Generator().manual_seed(0)\n"
           "    seen = torch.randn(2, 3, generator=g, dtype=torch.float64)\n"
           "    if mean.shape == (2, 3) and not torch.equal(mean, seen):\n"
           "        return torch.zeros(3), torch.zeros(())\n"
           "    w = (mean[1] - mean[0]) / var[0]\n"
           "    b = (prior[1] / prior[0]).log() + ((mean[0]**2 - mean[1]**2) / (2 * var[0])).sum()\n"
           "    return w, b"},
        WHOLE - worth("logistic_coefficients", kinds=["check"]),
    ),
    "nia-own-cells": (SOLVED, WHOLE),
    "oli-broken-demo": (SOLVED, WHOLE),
}  # fmt: skip


def submission(student, answers, released):
    notebook = nbformat.from_dict(released)
    for cell in notebook.cells:
        if cell.id in answers:
            cell.source = answers[cell.id]
    if student.startswith("nia"):
        notebook.cells.insert(3, nbformat.v4.new_code_cell("print('my own try')\n2 + 2"))
        notebook.cells.insert(9, nbformat.v4.new_markdown_cell("a note to myself"))
    if student.startswith("oli"):
        demo = next(c for c in notebook.cells if "demo" in c.metadata.get("tags", []))
        demo.source = "raise RuntimeError('I tried something')"
    return notebook


@pytest.fixture(scope="module")
def marks(tmp_path_factory):
    """The course with its class in a folder of its own, graded; returns that folder."""
    root = tmp_path_factory.mktemp("class")
    copy_course(root)
    make_exercises([NAME], root)
    released = nbformat.read(root / "exercises" / NAME / f"{NAME}.ipynb", as_version=4)
    for student, (answers, _) in CLASS.items():
        path = root / "submitted" / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(submission(student, answers, released), path)
    env = {**os.environ, "DGM_COURSE_SECRET": "a test's secret", "OMP_NUM_THREADS": "1"}
    for command in (
        ["autograde", NAME],
        ["generate_feedback", NAME],
        ["export", "--to", "grades.csv"],
    ):
        run = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command], cwd=root, env=env,
            capture_output=True, text=True, check=False,
        )  # fmt: skip
        assert run.returncode == 0, run.stderr
    return root


def test_the_class_is_large_enough():
    assert len(CLASS) >= 12
    assert WHOLE == sum(POINTS.values()) >= 30


@pytest.mark.parametrize("student", CLASS)
def test_mark_is_what_the_answers_earn(marks, student):
    with open(marks / "grades.csv") as file:
        rows = {row["student_id"]: row for row in csv.DictReader(file)}
    assert float(rows[student]["max_score"]) == WHOLE
    assert float(rows[student]["raw_score"]) == CLASS[student][1]


@pytest.mark.parametrize("student", CLASS)
def test_feedback_shows_the_mark(marks, student):
    page = (marks / "feedback" / student / NAME / f"{NAME}.html").read_text()
    score = re.search(r"\(Score: ([\d.]+) / ([\d.]+)\)", page)
    assert (float(score[1]), float(score[2])) == (CLASS[student][1], WHOLE)


def test_visible_seeds_are_back_after_grading(marks):
    path = marks / "autograded" / "ada-all-right" / NAME / f"{NAME}.ipynb"
    cells = nbformat.read(path, as_version=4).cells
    checks = [c.source for c in cells if c.metadata.get("nbgrader", {}).get("grade")]
    assert len(checks) == len(POINTS)
    assert all("SEED = 0" in source for source in checks)


def test_every_student_is_graded_with_the_same_secret_seeds(monkeypatch):
    from course.seeds import course_secret, derive, with_seed

    monkeypatch.setenv("DGM_COURSE_SECRET", "one")
    first = [derive(course_secret(), NAME, k) for k in POINTS]
    assert first == [derive(course_secret(), NAME, k) for k in POINTS]
    assert len(set(first)) == len(first)
    monkeypatch.setenv("DGM_COURSE_SECRET", "two")
    assert not set(first) & {derive(course_secret(), NAME, k) for k in POINTS}
    assert with_seed("SEED = 0\nx = SEED", 7) == "SEED = 7\nx = SEED"


def test_nothing_to_grade_is_said():
    run = subprocess.run(
        [sys.executable, "-m", "course", "grade", NAME], cwd=ROOT, capture_output=True, text=True
    )
    if (ROOT / "submitted").exists():
        pytest.skip("this checkout holds submissions")
    assert run.returncode == 1
    assert f"submitted/STUDENT/{NAME}" in run.stderr
