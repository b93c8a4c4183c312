"""The class report counts right, escapes what came from students, and can be read."""

import html
import random
import re
import shutil
import time
from pathlib import Path
from urllib.parse import unquote

import pytest
from nbgrader.api import Gradebook

from course.grading.records import Flag
from course.grading.review import marks, report
from course.grading.review.wording import hint, sentence
from course.paths import CourseError
from tests import browser
from tests.grading import samples
from tests.grading.samples import NAME, graded, record

pytestmark = pytest.mark.xdist_group("feedback")

ATTACK = "<script>document.title = 'taken'</script>"
SEEN = "autograd says {}, got {}: is a row left out?"


def the_class() -> dict:
    """Thirty students: ten whole, ten with one mistake, five lost, and some of each other kind."""
    made = {f"a{n:02}": graded(record(seconds=1.0)) for n in range(10)}
    for n in range(10):
        said = {"gradient-check": ("failed", SEEN.format(n / 7, [n, -1e-7])),
                "gradient-hidden": ("failed", "the slope is wrong")}  # fmt: skip
        made[f"b{n:02}"] = graded(record(said, seconds=2.0))
    for n in range(5):
        said = {"fit-check": ("lost", "it ran too long"), "fit-hidden": ("lost", "")}
        made[f"c{n:02}"] = graded(record(said, seconds=40.0, restarts=2, memory=2_000_000_000))
    nothing = {name: ("open", "") for name in samples.points()}
    made["d00"] = graded(record(nothing))
    made["d01"] = graded(record(nothing, reason="no notebook " + ATTACK))
    made["d02 <b>"] = graded(record(flags=[Flag("likeness", "taken by " + ATTACK, "fit")] * 30))
    late = record(received=samples.late(30), flags=[Flag("seed changed", "SEED = 4")])
    late.checks["fit-hidden"].through = ["gradient"]
    late.failed = {f"own-{n:03}": f"NameError: no {ATTACK}" for n in range(9)}
    made["d03"] = graded(late)
    made["d04"] = graded(None)
    return made


@pytest.fixture(scope="module")
def root(tmp_path_factory) -> Path:
    root = tmp_path_factory.mktemp("report")
    samples.make(root, the_class())
    with Gradebook(f"sqlite:///{root / 'gradebook.db'}") as book:
        student = book.find_student("a00")
        student.first_name, student.last_name = "Ada", "<i>Lovelace</i>"
        book.db.commit()
    return root


@pytest.fixture(scope="module")
def page(root) -> str:
    before = (root / "gradebook.db").read_bytes()
    path = report.write(NAME, root)
    assert (root / "gradebook.db").read_bytes() == before
    assert path == root / "reports" / f"{NAME}.html"
    return path.read_text()


def words(page: str) -> str:
    body = re.sub(r"<(style|script)>.*?</\1>", "", page, flags=re.S)
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", body)).split())


def test_figures(page):
    text = words(page)
    for fact in (
        "Submissions 30 ",
        "Median 30 of 33",
        "All points 12 ",  # ten, the flagged one, the one without a record
        "No points 2 ",
        "Ungradable 1 ",
        "Late 1 ",
        "Flagged 2 ",
        "All submissions 4 min",
        "Median of one 2.0 s",
        "Restarts 10 ",
        "Most memory 2.0 GB",
        "Slowest: c00 (40.0 s), c01 (40.0 s)",
    ):
        assert fact in text


def test_hardest_first(page):
    order = re.findall(r'<th scope="row"><code class="name">([\w-]+)</code><br>', page)
    assert order[:4] == ["gradient-check", "gradient-hidden", "fit-check", "fit-hidden"]
    assert len(order) == len(samples.points())
    row = page.split("gradient-check</code><br>")[1].split("</tr>")[0]
    assert "62 %" in row, "18 of 29 that could be graded"
    assert 'data-name="fail">10<' in row
    assert 'data-name="open">1<' in row


def test_mistakes_are_grouped_whatever_their_numbers(page):
    text = words(page)
    assert "10 × autograd says" in text
    assert text.count("autograd says") == 1
    assert "(with other numbers too)" in text
    assert "10 × It stopped at “the slope is wrong”." in text
    assert "5 × it ran too long" in text


