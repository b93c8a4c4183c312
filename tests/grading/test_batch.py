"""`python -m course grade`: marks, feedback, report and export in one go, each only where it is due."""

import csv
import os
import sqlite3
import subprocess
import sys

import pytest
from test_autograde import (
    MARKS,
    NAME,
    POINTS,
    SOME,
    begun,
    course,
    environment,
    graded,
    root,
    submit,
)

pytestmark = pytest.mark.xdist_group("autograde")
__all__ = ["course", "root"]  # fixtures


@pytest.fixture
def class_(root):
    """The course with its class, whose `grade` uses the fake judge."""
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text() + '\nc.Autograde.judge = "fake_judge:grade"\n')
    return root


def grade(root, *options, code=0):
    run = subprocess.run(
        [sys.executable, "-m", "course", "grade", NAME, *options],
        cwd=root, env=environment(root), capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == code, run.stdout + run.stderr
    return run.stdout


def pages(root):
    return {p.parts[-3]: p.stat().st_mtime_ns for p in root.glob(f"feedback/*/{NAME}/{NAME}.html")}


def exported(root):
    with open(root / "grades.csv") as file:
        return {r["student_id"]: float(r["score"]) for r in csv.DictReader(file)}


def test_one_command_makes_all_and_then_only_what_is_due(class_):
    said = grade(class_, "--jobs", "2")
    assert f"{len(SOME)} graded, 2 ungradable" in said
    assert exported(class_) == MARKS
    first = pages(class_)
    assert set(first) == set(SOME)
    report = class_ / "reports" / f"{NAME}.html"
    assert report.is_file()
    ran = begun(class_)

    said = grade(class_)
    assert "nbgrader generate_feedback" not in said
    assert (pages(class_), begun(class_)) == (first, ran)

    submit(class_, "bao", ["half-hidden"])
    with sqlite3.connect(class_ / "gradebook.db") as book:
        book.execute(
            "update comment set manual_comment = 'a good start' where id in (select c.id"
            " from comment c join submitted_notebook n on c.notebook_id = n.id"
            " join submitted_assignment s on n.assignment_id = s.id where s.student_id = 'gil')"
        )
    (class_ / "feedback" / "hal" / NAME / f"{NAME}.html").unlink()
    grade(class_)
    second = pages(class_)
    assert {s for s in second if second[s] != first[s]} == {"bao", "gil", "hal"}
    assert "a good start" in (class_ / "feedback" / "gil" / NAME / f"{NAME}.html").read_text()
    assert exported(class_) == MARKS | {"bao": 4}
    assert begun(class_) == sorted([*ran, "bao"])
    assert [p.name for p in class_.glob("*.part")] == []


def test_what_fails_is_in_the_exit_status_and_the_others_are_done(class_):
    (class_ / "autograded").mkdir()
    (class_ / "autograded" / "bao").write_text("a file where a folder is wanted")
    grade(class_, code=1)
    found = exported(class_)
    assert {s: found[s] for s in MARKS if s != "bao"} == {s: MARKS[s] for s in MARKS if s != "bao"}
    assert set(pages(class_)) == set(SOME) - {"bao"}
    os.remove(class_ / "autograded" / "bao")
    grade(class_)
    assert exported(class_) == MARKS


def test_an_assignment_without_submissions_is_said(class_):
    (class_ / "submitted").rename(class_ / "elsewhere")
    run = subprocess.run(
        [sys.executable, "-m", "course", "grade", NAME],
        cwd=class_, env=environment(class_), capture_output=True, text=True,
    )  # fmt: skip
    assert run.returncode == 1
    assert f"submitted/STUDENT/{NAME}" in run.stderr


def late_policy(root, method):
    config = root / "nbgrader_config.py"
    config.write_text(config.read_text() + f'\nc.LatePolicy.penalty_method = "{method}"\n')


def change(root, statement):
    with sqlite3.connect(root / "gradebook.db") as book:
        book.execute(statement)


def test_a_moved_due_date_moves_the_marks_of_whom_it_touches(class_):
    late_policy(class_, "points")
    grade(class_)
    assert exported(class_) == MARKS
    ran = begun(class_)
    change(
        class_, "update assignment set duedate = '2023-11-13 02:00:00.000000'"
    )  # 1.8 days before
    said = grade(class_)
    assert exported(class_) == {s: max(0, m - 2) for s, m in MARKS.items()}
    assert "5 of 8 marks moved" in said
    assert "ada: 10 → 8 (taken off for lateness 0 → 2)" in said
    first = pages(class_)

    change(class_, "update submitted_assignment set extension = '1970-01-02 12:00:00.000000'"
                   " where student_id = 'ada'")  # fmt: skip
    said = grade(class_)
    assert exported(class_) == {s: max(0, m - 2) for s, m in MARKS.items()} | {"ada": 9}
    assert "1 of 8 marks moved" in said
    assert {s for s, t in pages(class_).items() if first[s] != t} == {"ada"}
    assert "no mark that was reported before has moved" in grade(class_)

    change(class_, "update assignment set duedate = '2023-12-01 00:00:00.000000'")
    grade(class_)
    assert exported(class_) == MARKS
    assert begun(class_) == ran, "the clock's work alone: nothing was run again"
    with open(class_ / "reports" / f"{NAME}-changes.csv") as file:
        ada = [(r["before"], r["after"]) for r in csv.DictReader(file) if r["student"] == "ada"]
    assert ada == [("", "10"), ("10", "8"), ("8", "9"), ("9", "10")]


def test_other_points_and_another_policy_move_the_marks_and_anew_runs_all(class_):
    late_policy(class_, "none")
    grade(class_)
    change(class_, "update assignment set duedate = '2023-11-13 02:00:00.000000'")
    source = class_ / "solutions" / NAME / f"{NAME}.py"
    source.write_text(
        source.read_text().replace("points=4", "points=6").replace("4 points", "6 points")
    )
    said = grade(class_)
    assert "ada: 10 → 12 (half-hidden 4 → 6)" in said
    assert exported(class_)["ada"] == 12
    ran = begun(class_)

    late_policy(class_, "zero")
    grade(class_)
    assert set(exported(class_).values()) == {0}
    assert begun(class_) == ran

    grade(class_, "--anew")
    assert begun(class_) == sorted(ran + [s for s, right in SOME.items() if right is not None])
    assert set(exported(class_).values()) == {0}


def checks_run(root, since):
    """The checks that the judge was asked for, by student, and what it has noted by now."""
    lines = (root / "notes").read_text().splitlines()
    return {line.split()[1]: line.split()[2:] for line in lines[since:]}, len(lines)


def test_of_a_changed_check_only_its_answer_is_graded_anew(class_):
    grade(class_)
    first, noted = checks_run(class_, 0)
    assert {tuple(checks) for checks in first.values()} == {tuple(POINTS)}
    source = class_ / "solutions" / NAME / f"{NAME}.py"
    source.write_text(source.read_text().replace("half(4 * SEED)", "half(4 * SEED)  # never passes\nassert half(SEED)"))  # fmt: skip
    said = grade(class_)
    again, noted = checks_run(class_, noted)
    assert again == {student: ["half-check", "half-hidden"] for student in first}
    assert "ada: 10 → 6 (half-hidden 4 → 0)" in said
    assert exported(class_) == {
        s: m - 4 * ("half-hidden" in (SOME[s] or ())) for s, m in MARKS.items()
    }
    kept = {s: record(class_, s) for s in SOME}
    library = class_ / "dgm" / "toy.py"
    library.write_text(library.read_text() + "\n\nTHIRD = 3\n")
    grade(class_)
    assert checks_run(class_, noted) == ({}, noted), "no check uses it"

    grade(class_, "--anew")
    from_nothing, _ = checks_run(class_, noted)
    assert {tuple(checks) for checks in from_nothing.values()} == {tuple(POINTS)}
    assert kept == {s: record(class_, s) for s in SOME}


def record(root, student):
    """What was noted of its checks, the seconds aside."""
    noted = graded(root, student).metadata["dgm"]
    return {k: v | {"seconds": 0} for k, v in noted["checks"].items()}, noted["flags"]
