"""From a source to a notebook: what comes out, and each way that a source can be wrong."""

import ast
import subprocess
import sys

import nbformat
import pytest

from course.paths import ROOT, SOLUTIONS, CourseError, assignments, choose
from course.source import read
from course.weave import exercises, weave

LIBRARY = '''
import torch

from dgm.validate import shapes


@shapes(x="n")
def double(x):
    """Twice x.

    Raises:
        ValueError: from `shapes`.

    Source: arithmetic.
    """
    y = 2 * x
    return y


def helped(x):
    """Uses another name."""
    return torch.abs(double(x))


class Model:
    """A model."""

    def __init__(self):
        self.k = 3

    def encode(self, x):
        """Times k."""
        return self.k * x

    def decode(self, z):
        return z / self.k

    @shapes(x="n")
    def forward(self, x):
        return self.decode(self.encode(x))
'''

SOURCE = """\
# %% [markdown]
# # A title, {points} points
# {launch}

# %% given="setup"
import torch

# %% answer="double"
from dgm.made_up import double  # exercise

# %% check="double" points=1
SEED = 0
g = torch.Generator().manual_seed(SEED)
x = torch.randn(3, generator=g)
assert torch.equal(double(x), x + x), "not twice"

# %% hidden="double" points=2
# Hidden check, 2 points: a larger input.
SEED = 0
x = torch.arange(9) + SEED
assert torch.equal(double(x), x + x)

# %% demo=true
print(double(torch.ones(2)))
"""


@pytest.fixture
def course(tmp_path):
    """A course with one small library and one small assignment; returns a weaver of sources."""
    (tmp_path / "dgm").mkdir()
    (tmp_path / "dgm" / "made_up.py").write_text(LIBRARY)
    path = tmp_path / "solutions" / "77-made-up" / "77-made-up.py"
    path.parent.mkdir(parents=True)

    def weave_text(text):
        path.write_text(text)
        return weave(path, tmp_path)

    return weave_text


def cell(notebook, name):
    return next(c for c in notebook.cells if c.id == name)


def test_answer_is_the_librarys_definition_with_its_body_marked(course):
    assert cell(course(SOURCE), "double").source == (
        'def double(x):\n    """Twice x.\n\n    Source: arithmetic.\n    """\n'
        "    ### BEGIN SOLUTION\n    y = 2 * x\n"
        "    return y\n    ### END SOLUTION"
    )


@pytest.mark.parametrize("more", ["", "\n    More.\n"])
def test_docstring_that_ends_with_what_is_raised_ends_without_an_empty_line(course, tmp_path, more):
    text = LIBRARY.replace("\n    Source: arithmetic.\n", "", 1)
    text = text.replace("Twice x.\n", f"Twice x.\n{more}", 1)
    (tmp_path / "dgm" / "made_up.py").write_text(text)
    left = f"Twice x.\n{more}    " if more else "Twice x."
    woven = cell(course(SOURCE), "double").source
    assert woven.startswith(f'def double(x):\n    """{left}"""\n    ### BEGIN SOLUTION\n')


def test_methods_of_a_class_are_marked_and_the_rest_is_given(course):
    text = SOURCE.replace("import double  # exercise", "import Model  # exercise: encode, decode")
    text = text.replace("double(", "Model().encode(")
    woven = cell(course(text), "double").source
    assert woven.count("### BEGIN SOLUTION") == 2
    assert "self.k = 3" in woven.split("### BEGIN SOLUTION")[0]
    ast.parse(woven)


def test_an_answer_may_be_defined_in_a_subfolder_or_its_init(course, tmp_path):
    whole = cell(course(SOURCE), "double").source
    library = tmp_path / "dgm" / "made_up.py"
    for place in ("room/inner.py", "room/__init__.py"):
        (tmp_path / "dgm" / "room").mkdir(exist_ok=True)
        library = library.rename(tmp_path / "dgm" / place)
        module = f"dgm.{place.removesuffix('.py').removesuffix('/__init__').replace('/', '.')}"
        assert cell(course(SOURCE.replace("dgm.made_up", module)), "double").source == whole


def test_metadata_is_nbgraders(course):
    notebook = course(SOURCE)
    nbformat.validate(notebook)
    check, hidden = (cell(notebook, n).metadata.nbgrader for n in ("double-check", "double-hidden"))
    assert (check.points, hidden.points) == (1, 2)
    assert check.grade
    assert check.locked
    assert not check.solution
    assert check.schema_version == 3
    assert cell(notebook, "double").metadata.nbgrader.solution
    assert cell(notebook, "setup").metadata.nbgrader.locked