def test_flags_reasons_and_late_ones_are_listed(page):
    text = words(page)
    assert "likeness: 30 seed changed: 1" in text
    assert "and 22 more" in text
    assert "d01 no notebook <script>" in text
    assert "d03 16 November 2025, 00:00 UTC 30 h 1 " in text


def test_cells_that_fail_are_listed(root, page):
    text = words(page)
    assert "d03 own-000 : NameError: no <script>" in text
    assert text.count("NameError") == report.FLAGS
    assert "and 1 more" in text
    one = words((root / "reports" / NAME / "d03.html").read_text())
    assert one.count("NameError") == 9
    assert "submissions with cells that fail: 1" in report.summary(NAME, root)


def test_what_passed_with_the_courses_own_is_marked(root, page):
    text = words(page)
    assert text.count("1 pass with the course's own earlier answers") == 1
    assert 'data-value="2">2*</td>' in page
    one = words((root / "reports" / NAME / "d03.html").read_text())
    assert "fit-hidden passed , 2 of 2 (with the course's own gradient)" in one


def test_what_came_from_students_is_escaped(root, page):
    script = (Path(report.__file__).parent / "templates" / "sort.js").read_text()
    assert page.count("<script") == 1
    assert f"<script>{script}</script>" in page
    pages = [page, *(p.read_text() for p in (root / "reports" / NAME).iterdir())]
    assert len(pages) == 31
    assert all("<script" not in other for other in pages[1:])
    for one in pages:
        assert "<i>" not in one
        assert "<b>" not in one
    assert f"{NAME}/d02%20%3Cb%3E.html" in page


def test_links_lead_to_files(root, page):
    links = set(re.findall(r'href="([^"#]+)"', page)) - {"data:,"}
    assert f"{NAME}/a00.html" in links
    assert f"../feedback/a00/{NAME}/{NAME}.html" not in links, "no pages were made"
    assert not [link for link in links if link.endswith(".ipynb")], "a browser only saves it"
    for link in links:
        assert (root / "reports" / unquote(html.unescape(link))).is_file()


def test_a_submission_opens_as_a_page(root, page):
    text = words((root / "reports" / NAME / "b03.html").read_text())
    for expected in (
        f"b03 {report.title_of(samples.woven(), '')} · 30 of 33 · handed in 13 November 2025",
        "gradient-hidden not passed , 0 of 2: It stopped at “the slope is wrong”.",
        "fit-hidden passed , 2 of 2",
        "def gradient(",
    ):
        assert expected in text
    flagged = words((root / "reports" / NAME / "d02 <b>.html").read_text())
    assert "likeness fit : taken by <script>" in flagged
    assert "could not be graded: no notebook <script>" in words(
        (root / "reports" / NAME / "d01.html").read_text()
    )


def test_pages_of_who_is_gone_go(root, page, tmp_path):
    for name in ("exercises", "autograded", "reports"):
        shutil.copytree(root / name, tmp_path / name)
    shutil.rmtree(tmp_path / "autograded" / "a00")
    cut = tmp_path / "autograded" / "a01" / NAME / f"{NAME}.ipynb"
    cut.write_text(cut.read_text()[:1000])
    again = report.write(NAME, tmp_path).read_text()
    left = {p.stem for p in (tmp_path / "reports" / NAME).iterdir()}
    assert {"a00", "a01"} & left == set()
    assert len(left) == 28
    assert "a01" in again
    assert f"{NAME}/a01.html" not in again


LABEL = "This part of the result is not as it should be: “{}”."


@pytest.mark.parametrize(
    ("said", "shown"),
    [("var", LABEL), ("shared variance", LABEL), ("alpha in place of alpha_bar", LABEL),
     ("one number for each of the 3 rows, not one for the batch", LABEL),
     ("a row is left out", "{}"), ("half of it: there is no 1/2 in this formula", "{}"),
     ("Too large.", "{}"), ("your code raised ValueError", "{}"), ("", "{}")],
)  # fmt: skip
def test_a_label_becomes_a_sentence(said, shown):
    assert sentence(said) == shown.format(said)


@pytest.mark.parametrize(
    ("said", "shown"),
    [("var", "It stopped at “{}”."), ("the rows are independent", "It stopped at “{}”."),
     ("your code raised ValueError", "{}"), ("it gave another result than was wanted", "{}")],
)  # fmt: skip
def test_words_of_a_hidden_check_name_where_it_stopped(said, shown):
    assert sentence(said, hidden=True) == shown.format(said)


