"""Whose a file is: the names that platforms give are read as they are meant."""

import json
import re
from datetime import UTC, datetime

import pytest
from test_collect import GOOD, MAY, NAME, text, zipped

from course.grading.intake.collect import collect
from course.grading.intake.people import alike, folder_name
from course.grading.intake.platforms import read_name, worksheet
from tests.grading import classes

BLACKBOARD = "HW 1_{}_attempt_2026-05-0{}-13-45-00_{}"
BRIGHTSPACE = "12{}-678 - {} - May {}, 2026 {}"
META = "assignment_1_export/submission_metadata.yml"


@pytest.fixture
def take(tmp_path):
    def take(files, when=MAY, name=NAME):
        source = tmp_path / f"{len(list(tmp_path.iterdir()))}.zip"
        source.write_bytes(files if isinstance(files, bytes) else zipped(files, when))
        return {c.student: c for c in collect([source], name, tmp_path)}

    take.submitted = tmp_path / "submitted"
    return take


def held(take):
    found = {}
    for path in take.submitted.glob(f"*/{NAME}/{NAME}.ipynb"):
        found[path.parts[-3]] = json.loads(path.read_text())["cells"][0]["source"]
    return found


@pytest.mark.parametrize("form", ["moodle", "canvas", "gradescope"])
def test_a_class_of_twelve(take, form):
    books = {n: text(str(n)) for n in classes.PEOPLE}
    got = take(getattr(classes, form)(books))
    assert len(got) == 12
    assert all(c.stored for c in got.values())
    assert sorted(held(take).values()) == sorted(map(str, classes.PEOPLE))
    noted = json.loads((take.submitted / ".received.json").read_text())[NAME]
    assert {int(noted[f]["number"]): t for f, t in held(take).items()} == {
        n: str(n) for n in classes.PEOPLE
    }
    for folder, entry in noted.items():
        assert abs(datetime.fromisoformat(entry["received"]) - classes.CAME).total_seconds() <= 2
        assert ("late" in entry) == (form == "canvas" and int(entry["number"]) in classes.LATE)
        if form != "canvas":
            assert alike(folder).startswith(
                alike(folder_name(classes.PEOPLE[int(entry["number"])]))
            )
    later = take(getattr(classes, form)({n: text(f"again {n}") for n in classes.PEOPLE}))
    assert set(later) == set(got)
    assert sorted(held(take).values()) == sorted(f"again {n}" for n in classes.PEOPLE)


FORMS = {
    "blackboard": ({BLACKBOARD.format("alove", 1, "hw.ipynb"): text("a1"),
                    BLACKBOARD.format("alove", 3, "hw.ipynb"): text("a3"),
                    BLACKBOARD.format("alove", 2, "hw.ipynb"): text("a2"),
                    BLACKBOARD.format("bli", 1, "my_file_2.ipynb"): text("b")},
                   {"alove": "a3", "bli": "b"}),
    "blackboard, its texts": (
        {BLACKBOARD.format("a_love", 1, "hw.ipynb"): text("a"),
         BLACKBOARD.format("a_love", 1, "x")[:-2] + ".txt": "Name: Ada Lovelace (a_love)\nComments:\n",
         BLACKBOARD.format("b_love", 1, "hw.ipynb"): text("b"),
         BLACKBOARD.format("b_love", 1, "x")[:-2] + ".txt": "Name: Bo Love (b_love)\n"},
        {"a_love": "a", "b_love": "b"}),
    "blackboard, a text that a student wrote": (
        {BLACKBOARD.format("ada", 1, "hw.ipynb"): text("a"),
         BLACKBOARD.format("eve", 1, BLACKBOARD.format("ada", 9, "hw.ipynb")): text("e")},
        {"ada": "a", "eve": "e"}),
    "brightspace": ({BRIGHTSPACE.format(1, "Ada Lovelace", 1, "145 PM/hw.ipynb"): text("a1"),
                     BRIGHTSPACE.format(1, "Ada Lovelace", 3, "945 AM/hw.ipynb"): text("a3"),
                     BRIGHTSPACE.format(1, "Ada Lovelace", 2, "1145 PM/hw.ipynb"): text("a2"),
                     BRIGHTSPACE.format(2, "Anna-Maria Rossi", 2, "1145 PM/hw.ipynb"): text("r"),
                     "index.html": "<p>"},
                    {"Ada-Lovelace": "a3", "Anna-Maria-Rossi": "r"}),
    "brightspace, flat": ({BRIGHTSPACE.format(1, "Ada Lovelace", 1, "145 PM - my - hw.ipynb"): text("a"),
                           "7-8 - Bo Li - 2 May 2026 1345 - hw.ipynb": text("b")},
                          {"Ada-Lovelace": "a", "Bo-Li": "b"}),
    "brightspace, one": ({BRIGHTSPACE.format(1, "Ada", 1, "145 PM/hw.ipynb"): text("a")}, {"Ada": "a"}),
    "gradescope, a group": (
        {META: "submission_7:\n  :submitters:\n  - :name: Ada\n    :sid: '1'\n  - :name: Bo\n    :email: b@c\n",
         "assignment_1_export/submission_7/hw.ipynb": text("both")},
        {"Ada": "both", "Bo": "both"}),
    "gradescope, its file inside a submission": (
        {META: "submission_7:\n  :submitters:\n  - :name: Ada\n    :sid: '1'\n",
         "assignment_1_export/submission_7/a/hw.ipynb": text("a"),
         "assignment_1_export/submission_7/submission_metadata.yml": "submission_7:\n  :submitters:\n  - :name: Eve\n"},
        {"Ada": "a"}),
    "gradescope, a folder that is not in its file": (
        {META: "submission_7:\n  :submitters:\n  - :name: Ada\n    :sid: '1'\n",
         "assignment_1_export/submission_7/hw.ipynb": text("a"),
         "assignment_1_export/submission_8/hw.ipynb": text("b")},
        {"Ada": "a", "submission_8": "b"}),
    "gradescope's name in a plain folder": (
        {
            "ada/submission_metadata.yml": "submission_7:\n  :submitters:\n  - :name: Bo\n",
            "ada/submission_7/hw.ipynb": text("a"),
            "bo/submission_metadata.yml": "{",
            "bo/hw.ipynb": text("b"),
        },
        {"ada": "a", "bo": "b"},
    ),
    "canvas, a name with a bar": ({"van_der_berg_12_345_hw.ipynb": text("v")}, {"van_der_berg": "v"}),
    "canvas, a file like another platform's": (
        {f"eve_12_345_{BLACKBOARD.format('ada', 1, 'hw.ipynb')}": text("e"),
         "ada_13_346_Bo_14_assignsubmission_file_hw.ipynb": text("a")},
        {"eve": "e", "ada": "a"}),
    "moodle, a file like another platform's": (
        {"Eve_5_assignsubmission_file_ada_12_345_hw.ipynb": text("e")}, {"Eve": "e"}),
    "canvas, one with a zip of folders": (
        {"li_13_1_all.zip": zipped({"a/01-x.ipynb": text("l"), "b/x.ipynb": GOOD})}, {"li": "l"}),
}  # fmt: skip


