"""Collecting never loses work: a person is a platform's number, and keeps one folder for good."""

import json
import os
import zipfile
from datetime import UTC, datetime

import pytest
from test_collect import GOOD, JUNE, MAY, NAME, text, zipped

from course.grading.batch import grade
from course.grading.intake.collect import collect
from course.grading.intake.people import alike, alone, folder_name
from course.grading.intake.receive import LEDGER
from course.paths import CourseError

JULY = datetime(2026, 7, 1, 12, tzinfo=UTC)
MOODLE = "{}_{}_assignsubmission_file/hw.ipynb"
CANVAS = "{}_{}_{}_hw.ipynb"


@pytest.fixture
def take(tmp_path):
    """Collects a zip with these files, one after another; what became of each student."""

    def take(files, when=MAY, name=NAME, more=()):
        source = tmp_path / f"{len(list(tmp_path.iterdir()))}.zip"
        source.write_bytes(zipped(files, when))
        return {c.student: c for c in collect([source, *more], name, tmp_path)}

    take.submitted = tmp_path / "submitted"
    return take


def held(take, name=NAME):
    """Every notebook that is there: folder -> what its cell holds."""
    found = {}
    for path in take.submitted.glob(f"*/{name}/{name}.ipynb"):
        found[path.parts[-3]] = json.loads(path.read_text())["cells"][0]["source"]
    return found


def ledger(take):
    return json.loads((take.submitted / LEDGER).read_text())


# Two people whose names are one, or nearly: the number tells them apart.
ALIKE = {
    "equal": ("Bo Li", "Bo Li"),
    "a hyphen": ("Anna-Maria Rossi", "Anna Maria Rossi"),
    "an apostrophe": ("Sean O'Brien", "Sean OBrien"),
    "two forms of an accent": ("Zoe\u0301 K", "Zo\u00e9 K"),
    "upper case": ("ada li", "Ada Li"),
    "blind": ("Participant", "Participant"),
}


@pytest.mark.parametrize("order", [1, -1])
@pytest.mark.parametrize("names", ALIKE.values(), ids=ALIKE)
def test_two_people_share_no_folder_whatever_their_names(take, names, order):
    first, second = list(zip(names, ("11", "12"), strict=True))[::order]
    one = take({MOODLE.format(*first): text("first")}, MAY)
    two = take({MOODLE.format(*second): text("second")}, JUNE)
    (folder,), (other,) = one, two
    assert (one[folder].stored, two[other].stored) == (True, True)
    assert alike(folder) != alike(other)
    assert held(take) == {folder: "first", other: "second"}
    if names[0] != "Participant":
        assert "apart" in two[other].note
    again = take({MOODLE.format(*first): text("later")}, JULY)
    assert list(again) == [folder]
    assert held(take) == {folder: "later", other: "second"}


@pytest.mark.parametrize("names", ALIKE.values(), ids=ALIKE)
def test_they_share_none_in_one_collection_either(take, names):
    files = {MOODLE.format(n, k): text(str(k)) for k, n in enumerate(names, 11)}
    assert sorted(held(take).values()) == []
    take(files)
    assert sorted(held(take).values()) == ["11", "12"]
    assert all(f"-{n}" in f for f, n in held(take).items())


@pytest.mark.parametrize("names", list(ALIKE.values())[1:5], ids=list(ALIKE)[1:5])
def test_names_without_numbers_are_apart_too(take, names):
    take({f"{names[0]}/hw.ipynb": text("first")})
    take({f"{names[1]}/hw.ipynb": text("second")}, JUNE)
    assert sorted(held(take).values()) == ["first", "second"]
    take({f"{n}/hw.ipynb": text(f"again {k}") for k, n in enumerate(names)}, JULY)
    assert sorted(held(take).values()) == ["again 0", "again 1"]


def test_blind_marking_gives_each_their_number(take):
    take({MOODLE.format("Participant", 5): text("five")})
    take({MOODLE.format("Participant", 6): text("six")})
    assert held(take) == {"Participant-5": "five", "Participant-6": "six"}
    take({f"anon_{a}_7{n}_hw.ipynb": text(a) for n, a in enumerate(["Ab3x9", "Ab3y9"])})
    take({"LATE_anon_Zz3x9_77_hw.ipynb": text("late")})
    assert {f: t for f, t in held(take).items() if "anon" in f} == {
        "anon-Ab3x9": "Ab3x9", "anon-Ab3y9": "Ab3y9", "anon-Zz3x9": "late"}  # fmt: skip


