"""A class of strangers goes through `nbgrader autograde` once; then each of them is looked at.

One id a submission: `pytest tests/grading/test_hostile.py -k fork-bomb` grades that one alone.
"""

import ast
import os
import re
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import nbformat
import pytest
from hostile import CASES, NAME, SECRET, Case, World, flags, processes, solved

from course.checks import catalogue
from course.grading.records import Record
from course.grading.sandbox.wall import sandbox_problem
from course.paths import ROOT
from course.release import make_exercises
from course.weave import weave
from tests.courses import copy_course

pytestmark = pytest.mark.xdist_group("hostile")  # one worker, one fixture

CELLS = {c.id: c for c in weave(ROOT / "solutions" / NAME / f"{NAME}.py").cells}
POINTS = {
    key: c.metadata.nbgrader.points
    for key, c in CELLS.items()
    if c.metadata.get("nbgrader", {}).get("grade")
}
WHOLE = sum(POINTS.values())
INNOCENT = ("aaron", "zed")  # the first and the last of the class
LIMITS = ("--GuardedAutograde.timeout=12", "--GuardedAutograde.total_timeout=150")


def parameters() -> list:
    """One a submission; `make test` runs the first two of each kind, `make test-all` all."""
    before: Counter[str] = Counter()
    found = []
    for case in CASES.values():
        before[case.item] += 1
        marks = [pytest.mark.slow] if before[case.item] > 2 else []
        found.append(pytest.param(case, id=case.id, marks=marks))
    return found


def hidden_lines() -> tuple[str, ...]:
    """Texts that stand in hidden checks, and nowhere in what students are given."""
    hidden, seen = set(), set()
    for key, cell in CELLS.items():
        texts = hidden if key.endswith("-hidden") else seen
        if cell.cell_type == "code":
            texts |= {line.strip() for line in cell.source.splitlines()}
    for name in catalogue.names(NAME):
        text = (
            catalogue.hidden(catalogue.find(name)).read_text().split('"""')[2]
        )  # the words are shown
        hidden |= {line.strip() for line in text.splitlines()}
    return tuple(line for line in hidden - seen if len(line) > 40 and not line.startswith("#"))


@dataclass
class Graded:
    world: World
    run: subprocess.CompletedProcess[str]

    def score(self, student: str) -> float | None:
        from nbgrader.api import Gradebook, MissingEntry

        with Gradebook(f"sqlite:///{self.world.root}/gradebook.db") as book:
            try:
                return book.find_submission(NAME, student).score
            except MissingEntry:
                return None

    def record(self, student: str) -> Record:
        path = self.world.root / "autograded" / student / NAME / f"{NAME}.ipynb"
        return Record.from_dict(nbformat.read(path, as_version=4).metadata["dgm"])


def make_class(root: Path, outside: Path, cases: list[Case]) -> World:
    """The course in `root` with these submissions and the innocent ones."""
    copy_course(root)
    make_exercises([NAME], root)
    released = nbformat.read(root / "exercises" / NAME / f"{NAME}.ipynb", as_version=4)
    secrets = (SECRET, *hidden_lines())
    world = World(root, outside, released, secrets=secrets)
    for student in INNOCENT:
        path = root / "submitted" / student / NAME / f"{NAME}.ipynb"
        path.parent.mkdir(parents=True)
        nbformat.write(solved(released), path)
    for case in cases:
        case.hand_in(root / "submitted" / case.id, world)
    world.seal()
    return world


@pytest.fixture(scope="module")
def graded(request, tmp_path_factory) -> Iterator[Graded]:
    """The chosen submissions, written, graded once and with their feedback."""
    if problem := sandbox_problem():
        pytest.skip(f"no sandbox here: {problem}")
    chosen = {
        item.callspec.params["case"].id
        for item in request.session.items
        if "case" in getattr(getattr(item, "callspec", None), "params", {})
        and item.module is request.module
    }
    top = tmp_path_factory.mktemp("strangers")
    (top / "course").mkdir()
    cases = [case for case in CASES.values() if case.id in chosen]
    world = make_class(top / "course", top / "outside", cases)
    env = os.environ | {"DGM_COURSE_SECRET": SECRET, "OMP_NUM_THREADS": "1"}
    for command in (["autograde", NAME, *LIMITS], ["generate_feedback", NAME]):
        run = subprocess.run(
            [sys.executable, "-m", "nbgrader", *command], cwd=world.root, env=env,
            stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
        )  # fmt: skip
        if run.returncode:
            break
    yield Graded(world, run)
    world.listener.close()
    for path in world.root.rglob("*"):  # a long notebook and the like: no need to keep it
        if path.is_file() and not path.is_symlink() and path.stat().st_size > 10**8:
            path.unlink()