@pytest.mark.parametrize(("files", "students"), FORMS.values(), ids=FORMS)
def test_whose_it_is(take, files, students):
    got = take(files)
    assert held(take) == students
    assert set(got) == set(students)


def test_gradescopes_times_are_the_submissions(take):
    said = "  :submitters:\n  - :name: Ada\n    :sid: '1'\n  :created_at: "
    for time in (
        "2026-05-02 03:04:05.5 Z",
        "!ruby/object:ActiveSupport::TimeWithZone\n    utc: 2026-05-03 03:04:05 Z",
    ):
        files = {
            META: f"submission_7:\n{said}{time}\n",
            "assignment_1_export/submission_7/a.ipynb": GOOD,
        }
        got = take(files)["Ada"]
        assert got.received == f"{re.search(r'2026-05-0.', time)[0]}T03:04:05+00:00"


def test_what_canvas_gives_in_place_of_a_file_is_noted(take):
    got = take({"li_13_1_hw.ipynb": GOOD, "ada_12_link.html": "<a>", "bo_LATE_14_text.html": "<p>"})
    assert [got[s].stored for s in ("li", "ada", "bo")] == [True, False, False]
    assert "there is no notebook" in got["ada"].reason


def test_blackboards_users_are_the_same_in_another_assignment(take, tmp_path):
    for n in (1, 2):
        (tmp_path / f"{n}.zip").write_bytes(zipped({
            f"HW {n}_a_love_attempt_2026-05-01-13-45-00_x.ipynb": GOOD,
            f"HW {n}_a_love_attempt_2026-05-01-13-45-00.txt": "Name: Ada (a_love)\n",
        }))  # fmt: skip
        (got,) = collect([tmp_path / f"{n}.zip"], f"0{n}-x", tmp_path)
        assert (got.student, got.note) == ("a_love", "")


@pytest.mark.parametrize("broken", ["{", "- a\n", "a: [" * 5000, "a: !!python/name:os.system {}\n",
                                    "a: 2026-99-99\n"])  # fmt: skip
def test_gradescopes_file_broken_is_said_and_nothing_is_guessed(take, broken):
    (got,) = take({META: broken, "assignment_1_export/submission_7/hw.ipynb": GOOD}).values()
    assert "download the zip anew" in got.reason
    assert held(take) == {}


TIMES = {
    "Sep 2, 2021 1200 PM": (2021, 9, 2, 12, 0), "September 2, 2021 905 AM": (2021, 9, 2, 9, 5),
    "2 September, 2021 1019 PM": (2021, 9, 2, 22, 19), "2 Sep 2021 2219": (2021, 9, 2, 22, 19),
    "2 Septembre 2021 2219": None, "Sep 2, 2021 9999": None, "Sep 2, 2921 1200 PM": None,
}  # fmt: skip


@pytest.mark.parametrize(("said", "when"), TIMES.items())
def test_an_attempts_time_is_no_part_of_the_name(said, when):
    owner = read_name(f"12-34 - Ada Lovelace - {said}")
    assert (owner.name, owner.number) == ("Ada Lovelace", "12")
    assert owner.when == (datetime(*when).astimezone(UTC) if when else None)


def test_a_worksheet_in_any_language():
    rows = [["ID", "Vollst\u00e4ndiger Name", "E-Mail-Adresse"], ["Teilnehmer/in 7", "Ada", "A@b.de"],
            ["Teilnehmer/in 8", "Bo", ""], ["cut"]]  # fmt: skip
    assert worksheet(rows) == {"7": ("moodle mail a@b.de",)}
    assert worksheet([["a"], ["b"]]) == {}
