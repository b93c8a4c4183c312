"""What a notebook imports is there on a hosted service, once its first cell has run."""

import ast
import functools
import json
import re
import sys
import tomllib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, packages_distributions, requires

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from course import book
from course.paths import ROOT, repository
from tests.courses import committed

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
OURS = {"course", "dgm"}
KERNEL = {"IPython"}  # no notebook without it
NOTEBOOKS = {
    f"{place}/{path}": content
    for place in ("book", "exercises")
    for path, content in committed(place).items()
    if path.suffix == ".ipynb"
}


def code_cells(notebook: str) -> list[str]:
    cells = json.loads(NOTEBOOKS[notebook])["cells"]
    return [book.python("".join(c["source"])) for c in cells if c["cell_type"] == "code"]


def wish(first: str) -> Requirement:
    """What the first cell has pip install."""
    strings = [n.value for n in ast.walk(ast.parse(first)) if isinstance(n, ast.Constant)]
    (address,) = [s for s in strings if isinstance(s, str) and "git+" in s]
    return Requirement(address if "@" in address else f"dgm @ {address}")


@functools.cache
def installed(extras: frozenset[str]) -> set[str]:
    """The distributions that come with the course's package, theirs with them."""
    asked = [*PROJECT["dependencies"]]
    for extra in extras:
        asked += PROJECT["optional-dependencies"][extra]
    found, todo = set(), [Requirement(r) for r in asked]
    while todo:
        wanted = todo.pop()
        name = canonicalize_name(wanted.name)
        if name in found or (wanted.marker and not wanted.marker.evaluate({"extra": ""})):
            continue
        found.add(name)
        with suppress(PackageNotFoundError):  # another build of torch's, say
            todo += [Requirement(r) for r in requires(name) or []]
    return found


distributions = functools.cache(packages_distributions)


def absent(modules: Iterable[str], there: set[str]) -> list[str]:
    """Those of `modules` that none of the distributions `there` brings."""
    known = distributions()
    return sorted(
        m
        for m in set(modules) - OURS - KERNEL - sys.stdlib_module_names
        if not there & {canonicalize_name(d) for d in known.get(m, [])}
    )


def imported(tree: ast.AST, inner: bool) -> Iterator[str]:
    """The top-level modules that a piece of code imports; with `inner`, inside functions too."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.Import):
            yield from (alias.name.partition(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and not node.level:
            yield str(node.module).partition(".")[0]
        elif inner or not isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield from imported(node, inner)


def test_both_kinds_of_notebook_are_there() -> None:
    assert len([n for n in NOTEBOOKS if n.startswith("book/chapters/")]) >= 9
    assert len([n for n in NOTEBOOKS if n.startswith("exercises/")]) >= 9


@pytest.mark.parametrize("notebook", NOTEBOOKS)
def test_the_first_cell_installs_what_the_notebook_imports(notebook: str) -> None:
    first, *others = code_cells(notebook)
    asked = wish(first)
    assert asked.name == PROJECT["name"]
    assert asked.url == f"git+{repository()}"
    there = installed(frozenset(asked.extras))
    code = "\n".join(others)
    tried_first = set(re.findall(r"find_spec\(\"(\w+)\"\)", code))  # used only where it is found
    assert absent(set(imported(ast.parse(code), inner=True)) - tried_first, there) == []
    for path in book.imported_files(code):
        modules = imported(ast.parse(path.read_text()), inner=False)
        assert absent(modules, there) == [], f"{path.relative_to(ROOT)} is imported"


def test_what_is_not_installed_is_noticed() -> None:
    base = installed(frozenset())
    assert absent(["json", "torch", "scipy", "dgm"], base) == []
    unknown = ["imageio_ffmpeg", "nbgrader", "no_such_module"]
    assert absent(unknown, base) == unknown
    assert absent(["imageio_ffmpeg"], installed(frozenset({"book"}))) == []