@pytest.mark.parametrize("case", parameters())
def test_submission(graded, case):
    """The mark that its answers earn, its flags, a reason for what was lost, and nothing reached."""
    assert graded.score(case.id) == case.mark(POINTS), graded.run.stderr[-3000:]
    record = graded.record(case.id)
    assert not flags.missing(case.flags, record.flags), [
        f"{f.kind}: {f.text}" for f in record.flags
    ]
    assert record.received
    assert not record.received.startswith(case.received or "never")
    assert bool(record.reason) == ("ungradable" in case.flags)
    assert set(record.checks) == set(POINTS)
    for key, check in record.checks.items():
        if check.state != "passed":
            assert check.message, f"{key} says no word"
    if case.message:
        lost = [record.checks[f"{a}-{k}"] for a in case.loses for k in ("check", "hidden")]
        assert any(re.search(case.message, check.message) for check in lost), lost
    assert graded.world.reached(case.id) == []


def test_the_run_ends_well(graded):
    assert graded.run.returncode == 0, graded.run.stderr[-3000:]


@pytest.mark.parametrize("student", INNOCENT)
def test_innocent_students_get_it_whole(graded, student):
    assert graded.score(student) == WHOLE
    record = graded.record(student)
    assert not record.reason
    assert record.flags == []
    assert graded.world.shown(student) == []


def test_nobody_is_in_the_gradebook_who_is_not_in_the_class(graded):
    handed_in = {p.name for p in (graded.world.root / "submitted").iterdir()} - {".received.json"}
    assert set(graded.world.query("select id from student")) == handed_in


def test_no_process_is_left(graded):
    deadline = time.monotonic() + 60
    while left := processes(graded.world.run):
        assert time.monotonic() < deadline, left
        time.sleep(0.2)


def test_no_hidden_check_in_any_feedback(graded):
    pages = list((graded.world.root / "feedback").rglob("*.html"))
    assert len(pages) >= len(INNOCENT)
    texts = hidden_lines()
    assert len(texts) > 50
    for page in pages:
        text = page.read_text()
        assert not [t for t in texts if t in text], page


def test_the_corpus_is_large_and_its_sources_are_python():
    assert len(CASES) >= 55
    broken = [c.id for c in CASES.values() if c.source and not readable(c.source)]
    assert broken == ["syntax-error"]


def readable(source: str) -> bool:
    try:
        ast.parse(source.replace("$PORT", "1"))
    except SyntaxError:
        return False
    return True


ITEMS = """\
duplicated cell; metadata stripped; check cell moved; check cell edited; check cell deleted;
check cell turned into Markdown; flag or id changed; old schema;
warnings and progress bars on stderr; a 30 MB line; helper cells added;
helper functions in other cells; wrong file name; Windows line ends; Colab and VS Code metadata;
syntax error; `os._exit`; `sys.exit`; infinite loop; a loop that swallows interrupts; memory bomb;
a kill set off later; disk filled; segmentation fault; GPU asked for where none is;
`skip-execution`; AST and input transformers;
patched `do_execute`, `showtraceback`, custom exception handlers;
`sys.displayhook` of a number, NaN, 1e9; an object equal to everything;
patched `torch.allclose`, `torch.testing`, numpy or builtins; importing the solution;
a module that shadows the package; reading the caller's frames or the notebook for hidden checks;
`gc` and `ctypes` tricks; answers hard-coded for the visible inputs; a seed changed to suit;
writing the gradebook; reading other submissions; links and paths out of the folder; network;
lines for the page alone; an answer left as text; an answer on a wrong one;
fork bomb (no process left); forged time stamps; forged kernel messages; a broken JSON file;
a 2 GB notebook"""


@pytest.mark.parametrize("item", [i.strip() for i in ITEMS.replace("\n", " ").split(";")])
def test_each_promise_has_its_submission(item):
    assert [c.id for c in CASES.values() if c.item == item]
