"""The exercises' files: what each holds, and that nothing which a student is given is an answer."""

import ast
import inspect
import itertools
import re
from functools import cache

import nbformat
import pytest

from course.checks import catalogue
from course.checks.engine import alike, kept_apart, problem
from course.checks.exercise import load
from course.paths import ROOT, assignments
from course.release import released
from course.source import read
from course.weave import exercises

FILES = [(path.parent.name, path.stem) for path in sorted(catalogue.HERE.glob("*/*.py"))]
NAMES = [(a, n) for a, n in FILES if not n.endswith("_hidden")]
LONGEST = 3  # lines of a check that a student sees


@pytest.mark.parametrize(("assignment", "name"), NAMES)
def test_file_holds_what_the_course_knows_of_an_exercise(assignment, name):
    exercise = load(name)
    source = ROOT / "solutions" / assignment / f"{assignment}.py"
    asked = [place for places in exercises(read(source)).values() for place in places]
    made = inspect.unwrap(exercise.definition)
    assert f"{made.__module__}:{made.__name__}" in asked
    assert len(exercise.right()) >= 3
    assert len(exercise.mistakes()) >= 8
    assert all(a.words for a in exercise.mistakes())
    assert len(exercise.cases(0)) + len(exercise.cases(0, hidden=True)) >= 2
    text = source.read_text()
    number, heading = (exercise.module.__doc__ or "").strip().removesuffix(".").split(" ", 1)
    before = text[: text.index(f'# %% answer="{name}"')]
    assert re.findall(r"^# ### Exercise (.+)$", before, re.M)[-1] == f"{number} · {heading}"


@pytest.mark.parametrize(("assignment", "name"), NAMES)
def test_no_two_mistakes_agree_under_different_words(assignment, name):
    """Where two did the same in each visible case, a student could be told neither."""
    exercise = load(name)
    cases, seen = exercise.cases(0), {}
    for mistake in exercise.mistakes():
        seen[mistake] = []
        for case in cases:
            with kept_apart(0):
                seen[mistake].append(case.seen(mistake.function))
    for a, b in itertools.combinations(seen, 2):
        if a.words != b.words:
            same = (
                alike(c, x, y, exercise.definition)
                for c, x, y in zip(cases, seen[a], seen[b], strict=True)
            )
            assert not all(same), f"{a.name} and {b.name}"


def test_every_hidden_file_has_its_exercise():
    assert {n.removesuffix("_hidden") for _, n in FILES} == {n for _, n in NAMES}
    assert len(FILES) == 2 * len(NAMES)


@pytest.mark.parametrize("name", assignments())
def test_check_cells_are_calls(name):
    known = catalogue.names(name)
    for cell in nbformat.read(released(name), as_version=4).cells:
        grade_id = cell.metadata.get("nbgrader", {}).get("grade_id", "")
        if cell.metadata.get("nbgrader", {}).get("grade") and grade_id.rpartition("-")[0] in known:
            code = [line for line in cell.source.splitlines() if not line.startswith("#")]
            assert len(code) <= LONGEST, grade_id


@cache
def given(assignment):
    """The trees of the code that a student is given, and the names after it has run."""
    cells = nbformat.read(released(assignment), as_version=4).cells
    code, names = [], {"__name__": "given"}
    for cell in cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "code" and not about.get("solution"):
            code.append(ast.parse(cell.source))
            if about and not about.get("grade"):
                exec(compile(cell.source, cell.id, "exec"), names)
    return code, names


@pytest.mark.slow
@pytest.mark.parametrize(("assignment", "name"), NAMES)
def test_nothing_that_is_given_is_an_answer(assignment, name):
    """Each function, and each expression of the arguments, under the asked name."""
    code, names = given(assignment)
    exercise = load(name)
    if isinstance(exercise.definition, type):
        return
    about = inspect.signature(exercise.definition).parameters.values()
    arguments = [p.name for p in about]
    head = ", ".join(p.name + "=None" * (p.default is not p.empty) for p in about)
    tried = {}
    for tree in code:
        for node in ast.walk(tree):
            if isinstance(node, ast.FunctionDef):
                scope = dict(names)
                exec(compile(ast.Module([node], []), "given", "exec"), scope)
                tried[ast.unparse(node)] = scope[node.name]
            elif isinstance(node, ast.expr):
                used = {n.id for n in ast.walk(node) if isinstance(n, ast.Name)}
                text = ast.unparse(node)
                if used & set(arguments) and used <= {*arguments, *names, *dir(__builtins__)}:
                    tried[text] = f"lambda {head}: {text}"
    for text, answer in tried.items():
        if isinstance(answer, str):
            try:
                answer = eval(answer, dict(names))
            except SyntaxError:
                continue
        try:
            failed, _ = problem(exercise, answer, naming=False)
        except NotImplementedError:
            continue
        assert failed, text
