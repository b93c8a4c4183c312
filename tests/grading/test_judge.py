"""The judge on real submissions of the first assignments, in the real sandbox."""

import copy
import dataclasses

import pytest

from course.attempts import texts
from course.grading import prepare
from course.grading.run import judge
from course.grading.sandbox import wall
from course.paths import ROOT, assignments
from course.release import released
from tests.grading.jobs import FIRST, lost_answers, solved, states, with_cell

pytestmark = [
    pytest.mark.xdist_group("judge"),  # one zygote
    pytest.mark.skipif(bool(wall.sandbox_problem()), reason=wall.sandbox_problem()),
]


@pytest.fixture(scope="module", autouse=True)
def zygotes():
    yield
    judge.close()


@pytest.mark.parametrize("name", assignments())
def test_official_answers_earn_everything(name):
    outcome = judge.grade(solved(name))
    assert set(states(outcome).values()) == {"passed"}, outcome.record.checks
    assert outcome.record.flags == []
    assert outcome.record.memory > 50e6


def test_an_untouched_notebook_is_open():
    job = solved(FIRST)
    job.notebook.cells = copy.deepcopy(prepare.nbformat.read(released(FIRST), 4)).cells  # fmt: skip
    assert set(states(judge.grade(job)).values()) == {"open"}


KILLERS = {
    "exits-when-run": "import os\nos._exit(0)",
    "exits-when-called": "def class_statistics(X, y):\n    import os\n    os._exit(3)",
    "system-exit": "import sys\nsys.exit(1)",
    "runs-for-ever": "while True:\n    pass",
    "runs-for-ever-when-called": "def class_statistics(X, y):\n    while True:\n        try:\n            import time; time.sleep(1)\n        except BaseException:\n            pass",
    "kills-later": "import os, threading\nthreading.Timer(0.5, lambda: os._exit(1)).start()\ndef class_statistics(X, y):\n    return X, X, X",
    "segmentation-fault": "def class_statistics(X, y):\n    import ctypes\n    ctypes.string_at(0)",
    "eats-memory": "def class_statistics(X, y):\n    return [bytearray(1 << 28) for _ in range(1000)]",
    "syntax": "def class_statistics(X, y:",
}


@pytest.mark.parametrize("killer", KILLERS)
def test_one_dead_answer_is_one_lost_answer(killer):
    limit = 6.0 if killer.startswith("runs-for-ever") else 120.0
    job = dataclasses.replace(solved(FIRST, {"class_statistics": KILLERS[killer]}), timeout=limit)
    outcome = judge.grade(job)
    assert lost_answers(outcome) == {"class_statistics"}, outcome.record.checks
    assert all(outcome.record.checks[f"class_statistics-{k}"].message for k in ("check", "hidden"))


def test_a_helper_that_kills_later_costs_nothing_that_does_not_need_it():
    killer = "import os, threading\nthreading.Timer(0.3, lambda: os._exit(1)).start()"
    outcome = judge.grade(with_cell(solved(FIRST), "log_likelihood", killer))
    assert lost_answers(outcome) == set()


HELPERS = {
    "plain": "def log_ratio(p):\n    return (p[1] / p[0]).log()",
    "below a magic": "%precision 3\ndef log_ratio(p):\n    return (p[1] / p[0]).log()",
    "below the usual magic": (
        "%matplotlib inline\ndef log_ratio(p):\n    return (p[1] / p[0]).log()"
    ),
    "made by a call": (
        "def make():\n    global log_ratio\n    log_ratio = lambda p: (p[1] / p[0]).log()\nmake()"
    ),
}


@pytest.mark.parametrize("helper", HELPERS)
def test_a_helper_function_is_there_after_a_death(helper):
    uses = (
        "def logistic_coefficients(prior, mean, var):\n"
        "    w = (mean[1] - mean[0]) / var[0]\n"
        "    return w, log_ratio(prior) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()"
    )
    job = solved(
        FIRST, {"logistic_coefficients": uses, "class_statistics": "import os\nos._exit(0)"}
    )
    outcome = judge.grade(with_cell(job, "sigmoid", HELPERS[helper]))
    assert lost_answers(outcome) == {"class_statistics"}


