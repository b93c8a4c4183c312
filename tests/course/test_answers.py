"""The checks of every assignment on answers known to be right and known to be wrong."""

import json
import re
import subprocess
import sys
from functools import cache

import pytest

from course.answers import LEAST_RIGHT, LEAST_WRONG, Attempt, _in_children, summary
from course.checks import catalogue
from course.paths import ROOT, assignments

pytestmark = pytest.mark.xdist_group("answers")  # one worker, one fixture


@cache
def tried(assignment: str, seeds: int) -> dict:
    """Each answer of an assignment and what came of it; one run of the runner for all of them."""
    run = subprocess.run(
        [sys.executable, "-m", "course", "answers", assignment, "--seeds", str(seeds), "--json"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert run.returncode == 0, run.stderr
    return {(a["answer"], a["file"]): a for a in json.loads(run.stdout)}


CASES = [
    (path.parent.name, path.stem, found.group(1))
    for path in sorted(catalogue.HERE.glob("*/*.py"))
    for found in re.finditer(r"^(?:def |class )?((?:right|wrong)_\w+)", path.read_text(), re.M)
]


@pytest.mark.parametrize(("assignment", "answer", "file"), CASES)
def test_answer_is_judged_rightly(assignment, answer, file):
    assert tried(assignment, 3)[answer, file]["problem"] == ""


@pytest.mark.slow
@pytest.mark.parametrize(("assignment", "answer", "file"), CASES)
def test_answer_is_judged_rightly_at_20_seeds(assignment, answer, file):
    assert tried(assignment, 20)[answer, file]["problem"] == ""


@pytest.mark.parametrize("assignment", assignments())
def test_every_graded_cell_has_answers_hole_and_definition(assignment):
    attempts = tried(assignment, 3)
    for name in {answer for answer, _ in attempts}:
        mine = {file: a for (answer, file), a in attempts.items() if answer == name}
        assert mine["hole"]["problem"] == ""
        assert mine["dgm"]["problem"] == ""
        assert sum(f.startswith("right_") for f in mine) >= LEAST_RIGHT
        assert sum(f.startswith("wrong_") for f in mine) >= LEAST_WRONG


DEFINITION = """
import torch
from course.checks.cases import Call

def definition(x):
    return 2 * x

def cases(g):
    yield Call(torch.rand(3, generator=g))
"""

HIDDEN = """
import torch
from course.checks.cases import Call

def cases(g):
    yield Call(-torch.rand(2, generator=g))
"""

JUDGED = {
    "right": ("right_a.py", "def f(x): return 2 * x", ""),
    "right rejected": ("right_a.py", "def f(x): return x", "rejected at seed 0; check"),
    "wrong": ("wrong_a.py", "def f(x): return x", ""),
    "wrong accepted": ("wrong_a.py", "def f(x): return x + x", "accepted at seed 0"),
    "typo": ("wrong_a.py", "def f(x): return xx", "defect of the answer: check ended in NameError"),
    "syntax": ("wrong_a.py", "def f(x) return x", "defect of the answer: does not run: SyntaxError"),
    "raises": ("wrong_a.py", "def f(x): return [][1]", ""),
    "dies": ("wrong_a.py", "import os\ndef f(x): os._exit(3)", "defect of the answer: its process ended with 3"),
}  # fmt: skip


@pytest.fixture
def toy(tmp_path, monkeypatch):
    """An exercise that asks for twice its argument."""
    (tmp_path / "77-toy").mkdir()
    (tmp_path / "77-toy" / "f.py").write_text('"""77.1 Twice."""\n' + DEFINITION)
    (tmp_path / "77-toy" / "f_hidden.py").write_text('"""Numbers below zero."""\n' + HIDDEN)
    monkeypatch.setattr(catalogue, "HERE", tmp_path)


@pytest.mark.parametrize("case", JUDGED)
def test_runner_judges(case, toy):
    file, source, problem = JUDGED[case]
    (attempt,) = _in_children([Attempt("77-toy", "f", file, source)], [], 2, 1)
    assert attempt.problem.startswith(problem)
    assert bool(attempt.problem) == bool(problem)


def test_runner_knows_what_only_the_hidden_check_caught(toy):
    only_hidden = Attempt("77-toy", "f", "wrong_a.py", "def f(x): return 2 * abs(x)")
    both = Attempt("77-toy", "f", "wrong_b.py", "def f(x): return 3 * x")
    attempts = list(_in_children([only_hidden, both], [], 2, 1))
    assert [a.only_hidden for a in attempts if a.file == "wrong_a.py"] == [True]
    assert [a.only_hidden for a in attempts if a.file == "wrong_b.py"] == [False]
    table, problems = summary(attempts)
    assert "2/2" in table
    assert "at least 3 and 8 are wanted" in problems[0]
