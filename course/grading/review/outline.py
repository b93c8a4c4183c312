"""What a notebook says in words of its exercises: titles, purposes, hints, what checks try."""

import ast
import functools
import re
from dataclasses import dataclass, field

import mistune
from markupsafe import Markup, escape
from nbformat import NotebookNode

HEADING = re.compile(r"^#{1,6} +(.+)$", re.M)
FENCE = re.compile(r"^```.*?^```", re.M | re.S)
HINT = re.compile(r"<details>\s*<summary>\s*(Hint[^<]*)</summary>(.*?)</details>", re.S)
WORTH = re.compile(r"^Hidden check, \d+ points?: *")


@dataclass
class Check:
    """A check cell in words."""

    id: str
    hidden: bool
    words: str  # what a hidden one tries: its first comment


@dataclass
class Exercise:
    """A heading, and what stands below it up to the next."""

    title: str
    wanted: list[tuple[str, str]] = field(default_factory=list)  # each answer's name and purpose
    hints: list[tuple[str, Markup]] = field(default_factory=list)
    checks: list[Check] = field(default_factory=list)
    cells: set[str] = field(default_factory=set)  # the ids of all its cells, and their grade ids


def outline(notebook: NotebookNode) -> list[Exercise]:
    """The exercises of a notebook: each heading with graded cells under it, in order."""
    found = [Exercise("The assignment")]
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type == "markdown":
            titles = HEADING.findall(FENCE.sub("", cell.source))
            if titles:
                found.append(Exercise(plain(titles[-1])))
            found[-1].hints += [
                (name.strip(), prose(text)) for name, text in HINT.findall(cell.source)
            ]
        if about.get("solution"):
            found[-1].wanted += purposes(cell.source)
        if about.get("grade"):
            found[-1].checks.append(check_of(about["grade_id"], cell.source))
        found[-1].cells |= {cell.get("id", ""), about.get("grade_id", "")} - {""}
    return [exercise for exercise in found if exercise.checks]


def check_of(name: str, source: str) -> Check:
    lines = source.split("### BEGIN")[0].splitlines()
    comments = len(lines)
    for n, line in enumerate(lines):
        if not line.startswith("#"):
            comments = n
            break
    words = " ".join(line.lstrip("# ") for line in lines[:comments])
    hidden = name.endswith("-hidden") or (bool(words) and comments == len(lines))
    return Check(name, hidden, WORTH.sub("", words) if hidden else "")


def purposes(source: str) -> list[tuple[str, str]]:
    """The name of each function and class in `source`, and its docstring's first line."""
    try:
        nodes = ast.parse(source).body
    except SyntaxError:
        return []
    kinds = (ast.FunctionDef, ast.ClassDef)
    return [
        (node.name, (ast.get_docstring(node) or "").split("\n")[0].replace("`", ""))
        for node in nodes
        if isinstance(node, kinds)
    ]


def title_of(notebook: NotebookNode, otherwise: str) -> str:
    """The notebook's first heading."""
    texts = (FENCE.sub("", c.source) for c in notebook.cells if c.cell_type == "markdown")
    return next((plain(m[1]) for text in texts if (m := HEADING.search(text))), otherwise)


def plain(text: str) -> str:
    """A heading without its Markdown."""
    return re.sub(r"[`*$]", "", text).strip()


class _Words(mistune.HTMLRenderer):
    """Formulas stay TeX, for a page that needs no network has no MathJax."""

    def inline_math(self, text: str) -> str:
        return f"<code>{escape(text)}</code>"

    def block_math(self, text: str) -> str:
        return f"<p><code>{escape(text)}</code></p>\n"

    def image(self, text: str, url: str, title: str | None = None) -> str:
        return text


@functools.lru_cache(maxsize=1000)
def prose(text: str) -> Markup:
    """Markdown of the course's own as HTML; any HTML in it is shown, not obeyed."""
    made = mistune.create_markdown(renderer=_Words(escape=True), plugins=["math"])
    return Markup(made(text.strip()))
