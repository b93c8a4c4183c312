"""Marks and feedback go back by the platform's own numbers, in the forms that it takes."""

import csv
import io
import json
import re
import shutil
import sqlite3
import zipfile

import pytest
from test_collect import text, zipped

from course.grading.intake.collect import collect
from course.grading.intake.receive import LEDGER
from course.grading.review.handback import hand_back
from course.paths import CourseError
from tests.grading import classes, samples
from tests.grading.classes import CAME, LATE, PEOPLE
from tests.grading.samples import NAME

pytestmark = pytest.mark.xdist_group("feedback")


def mark(n):
    """Everybody has another mark: those of the checks after the first few."""
    return sum(list(samples.points().values())[n - 101 :])


def wrong(n):
    return {k: ("failed", "no") for k in list(samples.points())[: n - 101]}


@pytest.fixture(scope="module", params=["moodle", "canvas", "gradescope"])
def graded(request, tmp_path_factory):
    """A class of 12 that came by a platform's zip, graded, with feedback pages."""
    root = tmp_path_factory.mktemp(request.param)
    (root / "class.zip").write_bytes(
        getattr(classes, request.param)({n: text(str(n)) for n in PEOPLE})
    )
    assert all(c.stored for c in collect([root / "class.zip"], NAME, root))
    noted = json.loads((root / "submitted" / LEDGER).read_text())[NAME]
    made = {f: samples.graded(samples.record(wrong(int(e["number"])), received=e["received"]))
            for f, e in noted.items()}  # fmt: skip
    samples.make(root, made)
    for folder, entry in noted.items():
        page = root / "feedback" / folder / NAME / f"{NAME}.html"
        page.parent.mkdir(parents=True)
        page.write_text(f"<p>page of {entry['number']}</p>")
    with sqlite3.connect(root / "gradebook.db") as book:
        book.execute("update submitted_notebook set late_submission_penalty = 0")
    return request.param, root


@pytest.fixture
def root(graded, tmp_path):
    return shutil.copytree(graded[1], tmp_path / "course")


@pytest.fixture
def form(graded):
    return graded[0]


def only(*forms):
    return pytest.mark.parametrize("graded", forms, indirect=True, scope="module")


def table(root, name):
    with open(root / "handback" / NAME / name, encoding="utf-8") as file:
        return list(csv.DictReader(file))


def pages(root, name):
    with zipfile.ZipFile(root / "handback" / NAME / name) as archive:
        return {n: archive.read(n).decode() for n in archive.namelist()}


def whole():
    return sum(samples.points().values())


WRONG = {
    "of another assignment": (lambda: classes.moodle_sheet({7: "Ada Lovelace"}, whole()), "nobody of those"),
    "other points": (lambda: classes.moodle_sheet(most=100), "goes to 100 points"),
    "no column": (lambda: classes.moodle_sheet().replace(",Grade,", ",Bewertung,"), "COLUMN="),
    "of Canvas": (lambda: classes.canvas_sheet(), "sheet.csv is of Canvas"),
    "empty": (lambda: "Identifier,Grade\n", "is empty"),
}  # fmt: skip


@only("moodle")
def test_moodle_takes_marks_by_its_own_numbers(root):
    made, problems = hand_back(NAME, root)
    assert problems == []
    assert [p.name for p in made] == ["moodle-marks.csv", "moodle-feedback.zip"]
    rows = table(root, "moodle-marks.csv")
    assert {int(r["Identifier"].removeprefix("Participant ")): float(r["Grade"]) for r in rows} == {
        n: mark(n) for n in PEOPLE
    }
    assert all(r["Last modified (grade)"] for r in rows)


@only("moodle")
def test_moodle_takes_feedback_by_the_names_of_its_folders(root):
    hand_back(NAME, root)
    found = {}
    for name, page in pages(root, "moodle-feedback.zip").items():
        folder, file = name.split("/")
        who, number, kind, plugin = folder.split("_")  # as `is_valid_filename_for_import` does
        assert (kind, plugin, file) == ("assignsubmission", "file", f"{NAME}.html")
        assert who == PEOPLE[int(number)].replace("'", "")
        found[int(number)] = page
    assert found == {n: f"<p>page of {n}</p>" for n in PEOPLE}


@only("moodle")
def test_moodles_own_sheet_comes_back_with_nothing_but_the_marks_changed(root):
    sheet = root / "sheet.csv"
    more = PEOPLE | {900: "Who Never Came"}
    sheet.write_text(classes.moodle_sheet(more, whole()))
    assert hand_back(NAME, root, sheet)[1] == []
    given = list(csv.DictReader(io.StringIO(sheet.read_text().lstrip("\ufeff"))))
    there = {r["Identifier"]: r for r in given}
    rows = table(root, "moodle-marks.csv")
    assert list(rows[0]) == list(given[0])
    for row in rows:
        n = int(row["Identifier"].split()[1])
        assert row == there[row["Identifier"]] | {"Grade": f"{mark(n):g}"}
    assert len(rows) == 12


