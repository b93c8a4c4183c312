"""Each definition of `dgm` that a reader may call shows an example, and the example is right."""

import ast
import doctest
import importlib
from functools import cache

import nbformat
import pytest
import torch

from course.definitions import find, module_file
from course.paths import ROOT, assignments
from course.release import released
from course.source import read
from course.weave import DIRECTIVE

COMMANDS = {"dgm.train"}  # whose definitions are those of a command line


@cache
def tree(module: str) -> ast.Module:
    return ast.parse(module_file(module, ROOT).read_text())


def public(module: str) -> dict[str, ast.FunctionDef | ast.ClassDef]:
    """The functions and classes that a module defines for others, by name."""
    nodes = (n for n in tree(module).body if isinstance(n, ast.FunctionDef | ast.ClassDef))
    return {n.name: n for n in nodes if not n.name.startswith("_")}


def names_of(path) -> str:
    return ".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


MODULES = [m for m in map(names_of, sorted((ROOT / "dgm").rglob("*.py"))) if "zoo" not in m]


def examples(node: ast.AST) -> list[tuple[str, str]]:
    """The examples in a definition's docstring: what is typed, and what is said to come."""
    found = doctest.DocTestParser().get_examples(ast.get_docstring(node) or "")
    return [(e.source, e.want) for e in found]


@pytest.mark.parametrize("module", [m for m in MODULES if m not in COMMANDS])
def test_each_public_definition_has_an_example(module):
    assert [name for name, node in public(module).items() if not examples(node)] == []


@pytest.mark.parametrize("seed", [0, 1])
@pytest.mark.parametrize("module", MODULES)
def test_the_examples_are_right(module, seed):
    """With nothing imported but torch, whatever the global seed is; and they leave it alone."""
    loaded = importlib.import_module(module)
    assigned = [t for n in tree(module).body if isinstance(n, ast.Assign) for t in n.targets]
    set_here = {n.id for t in assigned for n in ast.walk(t) if isinstance(n, ast.Name)}
    for name, node in public(module).items():
        torch.manual_seed(seed)
        known = {"torch": torch} | {n: getattr(loaded, n) for n in {*public(module), *set_here}}
        text, file = ast.get_docstring(node) or "", module_file(module, ROOT)
        test = doctest.DocTestParser().get_doctest(text, known, name, str(file), node.lineno)
        try:
            doctest.DebugRunner(verbose=False).run(test)
        except doctest.DocTestFailure as wrong:
            said = wrong.example
            pytest.fail(f"{name}: {said.source}gives {wrong.got}and not {said.want}")
        except doctest.UnexpectedException as raised:
            raise raised.exc_info[1] from raised
        assert (torch.initial_seed(), torch.get_default_dtype()) == (seed, torch.float32), name


def holes(assignment: str) -> list[tuple[str, ast.FunctionDef | ast.ClassDef, list[str]]]:
    """Each hole: the cell's name, the definition in `dgm`, the parts that the student writes."""
    cells = [
        c for c in read(ROOT / f"solutions/{assignment}/{assignment}.py") if c.kind == "answer"
    ]
    found = ((cell, m) for cell in cells for m in DIRECTIVE.finditer(cell.text))
    return [
        (c.grade_id, public(m["module"])[m["name"]], (m["methods"] or "").split(", "))
        for c, m in found
    ]


@pytest.mark.parametrize("assignment", assignments())
def test_a_hole_shows_the_same_example(assignment):
    cells = {c.id: c.source for c in nbformat.read(released(assignment), as_version=4).cells}
    for grade_id, node, _ in holes(assignment):
        (hole,) = find(ast.parse(cells[grade_id]), node.name)
        assert examples(hole) == examples(node), node.name


@pytest.mark.parametrize("assignment", assignments())
def test_no_example_is_an_answer(assignment):
    """Nothing that an example computes is what a solution returns, and no line is a line of one."""
    for _, node, methods in holes(assignment):
        parts = [find(node, m)[-1] for m in methods if m] or [node]
        lines = [n for part in parts for n in ast.walk(part) if isinstance(n, ast.stmt)]
        values = [n.value for n in lines if isinstance(n, ast.Return) and n.value]
        answers = {ast.unparse(n) for n in (*lines, *values) if not isinstance(n, ast.Name)}
        shown = [n for source, _ in examples(node) for n in ast.walk(ast.parse(source))]
        said = {ast.unparse(n) for n in shown if isinstance(n, ast.stmt | ast.expr)}
        assert said & answers == set(), node.name