@pytest.mark.parametrize(
    ("state", "said", "hidden", "shown"),
    [("failed", "the sign is turned", False, "Likely mistake: the sign is turned"),
     ("failed", "Too large.", False, "Too large."),
     ("failed", "t off by one", False, LABEL.format("t off by one")),
     ("failed", "the dtype of x0", True, "It stopped at “the dtype of x0”."),
     ("failed", "your code raised ValueError", True, "What happened: your code raised ValueError"),
     ("lost", "Your code ended", False, "What happened: Your code ended")],
)  # fmt: skip
def test_no_label_is_called_a_likely_mistake(state, said, hidden, shown):
    assert hint({"state": state, "message": said}, hidden) == shown


def test_summary_is_short_and_says_the_same(root):
    text = report.summary(NAME, root)
    lines = text.splitlines()
    assert len(lines) <= 10
    assert lines[0] == f"{NAME}: 30 graded, 1 ungradable, 1 late"
    assert "median 30" in lines[1]
    assert lines[2].startswith("0 ")
    assert "hard: gradient-check, 62% pass" in lines
    assert any(line.startswith("most frequent mistake (10 times): ") for line in lines)
    assert "flags: likeness 30, seed changed 1 (2 students)" in lines


@pytest.mark.parametrize(
    ("scores", "whole", "first", "last", "bars"),
    [([0, 33, 33, 40], 33, ("0–2", 1), ("33", 3), 12),
     ([0, 10], 10, ("0", 1), ("10", 1), 11),
     ([-1, 2.5], 3, ("0", 1), ("3", 0), 4),
     ([100], 100, ("0–9", 0), ("100", 1), 11)],
)  # fmt: skip
def test_bars(scores, whole, first, last, bars):
    found = report.bars(scores, whole)
    assert (found[0], found[-1], len(found)) == (first, last, bars)
    assert sum(count for _, count in found) == len(scores)


def test_without_anything_graded_it_says_what_to_do(tmp_path):
    with pytest.raises(CourseError, match=f"make grade ASSIGNMENT={NAME}"):
        report.write(NAME, tmp_path)


def test_without_a_gradebook_the_notebooks_still_count(root, tmp_path):
    for name in ("exercises", "autograded"):
        (tmp_path / name).symlink_to(root / name)
    assert [row.student for row in marks.rows(NAME, tmp_path)][:2] == ["a00", "a01"]
    assert "Median 30 of 33" in words(report.write(NAME, tmp_path).read_text())


def test_page_is_sound(root, page, window):
    with browser.opened(window, root) as site:
        found = site.visit(f"reports/{NAME}.html")
        assert {k: getattr(found, k) for k in browser.kinds() if getattr(found, k)} == {}
        assert all(title.startswith("Report: ") for title in found.titles)


def test_pages_of_submissions_are_sound(root, page, window):
    with browser.opened(window, root) as site:
        for student in ("b00", "d02 <b>"):
            found = site.visit(f"reports/{NAME}/{student}.html")
            assert {k: getattr(found, k) for k in browser.kinds() if getattr(found, k)} == {}


def test_a_large_class_is_quick_and_small(tmp_path):
    chance = random.Random(0)
    notebooks = {}
    for n in range(300):
        names = chance.sample(sorted(samples.points()), 6)
        said = {name: ("failed", f"got {chance.random()}, " + "wrong " * 40) for name in names}
        flags = [Flag("likeness", "as in another's " * 5, "fit")] * chance.randrange(3)
        notebooks[f"s{n:03}"] = record(said, flags=flags)
    one = graded(record())
    for student, noted in notebooks.items():
        path = tmp_path / "autograded" / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        one.metadata["dgm"] = noted.as_dict()
        path.write_text(samples.json.dumps(one))
    (tmp_path / "exercises" / NAME).mkdir(parents=True)
    (tmp_path / "exercises" / NAME / f"{NAME}.ipynb").write_bytes(samples.RELEASED.read_bytes())
    start = time.process_time()
    page = report.write(NAME, tmp_path)
    assert time.process_time() - start < 10
    assert page.stat().st_size < 1_000_000