@only("moodle")
def test_what_is_not_to_go_back_does_not_and_is_said(root):
    noted = json.loads((root / "submitted" / LEDGER).read_text())[NAME]
    folder = {int(e["number"]): f for f, e in noted.items()}
    path = root / "autograded" / folder[101] / NAME / f"{NAME}.ipynb"
    failed = samples.record({k: ("open", "") for k in samples.points()}, reason="it is broken",
                            received=noted[folder[101]]["received"])  # fmt: skip
    path.write_text(json.dumps(samples.graded(failed)))
    with sqlite3.connect(root / "gradebook.db") as book:
        who = "select n.id from submitted_notebook n join submitted_assignment s on n.assignment_id = s.id where s.student_id = ?"
        book.execute(f"update grade set auto_score = 0 where notebook_id in ({who})", [folder[101]])
    shutil.rmtree(root / "autograded" / folder[102])
    with sqlite3.connect(root / "gradebook.db") as book:
        book.execute("insert into student (id) values ('by-hand')")
        book.execute(
            "update submitted_assignment set student_id = 'by-hand' where student_id = ?",
            [folder[102]],
        )
    made, problems = hand_back(NAME, root)
    said = dict(p.split(": ", 1) for p in problems)
    assert set(said) == {folder[101], folder[102], "by-hand"}
    assert "could not be graded: it is broken" in said[folder[101]]
    assert "not graded yet" in said[folder[102]]
    numbers = {int(r["Identifier"].split()[1]) for r in table(root, "moodle-marks.csv")}
    assert numbers == set(PEOPLE) - {101, 102}
    assert "page of 101" in "".join(pages(root, "moodle-feedback.zip").values())
    assert made


@only("moodle")
@pytest.mark.parametrize("which", WRONG)
def test_a_sheet_that_does_not_fit_stops_it_and_nothing_is_written(root, which):
    hand_back(NAME, root)
    before = {p: p.read_bytes() for p in (root / "handback").rglob("*") if p.is_file()}
    make, words = WRONG[which]
    (root / "sheet.csv").write_text(make())
    with pytest.raises(CourseError, match=words):
        hand_back(NAME, root, root / "sheet.csv")
    assert before == {p: p.read_bytes() for p in (root / "handback").rglob("*") if p.is_file()}


@only("moodle")
def test_a_number_that_is_another_persons_in_the_sheet_gets_no_mark(root):
    """A group's number may be a participant's, too: the name in the sheet tells."""
    sheet = classes.moodle_sheet(PEOPLE | {101: "Eve Else"}, whole())
    (root / "sheet.csv").write_text(sheet)
    _, (problem,) = hand_back(NAME, root, root / "sheet.csv")
    assert "participant 101 is Eve Else in the sheet, and Ada Lovelace in what came" in problem
    assert not any("Participant 101" in r["Identifier"] for r in table(root, "moodle-marks.csv"))
    assert not any("_101_" in name for name in pages(root, "moodle-feedback.zip"))


@only("canvas")
def test_canvas_takes_marks_by_its_own_numbers(root):
    made, problems = hand_back(NAME, root)
    assert problems == []
    assert [p.name for p in made] == ["canvas-marks.csv", "canvas-feedback.zip"]
    rows = table(root, "canvas-marks.csv")
    assert list(rows[0]) == ["Student", "ID", "Section", NAME]
    assert {int(r["ID"]): float(r[NAME]) for r in rows} == {n: mark(n) for n in PEOPLE}


@only("canvas")
def test_canvas_takes_feedback_by_the_numbers_in_the_names(root):
    hand_back(NAME, root)
    found = {}
    for name, page in pages(root, "canvas-feedback.zip").items():
        numbers = [p for p in name.split("_") if re.fullmatch(r"\d+", p)][:2]  # as Canvas does
        assert int(numbers[1]) == int(numbers[0]) + 7000
        assert ("_LATE_" in name) == (int(numbers[0]) in LATE)
        assert name.endswith(".html")
        assert not name.split("_")[-1].startswith("link")
        found[int(numbers[0])] = page
    assert found == {n: f"<p>page of {n}</p>" for n in PEOPLE}


