"""Files are short, and imports point one way: no circle of modules, none of rooms."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

from course.paths import ROOT

LONGEST = 299  # lines a file
PACKAGES = ("course", "dgm")
EXERCISES = ROOT / "course" / "checks"  # whose files hold all that people answer

Graph = dict[str, set[str]]


def modules(root: Path, package: str) -> dict[str, Path]:
    """The files of a package by the modules' full names; a room's `__init__` has the room's name."""
    return {
        ".".join(p.relative_to(root).with_suffix("").parts).removesuffix(".__init__"): p
        for p in sorted((root / package).rglob("*.py"))
    }


def imported(name: str, path: Path, known: dict[str, Path]) -> Iterator[str]:
    """The known modules that a module imports, wherever in it that is written."""
    room = name if path.name == "__init__.py" else name.rpartition(".")[0]
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = room.split(".")[: room.count(".") + 2 - node.level] if node.level else []
            base = ".".join([*above, *filter(None, [node.module])])
            names = [f"{base}.{alias.name}" for alias in node.names]
            found = [n if n in known else base for n in names]  # a module, or a name in one
        else:
            continue
        yield from (n for n in found if n in known and n != name)


def graph(root: Path, package: str) -> Graph:
    """Each module of a package with those of the same package that it imports."""
    known = modules(root, package)
    return {name: set(imported(name, path, known)) for name, path in known.items()}


def rooms(imports: Graph) -> dict[str, Graph]:
    """For each room what is in it, modules and rooms, with what of the same room these import."""
    found: dict[str, Graph] = {}
    for name, others in imports.items():
        for other in others:
            mine, theirs = name.split("."), other.split(".")
            depth = next((i for i, (a, b) in enumerate(zip(mine, theirs)) if a != b), 0)  # noqa: B905
            if depth:  # else one is the other's room, and stands for itself
                inside = found.setdefault(".".join(mine[:depth]), {})
                inside.setdefault(mine[depth], set()).add(theirs[depth])
    return found


def circle(imports: Graph) -> list[str]:
    """The modules of a circle, if there is one."""
    try:
        TopologicalSorter(imports).prepare()
    except CycleError as problem:
        return problem.args[1]
    return []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_modules_import_each_other_in_a_circle(package):
    assert circle(graph(ROOT, package)) == []


@pytest.mark.parametrize("package", PACKAGES)
def test_imports_between_rooms_point_downward(package):
    """Also between a room and the modules beside it: what is imported never imports back."""
    found = rooms(graph(ROOT, package))
    assert package in found
    assert {room: c for room, inside in found.items() if (c := circle(inside))} == {}


@pytest.mark.parametrize("package", PACKAGES)
def test_files_are_short(package):
    files = modules(ROOT, package).values()
    length = {p: len(p.read_text().splitlines()) for p in files if p.parent.parent != EXERCISES}
    assert {str(p.relative_to(ROOT)): n for p, n in length.items() if n > LONGEST} == {}


def test_dgm_knows_nothing_of_the_course():
    known = modules(ROOT, "course")
    for name, path in modules(ROOT, "dgm").items():
        assert list(imported(name, path, known)) == []


def test_what_lies_behind_the_wall_needs_nothing_else_of_the_course():
    from course.grading.sandbox.zygote import INSIDE

    known = modules(ROOT, "course")
    inside = {name for name, path in known.items() if path in INSIDE}
    assert len(inside) == len(INSIDE)
    needed = {other for name in inside for other in imported(name, known[name], known)}
    assert needed - inside == set()


TOY = {
    "a/__init__.py": "",
    "a/top.py": "from a.low import deep\nimport a.side",
    "a/side.py": "",
    "a/low/__init__.py": "from .deep import f",
    "a/low/deep.py": "def f():\n    from ..side import x",
}


@pytest.mark.parametrize(
    ("path", "text", "of_modules", "of_rooms"),
    [
        ("a/side.py", "", False, set()),
        ("a/side.py", "from a import top", True, {"a"}),
        ("a/side.py", "def g():\n    import a.low.deep", True, {"a"}),
        ("a/low/deep.py", "from a.low import f", True, set()),  # with its own room's `__init__`
        ("a/low/other.py", "import a.top", False, {"a"}),  # of rooms alone
        ("a/low/other.py", "from a.low import deep", False, set()),
    ],
)
def test_a_circle_is_found(tmp_path, path, text, of_modules, of_rooms):
    for name, source in {**TOY, path: text}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(source)
    imports = graph(tmp_path, "a")
    assert bool(circle(imports)) == of_modules
    assert {room for room, inside in rooms(imports).items() if circle(inside)} == of_rooms


def test_nobody_waits_for_grammars_of_addresses():
    code = "import sys, course, nbformat.validator; sys.exit('lark' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