def test_a_later_attempt_replaces_the_earlier_one_and_says_so(take):
    take({CANVAS.format("lovelaceada", 12, 345): text("may")}, MAY)
    got = take({CANVAS.format("lovelaceada_LATE", 12, 399): text("june")}, JUNE)
    assert got["lovelaceada"].note == f"replaces that of {MAY.isoformat()}"
    assert held(take) == {"lovelaceada": "june"}
    again = take({CANVAS.format("lovelaceada_LATE", 12, 399): text("june")}, JUNE)
    assert (again["lovelaceada"].stored, again["lovelaceada"].note) == (True, "")
    got = take({CANVAS.format("lovelaceada", 12, 345): text("may")}, MAY)
    assert not got["lovelaceada"].stored
    assert held(take) == {"lovelaceada": "june"}


def test_a_new_name_is_no_new_person(take):
    take({CANVAS.format("byronada", 12, 345): text("maiden")}, MAY)
    got = take({CANVAS.format("lovelaceada", 12, 346): text("married")}, JUNE)
    assert held(take) == {"byronada": "married"}
    assert "replaces" in got["byronada"].note


def test_of_several_attempts_the_latest_that_holds_a_notebook(take):
    name = "HW 1_ada_attempt_2026-05-0{}-12-00-00_{}"
    files = {name.format(1, "01-x.ipynb"): text("one"), name.format(2, "new.ipynb"): text("two"),
             name.format(3, "new.ipynb"): "{", name.format(4, "note.pdf"): "x"}  # fmt: skip
    got = take(files)["ada"]
    assert held(take) == {"ada": "two"}
    assert got.stored
    assert "got note.pdf" in got.note


def test_of_several_notebooks_of_the_right_name_it_is_said_which_is_taken(take):
    got = take({"libo_13_1_01-x.ipynb": text("one"), "libo_13_2_01-x-1.ipynb": text("two"),
                "eve_14_3_01-x.ipynb": GOOD, "eve_14_4_scratch.ipynb": GOOD})  # fmt: skip
    assert got["libo"].note == "2 notebooks; taken is libo_13_2_01-x-1.ipynb"
    assert held(take)["libo"] == "two"
    assert got["eve"].note == ""


def test_a_person_has_one_folder_in_all_assignments(take):
    take({CANVAS.format("libo", 13, 1): text("one")})
    take({CANVAS.format("libo", 14, 2): text("other")})
    take({CANVAS.format("libo", 14, 3): text("x"), CANVAS.format("libo", 13, 4): text("y")},
         name="02-y")  # fmt: skip
    folder = {n: f for f, n in held(take).items()}
    assert held(take, "02-y") == {folder["other"]: "x", folder["one"]: "y"}


def test_moodles_numbers_hold_for_one_assignment_and_its_worksheet_beyond(take, tmp_path):
    sheets = []
    for n, numbers in enumerate([(11, 12), (25, 26)]):
        rows = [f"Participant {k},Bo Li,{m}@uni.edu,-" for k, m in zip(numbers, "ab", strict=True)]
        sheets.append(tmp_path / f"sheet{n}.csv")
        sheets[-1].write_text("\ufeffIdentifier,Full name,Email address,Grade\n" + "\n".join(rows))
    take({MOODLE.format("Bo Li", n): text(str(n)) for n in (11, 12)}, more=sheets[:1])
    take({MOODLE.format("Bo Li", n): text(str(n)) for n in (26, 25)}, name="02-y", more=sheets[1:])
    assert held(take) == {"Bo-Li-11": "11", "Bo-Li-12": "12"}
    assert held(take, "02-y") == {"Bo-Li-11": "25", "Bo-Li-12": "26"}
    take({MOODLE.format("Bo Li", 31): text("31")}, name="03-z")  # without: nobody knows who it is
    assert held(take, "03-z") == {"Bo-Li": "31"}
    take({MOODLE.format("Team Blue", 11): text("team")}, name="04-z")  # a group's number
    assert held(take, "04-z") == {"Team-Blue": "team"}


def test_a_worksheet_that_is_none_is_said(take, tmp_path):
    (tmp_path / "sheet.csv").write_text("a,b\n1,2\n")
    got = take({MOODLE.format("Bo Li", 11): GOOD}, more=[tmp_path / "sheet.csv"])
    assert "no grading worksheet" in got[""].reason
    assert got["Bo-Li"].stored


def test_a_folder_put_there_by_hand_is_not_taken_for_a_platforms_person(take):
    path = take.submitted / "Bo-Li" / NAME / f"{NAME}.ipynb"
    path.parent.mkdir(parents=True)
    path.write_text(text("by hand"))
    os.utime(path, (MAY.timestamp(), MAY.timestamp()))
    take({MOODLE.format("Bo Li", 11): text("moodle")}, JUNE)
    assert held(take) == {"Bo-Li": "by hand", "Bo-Li-11": "moodle"}