@only("canvas")
@pytest.mark.parametrize("column", [f"{NAME} (4711)", NAME, "Homework 1"])
def test_canvas_gradebook_comes_back_with_the_one_column(root, column):
    sheet = root / "sheet.csv"
    sheet.write_text(classes.canvas_sheet(column, f"{whole():g}"))
    assert hand_back(NAME, root, sheet, column if "Home" in column else "")[1] == []
    first, *rows = table(root, "canvas-marks.csv")
    assert list(first) == ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", column]
    assert (first["Student"].strip(), float(first[column])) == ("Points Possible", whole())
    assert {int(r["ID"]): float(r[column]) for r in rows} == {n: mark(n) for n in PEOPLE}
    assert {r["SIS Login ID"] for r in rows} == {f"u{n}" for n in PEOPLE}


@only("canvas")
def test_a_mark_of_an_earlier_attempt_does_not_go_back(root):
    later = zipped({"lovelaceada_101_7900_new.ipynb": text("later")}, CAME.replace(month=7))
    (root / "later.zip").write_bytes(later)
    (again,) = collect([root / "later.zip"], NAME, root)
    assert "replaces" in again.note
    _, (problem,) = hand_back(NAME, root)
    assert problem.startswith(f"{again.student}: handed in again since it was graded")
    assert {int(r["ID"]) for r in table(root, "canvas-marks.csv")} == set(PEOPLE) - {101}
    assert not any("_101_" in n for n in pages(root, "canvas-feedback.zip"))


@only("canvas")
def test_a_name_is_no_formula(root):
    ledger = root / "submitted" / LEDGER
    noted = json.loads(ledger.read_text())
    for entry in noted[NAME].values():
        entry["name"] = "=HYPERLINK(1)"
    ledger.write_text(json.dumps(noted))
    hand_back(NAME, root)
    assert {r["Student"] for r in table(root, "canvas-marks.csv")} == {"'=HYPERLINK(1)"}


@only("canvas")
def test_someone_anonymous_gets_the_page_and_no_mark(root):
    ledger = root / "submitted" / LEDGER
    noted = json.loads(ledger.read_text())
    folder = next(f for f, e in noted[NAME].items() if e["number"] == "101")
    noted[NAME][folder] |= {"number": "anon-Ab3x9", "given": "anon_Ab3x9_7101_"}
    ledger.write_text(json.dumps(noted))
    _, (problem,) = hand_back(NAME, root)
    assert problem.startswith(f"{folder}: Canvas takes no mark for someone anonymous")
    assert {int(r["ID"]) for r in table(root, "canvas-marks.csv")} == set(PEOPLE) - {101}
    assert f"anon_Ab3x9_7101_{NAME}.html" in pages(root, "canvas-feedback.zip")


@only("canvas")
def test_who_is_not_in_the_sheet_is_said_and_a_spreadsheets_own_sign_between_cells_is_read(root):
    lines = classes.canvas_sheet(NAME, f"{whole():g}").splitlines()
    cells = [next(csv.reader([line])) for line in lines if ",101," not in line]
    (root / "sheet.csv").write_text("\n".join(";".join(row) for row in cells))
    _, (problem,) = hand_back(NAME, root, root / "sheet.csv")
    assert "the sheet has no student with the ID 101" in problem
    rows = table(root, "canvas-marks.csv")[1:]
    assert {int(r["ID"]): float(r[NAME]) for r in rows} == {n: mark(n) for n in PEOPLE if n > 101}


@only("gradescope")
def test_gradescope_is_inbound_only_and_that_is_said(root):
    with pytest.raises(CourseError, match=f"nothing of {NAME} came by Moodle or Canvas"):
        hand_back(NAME, root)
    assert not (root / "handback").exists()


@only("gradescope")
def test_only_what_was_graded_is_exported(graded, tmp_path):
    """A student of the gradebook who handed in nothing has no line, and a comma splits none."""
    from nbgrader.api import Gradebook

    from course.grading.review.grades import GradedExport

    shutil.copy(graded[1] / "gradebook.db", tmp_path)
    with Gradebook(f"sqlite:///{tmp_path / 'gradebook.db'}") as book:
        book.add_student("nobody", first_name="No", last_name="Body")
        book.add_assignment("02-later")
        first = book.students[0].id
        book.find_student(first).last_name = "Lovelace, Countess"
        book.add_submission(NAME, "nobody")  # begun and never graded
        book.db.commit()
        GradedExport(to=str(tmp_path / "grades.csv")).export(book)
    with open(tmp_path / "grades.csv") as file:
        rows = list(csv.DictReader(file))
    noted = json.loads((graded[1] / "submitted" / LEDGER).read_text())[NAME]
    assert {r["student_id"]: float(r["score"]) for r in rows} == {
        f: mark(int(e["number"])) for f, e in noted.items()
    }
    assert {r["last_name"] for r in rows if r["student_id"] == first} == {"Lovelace, Countess"}
    assert all(r["assignment"] == NAME and float(r["max_score"]) == whole() for r in rows)
