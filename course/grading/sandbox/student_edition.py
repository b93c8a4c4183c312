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
import sys
import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

from course.paths import ROOT, CourseError
from course.source import read
from course.weave import DIRECTIVE

CALL = "__import__('dgm._edition')._edition."
BLANK = "# what this assignment asks you to write"

# Becomes `dgm/_edition.py`, of which nothing is secret.
GUARD = '''\
"""What makes this copy of dgm the student edition of an assignment."""

import functools
import sys
import types

ASKED = {asked}


class UseYourOwn(RuntimeError):
    """A definition that the assignment asks for was called."""


def inside(frame):
    """Whether the code that asks is dgm's own; torch, which calls `forward`, is passed over."""
    while frame is not None:
        name = str(frame.f_globals.get("__name__"))
        package = name.partition(".")[0]
        if package != "torch":
            module = sys.modules.get(name) if package == "dgm" else None
            return module is not None and object.__getattribute__(module, "__dict__") is frame.f_globals
        frame = frame.f_back
    return False


@functools.cache
def stand_in(place):
    """What others get in place of the definition at `place`: a function without a source."""
    name = place.rpartition(".")[2]
    text = f"{{place}} is what this assignment asks you to write; use your own {{name}}"

    def refuse(*args, **kwargs):
        raise UseYourOwn(text)

    refuse.__name__ = refuse.__qualname__ = name
    refuse.__doc__ = text
    refuse.__code__ = refuse.__code__.replace(co_name=name, co_filename="<student edition>")
    return refuse


class Module(types.ModuleType):
    """A module of dgm that looks at who reads its names."""

    def __getattribute__(self, name):
        value = super().__getattribute__(name)
        if name == "__dict__":
            if inside(sys._getframe(1)):
                return value
            return {{key: shown(value["__name__"], key, v) for key, v in value.items()}}
        other = shown(super().__getattribute__("__name__"), name, value)
        return value if other is value or inside(sys._getframe(1)) else other


def shown(module, name, value):
    """The stand-in where `value`, found under `name`, is asked for; else the value."""
    home = f"{{getattr(value, '__module__', '')}}.{{getattr(value, '__qualname__', '')}}"
    place = next((p for p in (f"{{module}}.{{name}}", home) if p in ASKED), None)
    return value if place is None or isinstance(value, type) else stand_in(place)


def guard(name):
    """Called by each module of dgm before all else."""
    if name != "__main__":
        sys.modules[name].__class__ = Module


def method(place):
    """Decorates a method that is asked for."""

    def decorate(real):
        return Method(real, place)

    return decorate


class Method:
    """A method that dgm's own code gets, and nobody else."""

    def __init__(self, real, place):
        self.real, self.place = real, place

    def __get__(self, instance, owner=None):
        if inside(sys._getframe(1)):
            return self.real.__get__(instance, owner)
        return stand_in(self.place)
'''


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
                _module(path.read_text(), name.removesuffix(".__init__"), here, places, left)
            else:
                _link(path, here)
        if left:
            raise CourseError(
                f"{source} does not define {', '.join(sorted(left))}; was it renamed?"
            )
        guard = GUARD.format(asked=f"frozenset({sorted(places)})")
        _write(new / "_edition.py", guard, ast.parse(guard))
        if (target / "dgm").exists():
            os.rename(target / "dgm", Path(part) / "old")
        os.rename(new, target / "dgm")
    return target / "dgm"


def _module(text: str, name: str, here: Path, places: set[str], left: set[str]) -> None:
    """Write one module: its text without what is asked for, its bytecode with it, guarded."""
    tree, lines = ast.parse(text), text.splitlines()
    for node in tree.body:
        of_class = node.body if isinstance(node, ast.ClassDef) else []
        for hole in [node, *of_class]:
            owner = f"{name}.{node.name}" if isinstance(node, ast.ClassDef) else name
            if not isinstance(hole, ast.FunctionDef) or f"{owner}.{hole.name}" not in places:
                continue
            left.discard(f"{owner}.{hole.name}")
            _blank(lines, hole)
            if of_class:
                guarded = f"{CALL}method('{owner}.{hole.name}')"
                hole.decorator_list.insert(0, _expression(guarded))
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
    path.write_text(text)
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
