"""Feedback pages say what was earned and why, give nothing away, and run nothing."""

import base64
import html
import os
import re
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_output
from nbgrader.api import Gradebook

from course.grading.records import Flag
from course.grading.review import feedback
from course.grading.review.outline import outline
from course.paths import ROOT
from course.release import released
from tests import browser
from tests.grading import samples
from tests.grading.samples import NAME, SECRET, graded, record

pytestmark = pytest.mark.xdist_group("feedback")  # one worker, one class

PIXEL = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
ATTACK = "<script>document.title = 'taken'</script><img src=x onerror=\"document.title='taken'\">"
SAID = {
    "gradient-check": ("failed", "the sign is turned: this is the slope of the loss"),
    "gradient-hidden": ("failed", "the sign is turned"),
    "information-check": ("lost", "information() ran longer than 30 s and was stopped"),
    "information-hidden": ("lost", ""),
    "fit-check": ("open", "not answered yet"),
    "fit-hidden": ("open", "not answered yet"),
    "sample_joint-hidden": ("failed", ""),
    "class_statistics-hidden": ("failed", "var"),
}


def hostile():
    """A student who would run code in the reader's browser."""
    noted = record({"sigmoid-check": ("failed", ATTACK)}, flags=[Flag("likeness", "FLAG TEXT")])
    notebook = graded(noted, {"sigmoid": ATTACK + "\ud800"})
    for cell in notebook.cells:
        if cell.id == "sigmoid":
            cell.outputs = [
                new_output(
                    "stream", text=f"\x1b[31m{ATTACK}\x1b[0m 10%\r 20%\u202e" + "x" * 99_999
                ),
                new_output("display_data", {"text/html": ATTACK, "text/plain": "plain words"}),
                new_output("display_data", {"image/svg+xml": f"<svg>{ATTACK}</svg>"}),
                new_output("display_data", {"application/javascript": "document.title = 'taken'"}),
                new_output("display_data", {"image/png": f'{PIXEL}" onerror="x'}),
                new_output(
                    "display_data", {"image/png": base64.b64encode(ATTACK.encode()).decode()}
                ),
                new_output("error", ename="E", evalue=ATTACK, traceback=["my own trace " + ATTACK]),
            ]
    notebook.cells.insert(4, new_markdown_cell(ATTACK + " [x](javascript:alert(1)) my note"))
    return notebook


def plotting():
    """A student with helpers, a picture, a warning; three exercises are not right."""
    notebook = graded(record(SAID, restarts=1))
    helper = new_code_cell("def half(x):\n    return x / 2" + "  # a long remark" * 20)
    helper.outputs = [
        new_output("display_data", {"image/png": PIXEL, "text/plain": "<Figure>"}),
        new_output("stream", name="stderr", text="UserWarning: look out\n"),
    ]
    notebook.cells.insert(5, helper)
    return notebook


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    """The class's folder, after `nbgrader generate_feedback`."""
    root = tmp_path_factory.mktemp("feedback")
    reason = "the file is no notebook: it breaks off at line 3, column 14"
    students = {
        "ada-whole": graded(record()),
        "bao-some": plotting(),
        "cem-late": graded(record(received=samples.late(3))),
        "dia-ungradable": graded(
            record({n: ("open", "") for n in samples.points()}, reason=reason + " " + ATTACK)
        ),
        "eva-hostile": hostile(),
        "fay-no-record": graded(None),
        "gil-corrected": graded(record({"fit-hidden": ("failed", "the slope is not 0")})),
        "hal-odd-record": graded(None),
    }
    students["hal-odd-record"].metadata["dgm"] = {"checks": 3}
    samples.make(root, students)
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        grade = book.find_grade("fit-hidden", NAME, NAME, "gil-corrected")
        grade.manual_score = 1.5
        comment = book.find_comment("fit", NAME, NAME, "gil-corrected")
        comment.manual_comment = f"A fine idea. {ATTACK}"
        book.db.commit()
    (root / "nbgrader_config.py").write_text(
        "c = get_config()\n"
        "c.CourseDirectory.release_directory = 'exercises'\n"
        "c.GenerateFeedback.exporter_class = 'course.grading.review.feedback.FeedbackExporter'\n"
    )
    run = subprocess.run(
        [sys.executable, "-m", "nbgrader", "generate_feedback", NAME],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        capture_output=True,
        text=True,
    )
    assert run.returncode == 0, run.stderr
    return root


