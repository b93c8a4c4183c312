"""`nbgrader autograde` as a whole, with a judge that looks for a word instead of running anything."""

import csv
import os
import random
import resource
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest

from course.grading.records import Record
from course.release import STAGE, make_exercises
from tests.courses import copy_course
from tests.grading.processes import gone, wait_for

pytestmark = pytest.mark.xdist_group("autograde")  # one worker, one course

HERE = Path(__file__).parent
NAME = "01-toy"
SOURCE = """\
# %% [markdown]
# # A toy: {points} points

# %% given="setup"
import math

# %% answer="double"
from dgm.toy import double  # exercise

# %% check="double" points=1
SEED = 0
assert double(SEED) == SEED + SEED, "add it to itself"

# %% hidden="double" points=2
# Hidden check, 2 points: doubles what it is given.
SEED = 0
assert double(SEED + 1) == 2 * SEED + 2

# %% answer="half"
from dgm.toy import half  # exercise

# %% check="half" points=3
SEED = 0
assert half(2 * SEED) == SEED

# %% hidden="half" points=4
# Hidden check, 4 points: halves what it is given.
SEED = 0
assert half(4 * SEED) == 2 * SEED
"""
LIBRARY = '''\
"""A toy."""


def double(x):
    """Twice x."""
    return x + x


def half(x):
    """Half of x."""
    return x / 2
'''
POINTS = {"double-check": 1, "double-hidden": 2, "half-check": 3, "half-hidden": 4}
BODY = {"double": "def double(x):\n    return 2 * x", "half": "def half(x):\n    return x / 2"}
SOME = {
    "ada": ["double-check", "double-hidden", "half-check", "half-hidden"],
    "bao": ["double-check"],
    "cem": [],
    "dia": ["double-hidden", "half-hidden"],
    "eva-ungradable": None,
    "fay-empty": None,
    "gil": ["half-check", "half-hidden"],
    "hal": ["half-check"],
}
MARKS = {s: sum(POINTS[k] for k in right or ()) for s, right in SOME.items()}


def answered(released, right):
    """The released notebook with answers that the fake judge finds right for the checks `right`."""
    notebook = nbformat.from_dict(released)
    for cell in notebook.cells:
        if cell.id in BODY:
            words = [f"# right: {k}" for k in right if k.startswith(cell.id)]
            cell.source = "\n".join([BODY[cell.id], *words])
    return notebook


def submit(root, student, right):
    folder = root / "submitted" / student / NAME
    folder.mkdir(parents=True, exist_ok=True)
    if right is None:
        if "empty" not in student:
            (folder / f"{NAME}.ipynb").write_text('{"cells": [')
        return
    released = nbformat.read(root / "exercises" / NAME / f"{NAME}.ipynb", as_version=4)
    nbformat.write(answered(released, right), folder / f"{NAME}.ipynb")
    os.utime(folder / f"{NAME}.ipynb", (1_700_000_000, 1_700_000_000))


@pytest.fixture(scope="module")
def course(tmp_path_factory):
    """A small course of one assignment, released, with nothing handed in."""
    root = tmp_path_factory.mktemp("toy")
    copy_course(root, ["course"])
    (root / "dgm").mkdir()
    (root / "dgm" / "__init__.py").touch()
    (root / "dgm" / "toy.py").write_text(LIBRARY)
    (root / "solutions" / NAME).mkdir(parents=True)
    (root / "solutions" / NAME / f"{NAME}.py").write_text(SOURCE)
    make_exercises([NAME], root)
    return root


@pytest.fixture
def root(course, tmp_path):
    """A copy of it with the class's submissions."""
    root = tmp_path / "course"
    shutil.copytree(course, root, symlinks=True)
    for student, right in SOME.items():
        submit(root, student, right)
    return root


