"""Of submissions that are graded already, only the checks are run that a change has touched."""

import copy
import dataclasses

import pytest
import test_judge

from course.grading.records import CheckResult, Flag, Job, Outcome, Record
from course.grading.run import judge, touch
from course.grading.run.store import Store, joined, only
from course.grading.sandbox import wall

pytestmark = pytest.mark.xdist_group("judge")  # one zygote


def cell(id, source, **about):
    return {"cell_type": "code", "id": id, "source": source, "metadata": {"nbgrader": about}}


CELLS = [
    cell("setup", "import torch\nfrom dgm.noise import q_sample, Schedule\nfrom dgm.plot import show"),
    cell("double", "def double(x):\n    return help(x)", solution=True),
    cell("double-check", "", grade=True, grade_id="double-check"),
    cell("double-hidden", "", grade=True, grade_id="double-hidden"),
    cell("own-1", "from dgm.tools import nice\ndef help(x):\n    return nice(x)"),
    cell("half", "def half(x):\n    import dgm.late\n    return x / 2", solution=True),
    cell("half-check", "", grade=True, grade_id="half-check"),
    cell("quarter", "def quarter(x):\n    return half(half(x))", solution=True),
    cell("quarter-check", "", grade=True, grade_id="quarter-check"),
]  # fmt: skip
CHECKS = {
    "double-check": "SEED = 1\nassert double(SEED) == 2",
    "double-hidden": "SEED = 1\nassert double(q_sample(SEED)) == 2",
    "half-check": "SEED = 1\nassert half(2) == SEED",
    "quarter-check": "SEED = 1\nassert quarter(4) == SEED",
}
JOB = Job("01-a", "ada", {"cells": CELLS}, CHECKS, ("double-hidden",), dict.fromkeys(CHECKS, 1.0),
          ("double", "half", "quarter"))  # fmt: skip
DGM = {
    "__init__": "", "noise": "from dgm.deep import table", "deep": "from .deeper import more",
    "deeper": "", "plot": "", "tools": "import dgm.base as b", "base": "", "late": "", "other": "",
}  # fmt: skip


@pytest.fixture
def root(tmp_path):
    (tmp_path / "dgm").mkdir()
    for name, text in DGM.items():
        (tmp_path / "dgm" / f"{name}.py").write_text(text + "\n")
    return tmp_path


def touched(before, after):
    assert before.keys() == after.keys()
    return {check.removesuffix("-check") for check in before if before[check] != after[check]}


@pytest.mark.parametrize(
    ("check", "wanted"),
    [("double-check", {"double", "double-hidden"}), ("double-hidden", {"double", "double-hidden"}),
     ("half-check", {"half", "quarter"}), ("quarter-check", {"quarter"})],
)  # fmt: skip
def test_a_changed_check_touches_its_answer_and_what_builds_on_that(root, check, wanted):
    changed = dataclasses.replace(JOB, checks=CHECKS | {check: CHECKS[check] + "\nassert True"})
    assert touched(touch.keys(JOB, root), touch.keys(changed, root)) == wanted


@pytest.mark.parametrize(
    ("module", "wanted"),
    [("noise", {"double", "double-hidden"}), ("deep", {"double", "double-hidden"}),
     ("deeper", {"double", "double-hidden"}), ("plot", set()), ("other", set()),
     ("tools", {"double", "double-hidden"}), ("base", {"double", "double-hidden"}),
     ("late", {"half", "quarter"}),
     ("__init__", {"double", "double-hidden", "half", "quarter"})],
)  # fmt: skip
def test_a_changed_module_of_dgm_touches_what_uses_it(root, module, wanted):
    before = touch.keys(JOB, root)
    (root / "dgm" / f"{module}.py").write_text(DGM[module] + "\nx = 1\n")
    touch.of_dgm.cache_clear()
    touch._modules.cache_clear()
    assert touched(before, touch.keys(JOB, root)) == wanted


@pytest.mark.parametrize("text", ["from dgm.other import *", "import dgm.other\nx = dgm.other.x",
                                  "this is no Python, dgm.other"])  # fmt: skip
def test_every_way_to_import_counts(root, text):
    cells = copy.deepcopy(CELLS)
    cells[5]["source"] += f"\n{text}"
    job = dataclasses.replace(JOB, notebook={"cells": cells})
    before = touch.keys(job, root)
    (root / "dgm" / "other.py").write_text("x = 2\n")
    touch.of_dgm.cache_clear()
    touch._modules.cache_clear()
    assert {"half", "quarter"} <= touched(before, touch.keys(job, root))