def test_another_assignments_notebook_in_a_platforms_zip_is_said(take, tmp_path):
    (tmp_path / "solutions" / "02-y").mkdir(parents=True)
    (tmp_path / "solutions" / "02-y" / "02-y.py").touch()
    got = take({"libo_13_1_02-y.ipynb": text("wrong one"), "li_14_2_hw.ipynb": GOOD})
    assert "got 02-y.ipynb" in got["libo"].reason
    assert got["li"].stored


DAMAGED = {
    "cut": lambda t: t[: len(t) // 2],
    "empty": lambda t: "",
    "a list": lambda t: "[]",
    "an entry that is none": lambda t: '{"01-x": {"ada": 7}}',
    "students that are none": lambda t: '{"01-x": ["ada"]}',
    "a value that is none": lambda t: '{"01-x": {"ada": {"received": 7}}}',
    "keys that are none": lambda t: '{"01-x": {"ada": {"who": "canvas 12"}}}',
    "a way out": lambda t: '{"01-x": {"../ada": {}}}',
    "deep": lambda t: "[" * 100_000,
    "no text": lambda t: b"\xff\xfe",
}


@pytest.mark.parametrize("how", DAMAGED.values(), ids=DAMAGED)
def test_a_damaged_ledger_stops_the_collection_and_loses_nothing(take, how):
    take({CANVAS.format("libo", 13, 1): text("one")})
    broken = how((take.submitted / LEDGER).read_text())
    (take.submitted / LEDGER).write_bytes(broken if isinstance(broken, bytes) else broken.encode())
    before = {p: p.read_bytes() for p in take.submitted.rglob("*") if p.is_file()}
    with pytest.raises(CourseError, match="nothing was changed"):
        take({CANVAS.format("libo", 14, 2): text("two")}, JUNE)
    with pytest.raises(CourseError, match="nothing was changed"):
        grade(NAME, root=take.submitted.parent)
    assert before == {p: p.read_bytes() for p in take.submitted.rglob("*") if p.is_file()}


@pytest.mark.parametrize("at", range(6))
def test_a_collection_that_is_killed_goes_on_from_there(take, at, monkeypatch):
    """Wherever a write fails, the next collection gives what one without a failure would."""
    from course.grading.intake import collect as module
    from course.grading.intake import people

    left = [at]
    whole = people.write_whole

    def dies(path, what):
        left[0] -= 1
        if left[0] < 0:
            raise KeyboardInterrupt
        whole(path, what)

    files = {CANVAS.format("libo", n, n + 100): text(str(n)) for n in (13, 14, 15)}
    for place in (module, people):
        monkeypatch.setattr(place, "write_whole", dies)
    with pytest.raises(KeyboardInterrupt):
        take(files)
    monkeypatch.undo()
    assert all(c.stored for c in take(files).values())
    assert held(take) == {f"libo-{n}": str(n) for n in (13, 14, 15)}
    assert list(take.submitted.rglob("*.part")) == []


def test_two_collections_at_one_time_are_refused(take):
    with alone(take.submitted), pytest.raises(CourseError, match="under way"):
        take({CANVAS.format("libo", 14, 2): text("two")})
    assert take({CANVAS.format("libo", 14, 2): text("two")})["libo"].stored


def test_the_ledger_says_who_is_who(take):
    take({CANVAS.format("libo_LATE", 13, 901): GOOD, "eve_14_902_hw.ipynb": "{"})
    noted = ledger(take)[NAME]
    assert noted["libo"]["who"] == ["canvas 13"]
    assert noted["libo"]["given"] == "libo_LATE_13_901_"
    assert (noted["eve"]["number"], noted["eve"]["given"]) == ("14", "eve_14_902_")
    assert "not JSON" in noted["eve"]["reason"]


def test_a_zips_own_times_do_not_count_in_an_archive_of_one_student(take, tmp_path):
    inner = zipped({"a/one.ipynb": GOOD, "b/01-x.ipynb": text("right")}, JULY)
    with zipfile.ZipFile(tmp_path / "in.zip", "w") as archive:
        archive.writestr(zipfile.ZipInfo("libo_13_1_my_work.zip", (2026, 5, 1, 12, 0, 0)), inner)
    got = collect([tmp_path / "in.zip"], NAME, tmp_path)
    assert [(c.student, c.stored) for c in got] == [("libo", True)]
    assert held(take) == {"libo": "right"}


def test_names_that_are_only_signs_get_a_folder_where_there_is_a_number(take):
    take({MOODLE.format("???", 11): text("11"), MOODLE.format("!!!", 12): text("12"),
          MOODLE.format(".Ada", 13): text("13"), ".Ada/hw.ipynb": text("junk")})  # fmt: skip
    assert sorted(held(take).values()) == ["11", "12", "13"]
    assert all(f and not f.startswith(".") for f in held(take))
    assert folder_name("???") == ""
