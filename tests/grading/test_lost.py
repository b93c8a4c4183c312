"""A cell that hangs or dies costs what it holds and nothing else, and is never run again."""

import dataclasses

import pytest

from course.grading.run import judge
from course.grading.sandbox import wall
from tests.grading.jobs import FIRST, lost_answers, solved, with_cell

pytestmark = [
    pytest.mark.xdist_group("judge"),
    pytest.mark.skipif(bool(wall.sandbox_problem()), reason=wall.sandbox_problem()),
]

SIGMOID = "def sigmoid(z):\n    return torch.sigmoid(z)"
SLOW = "for X in range(10**12):\n    z = sigmoid(torch.tensor(float(X)))"
# Every other cell has a trial line, too, whose names are those of the slow one.
TRIAL = "\nX, y = torch.ones(3, 2), torch.tensor([0, 1, 1])\nz = X.sum()\n"


@pytest.fixture(scope="module", autouse=True)
def zygotes():
    yield
    judge.close()


def grade(answers, total=60.0, before="", cell=""):
    job = solved(FIRST)
    answers = {c.id: c.source + TRIAL for c in job.notebook.cells
               if c.metadata.get("nbgrader", {}).get("solution")} | answers  # fmt: skip
    job = dataclasses.replace(solved(FIRST, answers), timeout=5.0, total_timeout=total)
    return judge.grade(with_cell(job, before, cell) if cell else job)


def test_a_slow_trial_line_costs_nothing():
    outcome = grade({"sigmoid": f"{SIGMOID}\n{SLOW}"})
    assert lost_answers(outcome) == set()
    assert "longer than 5 seconds" in outcome.record.failed["sigmoid"]
    assert all(not check.through for check in outcome.record.checks.values())
    assert outcome.record.restarts == 1
    assert outcome.record.seconds < 40


@pytest.mark.parametrize("ends", ["while True:\n    pass", "import os\nos._exit(0)", "import os\nos.abort()"])  # fmt: skip
def test_an_answer_that_is_lost_takes_no_other_along(ends):
    outcome = grade({"sigmoid": f"{ends}\nsigmoid = torch.sigmoid"})
    assert lost_answers(outcome) == {"sigmoid"}
    lost = outcome.record.checks["sigmoid-check"]
    assert lost.state == "lost"
    assert "The others are not touched" in lost.message


def test_an_answer_that_hangs_when_called_is_not_called_by_those_that_build_on_it():
    """They are checked with the course's own in its place; in 60 seconds each could not hang."""
    hangs = "def sigmoid(z):\n    while True:\n        pass"
    calls = {
        "gradient": "def gradient(theta, X, y):\n    return X.T @ (y - sigmoid(X @ theta))",
        "information": "def information(theta, X, penalty):\n    p = sigmoid(X @ theta)\n"
        "    return (X.T * p * (1 - p)) @ X + penalty.diag()",
    }
    outcome = grade({"sigmoid": hangs} | calls)
    assert lost_answers(outcome) == {"sigmoid"}
    assert outcome.record.checks["gradient-hidden"].through == ["sigmoid"]
    assert outcome.record.restarts == 1


def test_definitions_of_a_lost_helper_cell_live_and_what_it_computes_does_not():
    cell = "import math as m\nHALF = 0.5\ndef half(v):\n    return HALF * v\nwhile True:\n    pass\nfull = half(2.0)"
    uses = "def sigmoid(z):\n    return half(1 + torch.tanh(half(z)))"
    spoilt = "def information(theta, X, penalty):\n    return full * X.T @ X"
    outcome = grade({"sigmoid": uses, "information": spoilt}, before="sigmoid", cell=cell)
    assert lost_answers(outcome) == {"information"}
    assert "name 'full' is not defined" in outcome.record.checks["information-check"].message


def test_a_lost_cells_definitions_are_not_mixed_with_older_values():
    """`half` is another one in the lost cell; with the old one its definitions mean another thing."""
    old = "def half(v):\n    return v / 2\ntwo = 2"
    new = "def sigmoid(z):\n    return half(1 + torch.tanh(half(z)))\nwhile True:\n    pass\nhalf = torch.abs"
    outcome = grade({"sigmoid": new}, before="sigmoid", cell=old)
    assert lost_answers(outcome) == {"sigmoid"}
    assert "name 'half' is not defined" in outcome.record.checks["sigmoid-check"].message


def test_what_is_left_when_the_time_is_over_says_so():
    hang = "while True:\n    pass"
    slow = {name: f"{hang}\n{name} = 0" for name in ("sigmoid", "log_likelihood", "gradient")}
    outcome = grade(slow, total=12.0)
    last = outcome.record.checks["logistic_coefficients-hidden"]
    assert last.state == "lost"
    assert "12 seconds that a submission may take were used up" in last.message
    assert "not touched" not in last.message


def test_a_failing_cell_of_the_students_own_is_noted():
    outcome = grade({}, before="fit", cell="import math\nno_such_name + 1\nhelper = 3")
    assert lost_answers(outcome) == set()
    assert outcome.record.failed == {"own-1": "NameError: name 'no_such_name' is not defined"}