def test_text_is_filled_in(course):
    title = course(SOURCE).cells[0].source
    assert "3 points" in title
    assert "blob/main/exercises/77-made-up/77-made-up.ipynb" in title


def test_hidden_check_keeps_its_first_comment_outside_the_markers(course):
    source = cell(course(SOURCE), "double-hidden").source
    assert source.startswith("# Hidden check, 2 points: a larger input.\n### BEGIN HIDDEN TESTS\n")
    assert source.endswith("### END HIDDEN TESTS")


def test_twice_is_byte_for_byte_the_same(course):
    assert nbformat.writes(course(SOURCE)) == nbformat.writes(course(SOURCE))


WRONG = {
    "renamed function": ("import double ", "import doubel ", "has no definition 'doubel'"),
    "no module": ("dgm.made_up import", "dgm.nowhere import", "no module dgm.nowhere"),
    "no method": ("import double  # exercise", "import Model  # exercise: paint", "no method 'paint'"),
    "class without methods": ("import double ", "import Model ", "name its methods"),
    "undefined in the answer": ("import double ", "import helped ", "uses 'double' and never defines"),
    "undefined in a check": ('assert torch.equal(double(x), x + x), "not twice"', "assert sqrt(4)", "'sqrt'"),
    "defined in a demo only": ("# %% demo=true\n", "# %% demo=true\nq = 1\n\n# %%\nprint(q)\n\n# %% demo=true\n", "'q'"),
    "no set-up": ('given="setup"', 'given="start"', 'no cell is `given="setup"`'),
    "duplicate grade id": ('# %% given="setup"', '# %% given="double"', "stands already in cell 2"),
    "answer without a check": ('# %% check="double" points=1', "# %%", "has no check cell"),
    "answer without a hidden check": ('# %% hidden="double" points=2', "# %%", "has no hidden cell"),
    "check without points": ('check="double" points=1', 'check="double"', "needs points"),
    "points of a half": ('check="double" points=1', 'check="double" points=0.5', "whole number"),
    "points on an answer": ('answer="double"', 'answer="double" points=2', "points belong to a check"),
    "check of nothing": ('check="double"', 'check="treble"', "no answer cell of that name"),
    "unknown word": ('answer="double"', 'anwser="double"', "do not know 'anwser'"),
    "two kinds": ('answer="double"', 'answer="double" check="double"', "pick one"),
    "no seed": ("SEED = 0\ng =", "g =", "needs a line `SEED = 0`"),
    "seed not used": ("manual_seed(SEED)", "manual_seed(0)", "never uses it"),
    "no words before a hidden check": ("# Hidden check, 2 points: a larger input.\n", "", "begins with a comment"),
    "answer that is no import": ("from dgm.made_up import double  # exercise", "def double(x): ...", "is an import"),
    "solution given away": ("import torch\n", "import torch\nfrom dgm.made_up import double\n", "imports dgm.made_up:double"),
    "syntax error": ("x = torch.randn(3", "x = = torch.randn(3", "invalid syntax"),
}  # fmt: skip


@pytest.mark.parametrize("case", WRONG)
def test_wrong_source_is_refused_with_file_cell_and_reason(course, case):
    before, after, reason = WRONG[case]
    assert before in SOURCE
    with pytest.raises(CourseError) as problem:
        course(SOURCE.replace(before, after, 1))
    text = str(problem.value)
    assert reason in text
    assert "77-made-up.py, cell " in text


def test_a_body_of_nothing_but_words_is_refused(course, tmp_path):
    (tmp_path / "dgm" / "made_up.py").write_text('def double(x):\n    """Only words."""\n')
    with pytest.raises(CourseError, match="no body to leave out"):
        course(SOURCE)


def test_names_of_assignments_may_be_short():
    first = assignments()[0]
    assert choose([first[:2]]) == [first]
    assert choose([f"exercises/{first}/"]) == [first]
    with pytest.raises(CourseError, match="there are: 01-"):
        choose(["99"])


@pytest.mark.parametrize("name", assignments())
def test_source_runs_as_it_stands(name):
    """The text source is a program: with the library's own definitions all its checks pass."""
    path = SOLUTIONS / name / f"{name}.py"
    run = subprocess.run(
        [sys.executable, path.name], cwd=path.parent, capture_output=True, text=True, timeout=600
    )
    assert run.returncode == 0, run.stderr


@pytest.mark.parametrize("name", assignments())
def test_assignment_asks_for_enough(name):
    """At least five graded functions an assignment, each with a hint or two to unfold."""
    cells = read(ROOT / "solutions" / name / f"{name}.py")
    assert len(exercises(cells)) >= 5
    prose = "\n".join(c.text for c in cells if c.markdown)
    assert prose.count("<summary>Hint") >= 2 * len(exercises(cells))