def environment(root):
    path = os.pathsep.join([str(root), str(HERE)])
    return {
        **os.environ,
        "PYTHONPATH": path,
        "DGM_COURSE_SECRET": "a test's secret",
        "FAKE_JUDGE_NOTES": str(root / "notes"),
        "JOBS": "2",
        "OMP_NUM_THREADS": "1",
    }


def command(*options):
    judge = "--Autograde.judge=fake_judge:grade"
    return [sys.executable, "-m", "nbgrader", "autograde", NAME, judge, *options]


def autograde(root, *options, code=0):
    run = subprocess.run(
        command(*options), cwd=root, env=environment(root), capture_output=True, text=True
    )
    assert run.returncode == code, run.stderr
    return run.stderr


def processor_seconds():
    """Of all processes that have ended below this one."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def begun(root):
    notes = root / "notes"
    return sorted(x.split()[1] for x in notes.read_text().splitlines()) if notes.exists() else []


ROWS = """
select s.student_id, s.timestamp, g.auto_score, g.manual_score, g.extra_credit,
       g.needs_manual_grade, c.name, n.late_submission_penalty
from grade g join submitted_notebook n on g.notebook_id = n.id
join submitted_assignment s on n.assignment_id = s.id join base_cell c on g.cell_id = c.id
order by 1, 7
"""
REMARKS = """
select s.student_id, b.name, c.auto_comment, c.manual_comment
from comment c join submitted_notebook n on c.notebook_id = n.id
join submitted_assignment s on n.assignment_id = s.id join base_cell b on c.cell_id = b.id
order by 1, 2
"""


def gradebook(root):
    """The rows that matter, without the random keys."""
    with sqlite3.connect(root / "gradebook.db") as db:
        return db.execute(ROWS).fetchall(), db.execute(REMARKS).fetchall()


def marks(root):
    found = {}
    for student, _, auto, manual, *_ in gradebook(root)[0]:
        found[student] = found.get(student, 0) + (auto if manual is None else manual)
    return found


def graded(root, student):
    return nbformat.read(root / "autograded" / student / NAME / f"{NAME}.ipynb", as_version=4)


def files(root):
    return {p: p.stat().st_mtime_ns for p in (root / "autograded").rglob("*")}


def test_marks_are_what_the_judge_says_to_the_point(root):
    autograde(root)
    assert marks(root) == MARKS
    for student, right in SOME.items():
        record = Record.from_dict(graded(root, student).metadata["dgm"])
        assert {k: c.points for k, c in record.checks.items()} == POINTS
        passed = {k for k, c in record.checks.items() if c.state == "passed"}
        assert passed == set(right or ())
        assert bool(record.reason) == (right is None)
        assert [f.kind for f in record.flags] == (["ungradable"] if right is None else [])
    assert begun(root) == sorted(s for s, right in SOME.items() if right is not None)


@pytest.mark.parametrize(("share", "mark"), [("", 7), ("0.5", 5), ("0", 3)])
def test_what_an_answer_earns_with_the_courses_own_before_it_is_set(root, share, mark):
    path = root / "submitted" / "hal" / NAME / f"{NAME}.ipynb"
    path.write_text(path.read_text().replace("# right: half-check", "# right: half-check\\n# through: half-hidden"))  # fmt: skip
    autograde(root, "--student=hal")
    assert marks(root) == {"hal": 7}
    ran = begun(root)
    if share:
        autograde(root, "--student=hal", f"--GuardedAutograde.follow_through={share}")
        assert begun(root) == ran, "for another share nothing is run again"
    assert marks(root) == {"hal": mark}
    check = Record.from_dict(graded(root, "hal").metadata["dgm"]).checks["half-hidden"]
    assert (check.state, len(check.through), check.score) == ("passed", 1, mark - 3)


def test_graded_notebook_keeps_visible_seeds_and_the_whole_check(root):
    autograde(root, "--student=ada")
    assert marks(root) == {"ada": 10}
    cells = {c.id: c for c in graded(root, "ada").cells}
    assert "SEED = 0" in cells["double-check"].source
    assert "2 * SEED + 2" in cells["double-hidden"].source
    assert cells["double"].source.startswith("def double(x):\n    return 2 * x")


def test_nothing_of_the_students_folder_but_the_rebuilt_notebook_gets_through(root):
    folder = root / "submitted" / "ada" / NAME
    (folder / "dgm.py").write_text("raise SystemExit")
    (folder / "data.csv").write_text("1,2\n")
    (folder / "timestamp.txt").write_text("1999-01-01 00:00:00 UTC\n")
    (folder / "link").symlink_to("/etc/passwd")
    autograde(root, "--student=ada")
    left = {p.name for p in (root / "autograded" / "ada" / NAME).rglob("*")}
    assert left <= {f"{NAME}.ipynb", "timestamp.txt"}
    assert not gradebook(root)[0][0][1].startswith("1999")


def test_a_second_run_changes_nothing(root):
    autograde(root)
    before, there, ran = gradebook(root), files(root), begun(root)
    start = processor_seconds()
    autograde(root)
    assert processor_seconds() - start < 15
    assert (gradebook(root), files(root), begun(root)) == (before, there, ran)


def test_only_what_has_changed_is_graded_again(root):
    autograde(root)
    there, ran = files(root), begun(root)
    submit(root, "bao", ["double-check", "half-check"])
    submit(root, "fay-empty", ["half-hidden"])
    submit(root, "new", [])
    autograde(root)
    assert marks(root) == MARKS | {"bao": 4, "fay-empty": 4, "new": 0}
    assert begun(root) == sorted([*ran, "bao", "fay-empty", "new"])
    changed = {p.relative_to(root / "autograded").parts[0] for p, t in files(root).items() if there.get(p) != t}  # fmt: skip
    assert changed == {"bao", "fay-empty", "new"}


def test_force_lets_nbgrader_do_its_part_again_and_runs_nothing(root):
    autograde(root)
    before, there, ran = gradebook(root), files(root), begun(root)
    autograde(root, "--force")
    assert gradebook(root) == before
    assert begun(root) == ran
    assert all(files(root)[p] != t for p, t in there.items() if p.name == f"{NAME}.ipynb")


def test_a_graders_mark_survives(root):
    autograde(root)
    with sqlite3.connect(root / "gradebook.db") as db:
        db.execute(
            "update grade set manual_score = 1.5, needs_manual_grade = 0 where id in (select g.id"
            " from grade g join submitted_notebook n on g.notebook_id = n.id"
            " join submitted_assignment s on n.assignment_id = s.id"
            " join base_cell c on g.cell_id = c.id"
            " where s.student_id = 'bao' and c.name = 'half-hidden')"
        )
    before = gradebook(root)
    autograde(root)
    assert gradebook(root) == before
    submit(root, "bao", ["half-check"])
    autograde(root)
    assert marks(root) == MARKS | {"bao": 3 + 1.5}


@pytest.mark.parametrize("damage", ["cut", "gone", "no gradebook rows"])
def test_a_half_graded_submission_is_graded_again(root, damage):
    autograde(root)
    before, ran = gradebook(root), begun(root)
    path = root / "autograded" / "ada" / NAME / f"{NAME}.ipynb"
    path.chmod(0o644)
    if damage == "cut":
        path.write_text(path.read_text()[:1000])
    elif damage == "gone":
        path.unlink()
    else:
        with sqlite3.connect(root / "gradebook.db") as db:
            db.execute(
                "update grade set auto_score = null where rowid = (select max(rowid) from grade)"
            )
    autograde(root)
    assert gradebook(root) == before
    assert begun(root) == ran


def test_what_nbgrader_chokes_on_stops_no_other(root):
    blocked = root / "autograded" / "bao"
    blocked.parent.mkdir(exist_ok=True)
    blocked.write_text("a file where a folder is wanted")
    said = autograde(root, code=1)
    assert "nbgrader could not grade: bao" in said
    assert marks(root) == MARKS | {"bao": 0} or marks(root) == {
        k: v for k, v in MARKS.items() if k != "bao"
    }
    blocked.unlink()
    autograde(root)
    assert marks(root) == MARKS


def test_a_machine_failure_is_recorded_and_tried_again(root):
    submit(root, "dies", ["half-check"])
    submit(root, "dies-once", ["half-check"])
    autograde(root)
    assert marks(root) == MARKS | {"dies": 0, "dies-once": 3}
    assert [f["kind"] for f in graded(root, "dies").metadata["dgm"]["flags"]] == ["machine failure"]
    autograde(root)
    assert begun(root).count("dies") == 4
    assert begun(root).count("dies-once") == 2


def test_without_a_sandbox_nothing_is_graded(root, monkeypatch):
    monkeypatch.setenv("FAKE_JUDGE_REFUSES", "yes")
    said = autograde(root, "--student=ada", code=1)
    assert "no sandbox here" in said
    assert marks(root) == {}
    autograde(root, "--student=ada", "--Autograde.unsafe=True")
    assert marks(root) == {"ada": 10}


def test_missing_things_are_said(root):
    assert "No notebooks were matched" in autograde(root, "--student=nobody", code=1)
    shutil.rmtree(root / "exercises")
    shutil.rmtree(root / STAGE)  # without it too, nobody knows the release
    assert "run `make exercises`" in autograde(root, code=1)


def test_a_gradebook_that_another_program_holds_is_waited_for_and_said(root):
    with sqlite3.connect(root / "gradebook.db") as other:
        other.execute("begin immediate")
        said = autograde(root, "--student=ada", code=1)
        other.rollback()
    assert "is in use by another program: close formgrader" in said
    assert "db upgrade" not in said
    autograde(root, "--student=ada")
    assert marks(root) == {"ada": 10}


def test_two_runs_at_once_are_one(root):
    submit(root, "hangs", [])
    first = subprocess.Popen(command(), cwd=root, env=environment(root), stderr=subprocess.DEVNULL)
    try:
        wait_for(lambda: "hangs" in begun(root))
        assert "another run" in autograde(root, code=1)
    finally:
        first.terminate()
        assert first.wait(120) == 143


@pytest.mark.slow
def test_killed_at_random_moments_the_gradebook_ends_the_same(root):
    for student in [s for s in SOME if SOME[s] is not None]:
        submit(root, f"slow-{student}", SOME[student])
    calm = root.parent / "calm"
    shutil.copytree(root, calm, symlinks=True)
    start = time.monotonic()
    autograde(calm)
    whole = time.monotonic() - start
    dice = random.Random(0)
    for n in range(10):
        run = subprocess.Popen(
            command(), cwd=root, env=environment(root), stderr=subprocess.DEVNULL
        )
        if n == 0:
            wait_for(lambda: begun(root))  # so that one at least is killed half way
        else:
            time.sleep(dice.uniform(0.3, 1.0) * whole)
        run.send_signal([signal.SIGKILL, signal.SIGTERM][n % 2])
        run.wait(120)
        if n == 0:
            assert run.returncode != 0
    assert gone(int(line.split()[0]) for line in (root / "notes").read_text().splitlines())
    autograde(root)
    assert gradebook(root) == gradebook(calm)
    assert len(gradebook(root)[0]) == 4 * (len(SOME) + 6)
    for student in SOME:
        assert graded(root, student).cells == graded(calm, student).cells


def test_grades_are_exported(root):
    autograde(root)
    subprocess.run(
        [sys.executable, "-m", "nbgrader", "export", "--to", "grades.csv", "--log-level=WARN"],
        cwd=root, env=environment(root), check=True,
    )  # fmt: skip
    with open(root / "grades.csv") as file:
        rows = {r["student_id"]: float(r["score"]) for r in csv.DictReader(file)}
    assert rows == MARKS
