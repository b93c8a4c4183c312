"""Finds definitions in Python source by their names."""

import ast
from pathlib import Path


def module_file(module: str, root: Path) -> Path:
    """Where the source of `module` lies, if there is one."""
    stem = root.joinpath(*module.split("."))
    package = stem / "__init__.py"
    return package if package.is_file() else stem.with_suffix(".py")


def find(tree: ast.AST, name: str) -> list:
    """The definitions called `name` (dotted for a method); where there are more, the last one counts."""
    found = [tree]
    for part in name.split("."):
        found = [n for node in found for n in getattr(node, "body", []) if getattr(n, "name", None) == part]  # fmt: skip
    return found


def extent(node: ast.AST) -> tuple[int, int]:
    """The first and the last line of a statement, decorators included; from 1."""
    lines = [node.lineno, *(d.lineno for d in getattr(node, "decorator_list", []))]  # type: ignore[attr-defined]
    return min(lines), node.end_lineno  # type: ignore[attr-defined]
