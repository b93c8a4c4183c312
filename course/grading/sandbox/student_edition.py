"""The student edition: a copy of `dgm` that keeps to itself what an assignment asks for.

In it, `dgm.logistic.sigmoid` is for others a stand-in whose call raises `UseYourOwn` and names the
way out; an import alone raises nothing, so an unused line in a helper cell costs nobody. dgm's own
functions reach the real one. How:

- Each `.py` can be read, line for line, with the bodies of what is asked for left blank. Python
  does not run it: beside it lies the bytecode of the original, marked as never to be compared with
  its source (PEP 552). Where bytecode is passed over, importing `dgm` fails and says why.
- Each module refuses by who asks: its class looks at the frame that reads a name. Code whose
  globals are those of a module of dgm gets the real definition, also by way of torch.

What remains possible: whoever goes through `__globals__`, the garbage collector or the bytecode
itself finds the real definition, in this process as in any that can compute with it. The scan of
answers flags such words; nothing of this is proof.
"""

import ast
import importlib.util
import marshal
import os
import re
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from course.definitions import find
from course.paths import ROOT, CourseError
from course.source import read
from course.weave import DIRECTIVE

CALL = "__import__('dgm._edition')._edition."
GUARD = Path(__file__).with_name("guard.py")  # becomes `dgm/_edition.py`
BLANK = "# what this assignment asks you to write"


class Asked(NamedTuple):
    """A definition that an assignment asks for; of a class, some methods."""

    module: str
    name: str
    methods: tuple[str, ...] = ()
    answer: str = ""  # the id of the cell that asks for it

    def places(self) -> list[str]:
        """Their full names, as in `dgm.vae.VAE.encode`."""
        whole = f"{self.module}.{self.name}"
        return [f"{whole}.{method}" for method in self.methods] or [whole]


def asked(assignment: str, root: Path = ROOT) -> list[Asked]:
    """What an assignment asks for, from its answer cells, in their order."""
    cells = read(root / "solutions" / assignment / f"{assignment}.py")
    return [
        Asked(
            m["module"],
            m["name"],
            tuple((m["methods"] or "").split(", ")) if m["methods"] else (),
            c.name or "",
        )
        for c in cells
        if c.kind == "answer"
        for m in DIRECTIVE.finditer(c.text)
    ]


def make(wanted: Iterable[Asked], target: Path, source: Path = ROOT / "dgm") -> Path:
    """Write the student edition of the package at `source` to `target/dgm`, whole or not at all.

    The same input gives the same bytes. It runs under the Python that made it, from any place.
    Data files are hard links where the disk allows: treat the edition as read-only.

    Args:
        wanted: what is asked for, as `asked` gives it.
        target: a folder, the one to put on Python's path; a `dgm` in it is replaced.

    Raises:
        CourseError: if `source` has no such definition.
    """
    places = {place for one in wanted for place in Asked(*one).places()}
    left = set(places)
    target.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=target, prefix=".part-") as part:
        new = Path(part) / "dgm"
        for path in sorted(source.rglob("*")):
            here = new / path.relative_to(source)
            if "__pycache__" in path.parts or not path.is_file():
                continue
            here.parent.mkdir(parents=True, exist_ok=True)
            if path.suffix == ".py":
                name = ".".join(("dgm", *path.relative_to(source).with_suffix("").parts))
                _module(
                    path.read_text(encoding="utf-8"),
                    name.removesuffix(".__init__"),
                    here,
                    places,
                    left,
                )
            else:
                _link(path, here)
        if left:
            raise CourseError(
                f"{source} does not define {', '.join(sorted(left))}; was it renamed?"
            )
        guard = _guard(places)
        _write(new / "_edition.py", guard, ast.parse(guard))
        if (target / "dgm").exists():
            os.rename(target / "dgm", Path(part) / "old")
        os.rename(new, target / "dgm")
    return target / "dgm"


def _module(text: str, name: str, here: Path, places: set[str], left: set[str]) -> None:
    """Write one module: its text without what is asked for, its bytecode with it, guarded."""
    tree, lines = ast.parse(text), text.splitlines()
    for place in sorted(p for p in places if p.startswith(f"{name}.")):
        inside = place.removeprefix(f"{name}.")
        for hole in find(tree, inside):
            if not isinstance(hole, ast.FunctionDef):
                continue
            left.discard(place)
            _blank(lines, hole)
            if "." in inside:  # a method
                hole.decorator_list.insert(0, _expression(f"{CALL}method('{place}')"))
    if here.name == "__init__.py":
        lines += [
            "",
            "raise ImportError(",
            f'    "this student edition of dgm runs from its bytecode, made for {sys.version_info[0]}'
            f'.{sys.version_info[1]}: use that Python, "',
            '    "without -O and PYTHONPYCACHEPREFIX, or make the edition again"',
            ")",
        ]
    first = int(ast.get_docstring(tree) is not None)
    while first < len(tree.body) and getattr(tree.body[first], "module", "") == "__future__":
        first += 1
    tree.body.insert(first, ast.Expr(_expression(f"{CALL}guard(__name__)")))
    _write(here, "\n".join(lines) + "\n", ast.fix_missing_locations(tree))


def _guard(places: set[str]) -> str:
    """The text of `dgm/_edition.py`."""
    line = f"ASKED = frozenset({sorted(places)})"
    text, found = re.subn(
        "^ASKED.*$", lambda _: line, GUARD.read_text(encoding="utf-8"), flags=re.M
    )
    assert found == 1
    return text


def _expression(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def _blank(lines: list[str], hole: ast.FunctionDef) -> None:
    """Empty a definition's body below its docstring; no other line moves."""
    first, last = hole.body[0], hole.body[-1]
    documented = ast.get_docstring(hole) is not None
    start = (first.end_lineno or 0) if documented else first.lineno - 1
    end = last.end_lineno or 0
    kept = " " * first.col_offset if documented else lines[start][: first.col_offset]
    filler = BLANK if documented else f"...  {BLANK}"
    lines[start:end] = [kept + filler] + [""] * (end - start - 1)


def _write(path: Path, text: str, tree: ast.Module) -> None:
    """Write a source and, where Python looks for it first, bytecode that need not agree with it."""
    path.write_text(text, encoding="utf-8")
    code = compile(tree, path.name, "exec", dont_inherit=True, optimize=0)  # its path: at import
    head = importlib.util.MAGIC_NUMBER + (1).to_bytes(4, "little")  # 1: by hash, unchecked
    cached = path.parent / "__pycache__" / f"{path.stem}.{sys.implementation.cache_tag}.pyc"
    cached.parent.mkdir(exist_ok=True)
    cached.write_bytes(head + importlib.util.source_hash(text.encode()) + marshal.dumps(code))


def _link(path: Path, here: Path) -> None:
    try:
        os.link(path, here, follow_symlinks=True)
    except OSError:  # another disk
        here.write_bytes(path.read_bytes())