def test_nothing_of_a_hidden_check_comes_out():
    spy = (
        "seen = []\n"
        "def sigmoid(z):\n"
        "    seen.append(z.tolist())\n"
        "    open('/tmp/seen', 'a').write(str(z.shape))\n"
        "    print('I saw', z)\n"
        "    if z.dim() == 4:\n"
        "        raise ValueError(f'this came: {z}')\n"
        "    return torch.sigmoid(z)"
    )
    job = with_cell(
        solved(FIRST, {"sigmoid": spy}), "log_likelihood", "print('kept', len(seen))\nseen"
    )
    outcome = judge.grade(job)
    hidden = outcome.record.checks["sigmoid-hidden"]
    assert hidden.state == "failed"
    assert hidden.message == "your code raised ValueError"
    assert "sigmoid-hidden" not in outcome.outputs
    printed = "".join(o["text"] for o in outcome.outputs["own-1"] if o["output_type"] == "stream")
    assert printed == "kept 0\n"


def test_a_hidden_message_has_words_and_no_values():
    wrong = "def sigmoid(z):\n    return torch.sigmoid(z) if z.dim() == 1 and len(z) > 7 or abs(z).max() > 900 else 0 * z"
    result = judge.grade(solved(FIRST, {"sigmoid": wrong}, "sigmoid")).record.checks
    assert result["sigmoid-hidden"].message == "it gave another result than was wanted"


def test_a_wall_round_the_guest():
    look = (
        "import os, socket\n"
        "from pathlib import Path\n"
        "def attempt(f):\n"
        "    try:\n"
        "        return f()\n"
        "    except Exception as problem:\n"
        "        return type(problem).__name__\n"
        f"print(os.path.exists({str(ROOT)!r} + '/solutions'), os.path.exists({str(ROOT)!r} + '/dgm'))\n"
        "print(sorted(os.listdir('/home')), os.listdir('/tmp') in ([], ['matplotlib'], ['ipython'], ['ipython', 'matplotlib'], ['matplotlib', 'ipython']))\n"
        "print(attempt(lambda: socket.create_connection(('1.1.1.1', 53), 2)))\n"
        "print(os.getuid() != 0 or os.getpid(), len([p for p in os.listdir('/proc') if p.isdigit()]))\n"
        "print(attempt(lambda: Path('/course/x').write_text('x')), attempt(lambda: Path('/usr/x').write_text('x')))\n"
        "print(sorted(k for k in os.environ if 'SECRET' in k or 'TOKEN' in k), [l for l in open('/proc/self/status') if l.startswith('CapEff')])\n"
        "print(attempt(lambda: os.setuid(0)), attempt(lambda: os.listdir('/root')))"
    )
    outcome = judge.grade(with_cell(solved(FIRST), "sigmoid", look))
    lines = "".join(
        o.get("text", o.get("evalue", "")) for o in outcome.outputs["own-1"]
    ).splitlines()
    assert lines[0] == "False False"
    assert lines[1] == "['student'] True"
    assert lines[2] in ("OSError", "TimeoutError", "gaierror")
    assert lines[3].endswith(" 1")
    assert lines[4] in (
        "OSError OSError",
        "OSError PermissionError",
        "PermissionError PermissionError",
    )
    assert lines[5] == "[] ['CapEff:\\t0000000000000000\\n']"
    assert lines[6].startswith("PermissionError")


def test_where_there_is_no_sandbox_grading_refuses(monkeypatch):
    monkeypatch.setattr(wall, "sandbox_problem", lambda: "bubblewrap is not installed")
    with pytest.raises(Exception, match="--unsafe") as caught:
        wall.check_sandbox(unsafe=False)
    assert "bubblewrap is not installed" in str(caught.value)
    wall.check_sandbox(unsafe=True)


def test_unsafe_grades_too():
    job = solved(FIRST, {"class_statistics": KILLERS["exits-when-called"]})
    assert lost_answers(judge.grade(job, unsafe=True)) == {"class_statistics"}
    judge.close()


@pytest.mark.slow
@pytest.mark.parametrize("name", assignments())
def test_every_answer_is_judged_as_it_is_at_home(name):
    job, wrong = solved(name), []
    every = ((a, n, text) for a, written in texts(name).items() for n, text in written.items())
    for answer, file, text in every:
        notebook = copy.deepcopy(job.notebook)
        notebook.cells = [
            c for c in notebook.cells
            if not c.metadata.get("nbgrader", {}).get("grade") or c.id.startswith(f"{answer}-")
        ]  # fmt: skip
        next(c for c in notebook.cells if c.id == answer).source = text
        found = states(judge.grade(dataclasses.replace(job, notebook=notebook)))
        if (set(found.values()) == {"passed"}) != file.startswith("right_"):
            wrong.append((answer, file, found))
    assert wrong == []
