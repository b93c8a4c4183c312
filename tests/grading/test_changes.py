"""What a run moved is told to the student and check, once, and kept."""

import csv
import json
import sqlite3

import pytest

from course.grading.review import changes, spreadsheet
from tests.grading import samples
from tests.grading.samples import NAME, graded, record

pytestmark = pytest.mark.xdist_group("feedback")


def mark(points, late=0.0, **checks):
    return {"points": points, "late": late, "checks": checks}


def test_each_change_is_told_with_what_made_it():
    old = {
        "ada": mark(3.0, fit=2.0, sigmoid=1.0),
        "bao": mark(3.0, fit=2.0, sigmoid=1.0),
        "cem": mark(3.0, fit=2.0, sigmoid=1.0),
        "dia": mark(2.0, fit=2.0, sigmoid=0.0),
    }
    new = {
        "ada": mark(3.0, fit=2.0, sigmoid=1.0),
        "bao": mark(1.5, fit=0.5, sigmoid=1.0),
        "cem": mark(2.0, 2.0, fit=2.0, sigmoid=1.0, more=1.0),
        "dia": mark(2.0, fit=1.0, sigmoid=1.0),
        "eva": mark(0.0),
    }
    assert changes.compare(old, new) == [
        changes.Change("bao", 3.0, 1.5, "fit 2 → 0.5"),
        changes.Change("cem", 3.0, 2.0, "more none → 1; taken off for lateness 0 → 2"),
        changes.Change("dia", 2.0, 2.0, "fit 2 → 1; sigmoid 0 → 1"),
        changes.Change("eva", None, 0.0, "new"),
    ]
    assert changes.compare(new, new) == []


def test_words_are_few():
    moved = [changes.Change(f"s{n:02}\x1b[31m", 3.0, 1.5, "fit 2 → 0.5") for n in range(25)]
    text = changes.words([*moved, changes.Change("new", None, 1.0, "new")], 40)
    lines = text.splitlines()
    assert lines[0] == "changes: 1 new; 25 of 40 marks moved since they were last reported"
    assert lines[1] == "  s00: 3 → 1.5 (fit 2 → 0.5)"
    assert lines[-1] == "  and 5 more"
    assert len(lines) == 22
    assert changes.words([], 4) == "changes: no mark that was reported before has moved"


def test_a_spreadsheet_takes_no_text_for_a_formula():
    text = spreadsheet.table([("=HYPERLINK(1)", "-x", "@a", "+1", 2.0, -3, "a\nb,\ud800", "plain")])
    (row,) = csv.reader(text.splitlines(keepends=True))
    assert row == ["'=HYPERLINK(1)", "'-x", "'@a", "'+1", "2", "-3", "a\nb,", "plain"]


def test_changes_are_kept_and_told_once(tmp_path):
    samples.make(tmp_path, {"ada": graded(record()), "bao": graded(record())})
    before = changes.before(NAME, tmp_path)
    assert changes.write(NAME, before, tmp_path) == [], "for want of a report: as they are"
    with sqlite3.connect(tmp_path / "gradebook.db") as book:
        book.execute(
            "update grade set manual_score = 0 where id in (select g.id from grade g"
            " join submitted_notebook n on g.notebook_id = n.id"
            " join submitted_assignment s on n.assignment_id = s.id"
            " join base_cell c on g.cell_id = c.id"
            " where s.student_id = 'bao' and c.name = 'fit-hidden')"
        )
    lost = samples.points()["fit-hidden"]
    for known in ("reported before", "marks lost"):
        before = changes.before(NAME, tmp_path)
        (found,) = changes.write(NAME, before, tmp_path)
        assert (found.student, found.after - found.before) == ("bao", -lost), known
        assert found.what == f"fit-hidden {lost:g} → 0"
        assert changes.write(NAME, changes.before(NAME, tmp_path), tmp_path) == []
        before["bao"]["checks"]["fit-hidden"] = lost
        changes.noted(NAME, tmp_path).write_text(json.dumps(before))
    with open(tmp_path / "reports" / f"{NAME}-changes.csv") as file:
        kept = list(csv.DictReader(file))
    assert [(k["student"], float(k["before"]) - float(k["after"])) for k in kept] == [("bao", lost)] * 2  # fmt: skip
    assert kept[0]["when"] <= kept[1]["when"]
