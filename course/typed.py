"""An answer of the catalogue as a student would have typed it into the cell of its exercise."""

import ast
import functools
import io
import re
import textwrap
import tokenize
from collections.abc import Iterator
from pathlib import Path

from course.checks import catalogue
from course.checks.exercise import Change, Exercise, is_method, load
from course.definitions import extent
from course.paths import ROOT
from course.source import read
from course.weave import DIRECTIVE, definition

OWN = "the_definition"  # what an answer's `definition` is called in a cell


def texts(assignment: str) -> Iterator[tuple[str, str, str]]:
    """Exercise, answer and text of all right and wrong answers of an assignment."""
    for name in catalogue.names(assignment):
        exercise = load(name)
        for answer in [*exercise.right(), *exercise.mistakes()]:
            yield name, answer.name, typed(exercise, answer.name)


def typed(exercise: Exercise, answer: str) -> str:
    """The text of a cell: the answer under the exercise's name, with the imports and helpers it needs."""
    asked = _asked(exercise.assignment)
    module, methods = asked[exercise.name]
    own = {f"{place}:{name}" for name, (place, _) in asked.items()}
    whole = _whole(module, exercise.name, tuple(methods))
    value = vars(exercise.module)[answer]
    if isinstance(value, Change):
        if all(whole.count(old) == 1 for old, _ in value.pairs):
            for old, new in value.pairs:
                whole = whole.replace(old, new)
            return whole
        source = value.text(exercise.definition)  # what is changed is not in the notebook's text
        start = re.search(r"^(def|class) ", source, re.M)
        assert start is not None
        return source[start.start() :]
    lines, found = _read(exercise.path)
    wanted, queue = [], [answer]
    while queue:
        name = queue.pop()
        node = found.get(name)
        if node is None or node in wanted:
            continue
        wanted.append(node)
        queue += [n.id for n in ast.walk(node) if isinstance(n, ast.Name)]
    parts = []
    for node in sorted(wanted, key=lambda n: n.lineno):
        first, last = extent(node)
        text = "\n".join(lines[first - 1 : last])
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            if not (getattr(node, "module", "") or "").startswith("course.checks"):
                kept = [a.name for a in node.names if f"{getattr(node, 'module', '')}:{a.name}" not in own]  # fmt: skip
                parts.append(_import(node, kept))
            continue
        if answer in _defines(node) and methods and is_method(value):
            text = _in_class(whole, methods[0], answer, text)
        parts.append(_renamed(text, {answer: exercise.name, "definition": OWN}))
    if any(isinstance(n, ast.Name) and n.id == "definition" for node in wanted for n in ast.walk(node)):  # fmt: skip
        parts.insert(-1, _renamed(whole, {exercise.name: OWN}))
    return "\n\n".join(p for p in parts if p) + "\n"


@functools.cache
def _asked(assignment: str) -> dict[str, tuple[str, list[str]]]:
    """What an assignment asks for: by name, the module where it lies and its methods."""
    cells = read(ROOT / "solutions" / assignment / f"{assignment}.py")
    return {
        m["name"]: (m["module"], m["methods"].split(", ") if m["methods"] else [])
        for cell in cells
        if cell.kind == "answer"
        for m in DIRECTIVE.finditer(cell.text)
    }


@functools.cache
def _read(path: Path) -> tuple[list[str], dict[str, ast.stmt]]:
    """The lines of an exercise's file, and its statements by the names that they define."""
    text = path.read_text(encoding="utf-8")
    return text.splitlines(), {n: node for node in ast.parse(text).body for n in _defines(node)}


@functools.cache
def _whole(module: str, name: str, methods: tuple[str, ...]) -> str:
    """The course's own definition as a notebook has it."""
    text = definition(module, name, list(methods))
    return text.replace("### BEGIN SOLUTION", "").replace("### END SOLUTION", "")


def _defines(node: ast.stmt) -> list[str]:
    if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
        return [node.name]
    if isinstance(node, (ast.Import, ast.ImportFrom)):
        return [(a.asname or a.name).split(".")[0] for a in node.names]
    if isinstance(node, ast.Assign):
        return [t.id for t in node.targets if isinstance(t, ast.Name)]
    return []


def _import(node: ast.Import | ast.ImportFrom, kept: list[str]) -> str:
    names = [a for a in node.names if a.name in kept and a.asname != "definition"]
    if not names:
        return ""
    return ast.unparse(type(node)(**{**vars(node), "names": names}))


def _in_class(whole: str, method: str, answer: str, text: str) -> str:
    """The class `whole` with `text`, a function called `answer`, in the place of its method."""
    node = next(n for n in ast.walk(ast.parse(whole)) if getattr(n, "name", "") == method)
    first, last = extent(node)
    lines = whole.splitlines()
    text = re.sub(rf"^def {answer}\b", f"def {method}", text, count=1, flags=re.M)
    return "\n".join([*lines[: first - 1], textwrap.indent(text, "    "), *lines[last:]])


def _renamed(text: str, names: dict[str, str]) -> str:
    lines, edits, before = text.splitlines(True), [], ""
    for token in tokenize.generate_tokens(io.StringIO(text + "\n").readline):
        if token.type == tokenize.NAME and token.string in names and before != ".":
            edits.append((token.start, token.end, names[token.string]))
        before = token.string
    for (row, start), (_, end), new in reversed(edits):
        line = lines[row - 1]
        lines[row - 1] = line[:start] + new + line[end:]
    return "".join(lines)
