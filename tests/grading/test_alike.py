"""Copied code is found whatever was renamed; what all have, or what was given out, is not copied."""

import random
import re
import shutil

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from course.attempts import texts
from course.grading.review import alike, report
from tests import browser
from tests.grading import samples
from tests.grading.samples import NAME

pytestmark = pytest.mark.xdist_group("feedback")

FIRST = '''\
def fit(X, y, l2=0.0):
    """Newton's method."""
    theta = torch.zeros(X.shape[1], dtype=X.dtype)
    for step in range(50):
        p = torch.sigmoid(X @ theta)
        slope = X.T @ (y - p) - l2 * theta
        weight = (p * (1 - p)).clamp(min=1e-9)
        curve = X.T @ (weight[:, None] * X) + l2 * torch.eye(X.shape[1])
        move = torch.linalg.solve(curve, slope)
        theta = theta + move
        if move.abs().max() < 1e-10:
            break
    return theta[:-1], theta[-1]
'''
OTHER = '''\
def fit(X, y, l2=0.0):
    """Newton's method."""
    theta = torch.zeros(X.size(-1), requires_grad=True)
    optimizer = torch.optim.LBFGS([theta], max_iter=500, line_search_fn="strong_wolfe")

    def closure():
        optimizer.zero_grad()
        loss = -log_posterior(theta, X, y, l2)
        loss.backward()
        return loss

    optimizer.step(closure)
    found = theta.detach()
    return found[:-1], found[-1]
'''
RELEASED = '''\
def fit(X, y, l2=0.0):
    """Newton's method."""
    raise NotImplementedError  # YOUR CODE HERE
'''


def notebook(*sources):
    about = {"grade_id": "fit", "solution": True, "grade": False}
    cells = [new_code_cell(s, metadata={"nbgrader": about}) for s in sources]
    return new_notebook(cells=[new_markdown_cell("# Fit"), new_code_cell("import torch"), *cells])


KNOWN = notebook(RELEASED)


def codes(**answers):
    return {s: alike.code_of(notebook(source), KNOWN) for s, source in answers.items()}


def disguised(source):
    """Other names, other layout, remarks, another docstring: what copyists do."""
    for name in ("theta", "slope", "weight", "curve", "move", "step", "p"):
        source = re.sub(rf"\b{name}\b", f"my_{name}", source)
    source = source.replace("Newton's method.", "I wrote this by myself.")
    return source.replace("\n    ", "\n\n    # a remark\n    ").replace(" + ", "+")


def test_a_disguised_copy_is_found_and_shown_side_by_side():
    found = codes(ada=FIRST, bao=disguised(FIRST), cem=OTHER)
    (pair,) = alike.pairs(found)
    assert pair.students == ("ada", "bao")
    assert pair.share > 0.9
    assert "my_theta" in found["bao"].cells[0][1]
    ((_, left),), ((_, right),) = alike.sides(pair, found)
    for lines, word in ((left, "torch.linalg.solve"), (right, "torch.linalg.solve")):
        assert [same for text, same in lines if word in text] == [True]
    assert [same for text, same in left if "def fit" in text] == [False], "the course's own"


def test_part_of_it_is_found_too():
    """Any run of K + WINDOW - 1 tokens leaves a hash, wherever it stands."""
    run = [f"x{n}.a{n}" for n in range(40)]
    one = "start = 1\n" + " + ".join(run)
    two = "z = [3, 4, 5, 6]\nfor q in z:\n    print(q)\n" + " + ".join(run)
    found = codes(ada=one, bao=two)
    assert len(alike.pairs(found)) == 1


def test_one_copied_answer_among_many_of_their_own_is_found():
    def own(seed):
        dice = random.Random(seed)
        calls = [f"x.a{dice.randrange(999)}(y.b{dice.randrange(999)})" for _ in range(150)]
        return "def own(x, y):\n    return [\n        " + ",\n        ".join(calls) + "]"

    found = {
        student: alike.code_of(notebook(first, own(n)), KNOWN)
        for n, (student, first) in enumerate(
            [("ada", FIRST), ("bao", disguised(FIRST)), ("cem", OTHER), ("dia", own(9))]
        )
    }
    (pair,) = alike.pairs(found)
    assert pair.students == ("ada", "bao")
    assert pair.share < 0.4
    shown = alike.sides(pair, found)
    assert [len(cells) for cells in shown] == [1, 1], "the answers alone"


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    """A class on disk, two of them alike, and four with the course's own answers."""
    root = tmp_path_factory.mktemp("alike")
    evil, noted = "<script>taken()</script>", samples.record()
    students = {
        "ada": samples.graded(noted, {"fit": FIRST}),
        "bao <b>": samples.graded(noted, {"fit": disguised(FIRST) + f"# {evil}"}),
        "cem": samples.graded(noted, {"fit": OTHER}),
    } | {student: samples.graded(noted) for student in ("dia", "eva", "fay", "gil")}
    samples.make(root, students)
    return root


