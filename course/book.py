"""The book: builds it, and knows what a page's outputs depend on."""

import ast
import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from IPython.core.inputtransformer2 import TransformerManager
from nbformat import NotebookNode

from course.paths import ROOT, CourseError

BOOK = ROOT / "book"
HTML = ROOT / "_build" / "html"

JUPYTER_BOOK = str(Path(sys.executable).with_name("jupyter-book"))

# A new version of one of these may change what a page shows.
LIBRARIES = ("matplotlib", "numpy", "scikit-learn", "torch", "torchvision")


def build(strict: bool = True) -> Path:
    """Build the book and return its front page; with `strict`, a warning is a failure."""
    command = [JUPYTER_BOOK, "build", str(BOOK)]
    if strict:
        command += ["-W", "--keep-going", "-n"]
    if subprocess.run(command, cwd=ROOT).returncode:
        raise CourseError("the book was not built; what is wrong stands above")
    return HTML / "index.html"


# What a page depends on


def digest(notebook: NotebookNode, root: Path = ROOT) -> str:
    """Names the outputs of `notebook`: changes when its code, or anything it imports, changes."""
    cells = [
        [cell.source, cell.metadata.get("tags", [])]
        for cell in notebook.cells
        if cell.cell_type == "code"
    ]
    files = imported_files("\n".join(python(source) for source, _ in cells), root)
    parts = {
        "cells": cells,
        "files": {
            path.relative_to(root).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in files
        },
        "python": sys.version,
        "libraries": {name: version(name) for name in LIBRARIES},
    }
    return hashlib.sha256(json.dumps(parts, sort_keys=True).encode()).hexdigest()[:20]


def imported_files(code: str, root: Path = ROOT) -> list[Path]:
    """The files under `root` that `code` imports, and those that they import, and so on."""
    found: dict[Path, None] = {}
    todo = list(_imports(code))
    while todo:
        name = todo.pop()
        for path, package in _files(name, root):
            if path not in found:
                found[path] = None
                todo += _imports(path.read_text(encoding="utf-8"), package)
    # What is no import, and yet read: stored figures, the figures' style, the weights' cards.
    found |= dict.fromkeys(p for p in (root / "book" / "data").glob("*.json") if p.name in code)
    for style in root.glob("dgm/**/*.mplstyle"):
        if ".".join(style.relative_to(root).with_suffix("").parts) in code:
            found[style] = None
    for module in list(found):  # weights.py reads the cards in weights/
        found |= dict.fromkeys(module.with_suffix("").glob("*.json"))
    return sorted(found)


def _imports(code: str, package: str = "") -> Iterator[str]:
    """The dotted names that `code`, a module of `package`, may import."""
    for node in ast.walk(ast.parse(code)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            parents = package.split(".")[: package.count(".") + 2 - node.level]
            base = ".".join([*(parents if node.level else []), *filter(None, [node.module])])
            yield from (f"{base}.{alias.name}" for alias in node.names)  # a module or a name in it


def _files(name: str, root: Path) -> Iterator[tuple[Path, str]]:
    """The files that importing `name` runs, each with its package: those of its parents too."""
    parts = name.split(".")
    for end in range(1, len(parts) + 1):
        stem = root.joinpath(*parts[:end])
        if (stem / "__init__.py").is_file():
            yield stem / "__init__.py", ".".join(parts[:end])
        elif stem.with_suffix(".py").is_file():
            yield stem.with_suffix(".py"), ".".join(parts[: end - 1])


def python(source: str) -> str:
    """A cell's source as plain Python: its magics become calls."""
    return TransformerManager().transform_cell(source)