def read(root: Path, student: str) -> str:
    return (root / "feedback" / student / NAME / f"{NAME}.html").read_text()


def words(root: Path, student: str) -> str:
    """The page's text, tags taken out."""
    body = re.sub(r"<style>.*?</style>", "", read(root, student), flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


@pytest.mark.parametrize(
    ("student", "score"),
    [("ada-whole", 33), ("bao-some", 19), ("cem-late", 32), ("dia-ungradable", 0),
     ("eva-hostile", 32), ("fay-no-record", 33), ("gil-corrected", 32.5)],
)  # fmt: skip
def test_total(root, student, score):
    assert f"(Score: {score} / 33)" in read(root, student)


def test_each_check_is_told_in_words(root):
    text = words(root, "bao-some")
    for expected in (
        "Exercise 1.3 · Its gradient 0 of 3",
        "Visible check: not passed 0 of 1",
        "Hidden check: not passed 0 of 2",
        "It tries: fewer rows than features, one row, one feature, float32, log-odds of 1000.",
        "Likely mistake: the sign is turned: this is the slope of the loss",
        "It stopped at “var”.",
        "Hint 1 First the residuals, a vector of length n .",
        "Visible check: stopped",
        "What happened: information() ran longer than 30 s and was stopped",
        "Your code stopped Python or ran past the time limit",
        "Visible check: not answered",
        "Exercise 1.10 · Draw from the joint 1 of 3",
        "handed in 13 November 2025, 20:15 UTC",
    ):
        assert expected in text
    assert "Hidden check: passed 2 of 2" in text


def test_hints_only_where_points_are_missing(root):
    assert "Hint 1" not in words(root, "ada-whole")
    assert "Well done" in words(root, "ada-whole")
    assert "Well done" not in words(root, "bao-some")


def test_nothing_of_a_hidden_check_is_shown(root):
    lines = samples.hidden_lines()
    assert len(lines) > 10
    autograded = root / "autograded" / "bao-some" / NAME / f"{NAME}.ipynb"
    sources = "\n".join(c.source for c in nbformat.read(autograded, as_version=4).cells)
    assert all(line in sources for line in lines), "they are there to be given away"
    for page in root.glob("feedback/*/*/*.html"):
        text = html.unescape(page.read_text())
        assert [line for line in lines if line in text] == []
        assert SECRET not in text
        assert "HIDDEN TESTS" not in text


def test_own_cells_are_shown(root):
    page, text = read(root, "bao-some"), words(root, "bao-some")
    assert "def half(x):" in text
    assert "UserWarning: look out" in text
    assert f"data:image/png;base64,{PIXEL}" in page
    assert text.count("What you handed in") == len(samples.points()) / 2


def test_what_a_student_writes_is_only_text(root):
    page = read(root, "eva-hostile")
    assert not re.search(r"<(script|svg|iframe|img src=x)", page)
    assert "javascript:alert" not in re.sub(r">[^<]*<", "><", page)
    assert page.count("<img") == 0, "no output of hers is a PNG picture"
    text = words(root, "eva-hostile")
    assert "plain words" in text
    assert "my own trace" in text
    assert "my note" in text
    assert "cut short" in text
    assert len(page) < 120_000
    assert not re.search(r"[\x1b\u202e\ud800]", page)


def test_flags_are_not_for_students(root):
    assert "FLAG TEXT" not in read(root, "eva-hostile")
    assert "likeness" not in read(root, "eva-hostile")


def test_ungradable_says_why_and_what_to_do(root):
    text = words(root, "dia-ungradable")
    assert "it breaks off at line 3, column 14" in text
    assert "How to hand it in again" in text
    assert f"{NAME}.ipynb" in text
    assert "Hint" not in text


def test_a_grader_is_heard(root):
    text = words(root, "gil-corrected")
    assert "Your teacher writes A fine idea. <script>" in text
    assert "A teacher set these points by hand." in text
    assert "Hidden check: in part 1.5 of 2" in text
    assert "It came late: 1 point taken off." in words(root, "cem-late")


@pytest.mark.parametrize("student", ["fay-no-record", "hal-odd-record"])
def test_without_a_record_the_gradebook_speaks(root, student):
    text = words(root, student)
    assert "Visible check: passed 1 of 1" in text
    assert "Exercise 1.11 · The bridge between the two routes 3 of 3" in text


def test_without_the_released_notebook():
    """Titles and words from the graded one; no hints, which might be anyone's."""
    notebook = graded(record(SAID))
    about = {"student": "x", "assignment": NAME, "notebook": NAME}
    about |= {"score": 19, "max_score": 33, "late_penalty": 0}
    page = html.unescape(feedback.page(notebook, None, about))
    assert "Exercise 1.3 · Its gradient" in page
    assert "fewer rows than features, one row" in page
    assert "Hint 1" not in page
    assert [line for line in samples.hidden_lines() if line in page] == []


@pytest.mark.parametrize(
    ("share", "sign", "says"),
    [(1.0, "passed", ""), (0.5, "in part", "So it earns 1 of 2 points."),
     (0.0, "not passed", "So it earns 0 of 2 points.")],
)  # fmt: skip
def test_what_passes_with_the_courses_own_earlier_answers_says_so(share, sign, says):
    noted = record({"log_likelihood-hidden": ("failed", "not a sum")})
    check = noted.checks["gradient-hidden"]
    check.through, check.share = ["log_likelihood", "sigmoid"], share
    noted.checks["log_likelihood-hidden"].also = "WITH ANOTHER it does not pass either"
    notebook = graded(noted)
    for cell in notebook.cells:
        if cell.id in noted.checks:
            cell.metadata.nbgrader["score"] = noted.checks[cell.id].score
    about = {"student": "x", "assignment": NAME, "notebook": NAME}
    about |= {"score": 20, "max_score": 33, "late_penalty": 0}
    page = feedback.page(notebook, nbformat.read(samples.RELEASED, as_version=4), about)
    text = " ".join(html.unescape(re.sub(r"<[^>]+>", " ", page)).split())
    part = text.split("Exercise 1.3 · Its gradient")[2].split("Exercise 1.4")[0]
    assert f"Hidden check: {sign} {2 * share:g} of 2" in part
    assert "the course's own log_likelihood and sigmoid in place of yours" in part
    assert says in part
    assert "by hand" not in part
    assert text.count("in place of yours") == 1
    assert text.count("WITH ANOTHER it does not pass either") == 1


def test_a_failed_visible_check_tells_its_message_without_a_record():
    notebook = graded(None)
    for cell in notebook.cells:
        if "gradient" in cell.id and cell.metadata.get("nbgrader", {}).get("grade"):
            cell.metadata.nbgrader["score"] = 0
            output = new_output("error", ename="AssertionError", evalue=f"said by {cell.id}")
            cell.outputs = [output]
    said = feedback.verdicts(notebook, None)
    assert said["gradient-check"]["message"] == "said by gradient-check"
    assert said["gradient-hidden"]["message"] == ""


@pytest.mark.parametrize("name", ["01-discriminative-generative", "02-autoencoders", "03-vae"])
def test_outline_of_each_assignment(name):
    found = outline(nbformat.read(released(name), as_version=4))
    numbers = [e.title.split(" · ")[0].removeprefix("Exercise ") for e in found]
    assert [n.removeprefix(f"{int(name[:2])}.") for n in numbers] == [
        str(n + 1) for n in range(len(found))
    ]
    for exercise in found:
        assert [c.hidden for c in exercise.checks] == [False, True]
        assert exercise.checks[1].words
        assert not exercise.checks[1].words.startswith("Hidden")
        assert [name for name, _ in exercise.hints] == ["Hint 1", "Hint 2"]
        assert exercise.wanted[0][1].endswith((".", "^2")), exercise.wanted


def test_pages_are_sound(root, window):
    with browser.opened(window, root / "feedback") as site:
        for student in ("ada-whole", "bao-some", "dia-ungradable", "eva-hostile", "gil-corrected"):
            report = site.visit(f"{student}/{NAME}/{NAME}.html")
            assert {k: getattr(report, k) for k in browser.kinds() if getattr(report, k)} == {}
            assert all("Score" in title for title in report.titles), "no script has run"