def test_a_check_that_moves_behind_another_cell_is_touched(root):
    cells = [*CELLS[:2], CELLS[4], *CELLS[2:4], *CELLS[5:]]
    moved = dataclasses.replace(JOB, notebook={"cells": cells})
    assert touched(touch.keys(JOB, root), touch.keys(moved, root)) == {"double", "double-hidden"}


def outcome(job, state="passed", **more):
    checks = {c: CheckResult(state, p, seconds=0.5) for c, p in job.points.items()}
    return Outcome({"double": []}, Record(checks=checks, seconds=3.0, **more))


def test_what_is_left_is_run_and_joined_to_the_rest(tmp_path):
    store = Store(tmp_path, "here")
    store.put(JOB, outcome(JOB))
    changed = dataclasses.replace(JOB, checks=CHECKS | {"half-check": "SEED = 2"})
    known, left = store.look(changed)
    assert list(known.record.checks) == ["double-check", "double-hidden"]
    assert list(left.checks) == list(left.points) == ["half-check", "quarter-check"]
    assert [c["id"] for c in left.notebook["cells"]] == [
        c["id"] for c in CELLS if not c["id"].startswith("double-")
    ]
    whole = joined(changed, known, outcome(left, "failed"))
    assert {c: r.state for c, r in whole.record.checks.items()} == {
        "double-check": "passed", "double-hidden": "passed", "half-check": "failed", "quarter-check": "failed",
    }  # fmt: skip
    assert list(whole.record.checks) == list(CHECKS)
    assert whole.record.seconds == 4.0
    store.put(changed, whole)
    assert store.get(changed) == whole
    assert store.look(JOB)[1] is not None, "the first text of the check is run again"


@pytest.mark.parametrize(("state", "wanted"), [("passed", []), ("failed", ["half-check"])])
def test_with_an_answer_that_builds_on_a_failed_one_that_one_is_run_too(tmp_path, state, wanted):
    store, there = Store(tmp_path, "here"), outcome(JOB)
    there.record.checks["half-check"].state = state
    store.put(JOB, there)
    changed = dataclasses.replace(JOB, checks=CHECKS | {"quarter-check": "SEED = 2"})
    known, left = store.look(changed)
    assert list(left.checks) == [*wanted, "quarter-check"]
    assert not left.checks.keys() & known.record.checks.keys()


@pytest.mark.parametrize("more", [{"restarts": 1}, {"flags": [Flag("killed", "it ended")]}])
def test_what_ended_before_its_time_is_run_whole(tmp_path, more):
    store = Store(tmp_path, "here")
    store.put(JOB, outcome(JOB, **more))
    assert store.get(JOB) == outcome(JOB, **more)
    changed = dataclasses.replace(JOB, checks=CHECKS | {"half-check": "SEED = 2"})
    assert store.look(changed) == (None, changed)


def test_a_check_that_is_gone_is_forgotten_and_a_new_one_is_run(tmp_path):
    store = Store(tmp_path, "here")
    store.put(JOB, outcome(JOB))
    checks = {c: t for c, t in CHECKS.items() if c != "double-hidden"} | {"more-check": "SEED = 1"}
    cells = [c for c in CELLS if c["id"] != "double-hidden"]
    cells.append(cell("more-check", "", grade=True, grade_id="more-check"))
    job = dataclasses.replace(JOB, notebook={"cells": cells}, checks=checks, points=dict.fromkeys(checks, 1.0))  # fmt: skip
    known, left = store.look(job)
    assert set(known.record.checks) == {"half-check"}
    assert set(left.checks) == {"double-check", "quarter-check", "more-check"}


@pytest.mark.skipif(bool(wall.sandbox_problem()), reason=wall.sandbox_problem())
def test_checks_that_are_run_alone_say_what_they_say_among_the_others():
    wrong = {
        "sigmoid": "def sigmoid(z):\n    return z",
        "gradient": "calls = []\ndef gradient(theta, X, y):\n    calls.append(1)\n    return len(calls)",
        "information": "def information(theta, X, l2):\n    return 1 / 0",
    }
    job = test_judge.solved(test_judge.FIRST, wrong)
    try:
        whole = states(judge.grade(job))
        assert {s for s, _ in whole.values()} == {"passed", "failed"}
        below = touch.below(job)  # those that have not passed are run with it, as the store has it
        for checks in touch.groups(job).values():
            more = [c for check in checks for c in below[check] if c not in checks]
            part = states(judge.grade(only(job, [*dict.fromkeys(more), *checks]))) if checks else {}
            assert {check: part[check] for check in checks} == {
                check: whole[check] for check in checks
            }
    finally:
        judge.close()


def states(outcome):
    return {check: (r.state, r.message) for check, r in outcome.record.checks.items()}