def test_the_page_escapes_and_marks(root, tmp_path):
    page = report.write(NAME, root).read_text()
    assert f'<a href="{NAME}-alike.html">side by side</a>' in page
    assert "1 pair of students has code in common" in page
    alike_page = (root / "reports" / f"{NAME}-alike.html").read_text()
    assert "ada and bao &lt;b&gt;" in alike_page
    assert "It proves nothing." in alike_page
    assert "<script" not in alike_page
    assert "cem" not in alike_page
    left, right = alike_page.split('<div class="sides">')[1].split("<h3>")[1:]
    assert re.search(r"<mark> *move = torch.linalg.solve\(curve, slope\)</mark>", left)
    assert re.search(r"<mark> *my_move = torch.linalg.solve", right)
    assert "<code>fit</code>" in left
    for name in ("exercises", "autograded"):
        shutil.copytree(root / name, tmp_path / name)
    for student in ("bao <b>", "cem"):
        shutil.rmtree(tmp_path / "autograded" / student)
    assert "No two have code in common" in report.write(NAME, tmp_path).read_text()


def test_the_page_is_sound(root, window):
    report.write(NAME, root)
    with browser.opened(window, root) as site:
        found = site.visit(f"reports/{NAME}-alike.html")
        assert {k: getattr(found, k) for k in browser.kinds() if getattr(found, k)} == {}


def test_what_was_released_counts_for_nothing():
    long = RELEASED.replace("    raise", "    a = b.c(d) + e.f(g)\n" * 30 + "    raise")
    known = notebook(long)
    found = {s: alike.code_of(notebook(long + "\n" + end), known) for s, end in (("ada", "x = 1"), ("bao", "y = 2"))}  # fmt: skip
    assert alike.pairs(found) == []
    assert found["ada"].hashes == {}
    assert alike.code_of(KNOWN, KNOWN).cells == ()


def test_what_many_have_is_common_knowledge():
    many = {f"s{n:02}": FIRST for n in range(4)}
    assert alike.pairs(codes(**many)) == []
    three = codes(ada=FIRST, bao=disguised(FIRST), cem=FIRST)
    assert len(alike.pairs(three)) == 3
    crowd = {f"s{n:03}": OTHER for n in range(100)}
    assert len(alike.pairs(codes(**crowd, **{f"t{n}": FIRST for n in range(5)}))) == 10
    assert alike.pairs(codes(**crowd, **{f"t{n}": FIRST for n in range(6)})) == []


@pytest.mark.parametrize(
    "source",
    ["", "def f(:", '"""', "x = (", "  y\n z", "\x00", "1" * 9000, "é = 1", "f'{", "(" * 3000,
     "if x:\n\ty\n        z", "x = 1\\"],
)  # fmt: skip
def test_odd_code_is_read_as_far_as_it_can_be(source):
    found = codes(ada=FIRST + source, bao=FIRST + source)
    assert len(alike.pairs(found)) == 1
    alike.pairs(codes(ada=source, bao=source))


def test_winnowing_keeps_one_of_each_window():
    dice = random.Random(0)
    for _ in range(50):
        hashes = [dice.randrange(9) for _ in range(dice.randrange(1, 60))]
        kept = alike.winnow(hashes)
        for start in range(len(hashes) - alike.WINDOW + 1):
            assert kept & set(range(start, start + alike.WINDOW))
        assert len(kept) <= len(hashes)
    assert alike.winnow([]) == set()


def test_right_answers_by_different_roads_are_not_alike():
    """The course's own right answers, each a student's; of an exercise no two are alike."""
    known = nbformat.read(samples.RELEASED, as_version=4)
    alike_ones, asked = {}, 0
    for exercise, written in texts(NAME).items():
        answers = {name: text for name, text in written.items() if name.startswith("right_")}
        found = {s: alike.code_of(notebook(source), known) for s, source in answers.items()}
        alike_ones[exercise] = [pair.students for pair in alike.pairs(found)]
        asked += len(answers)
    assert asked > 50
    assert {name: two for name, two in alike_ones.items() if two} == {}
