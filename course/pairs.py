"""Pairs chapters with notebooks.

A chapter is a MyST text file. Hosted notebook services cannot open one, so a notebook of the same
name lies beside it, written from it by `write_pairs` and held in step by a test.
"""

import ast
import functools
import re
import textwrap
from pathlib import Path

import jupytext
import nbformat
import yaml

from course.book import BOOK
from course.definitions import extent, find
from course.paths import ROOT, CourseError, colab_lines, write_whole
from course.stamp import stamp, worked_in


def chapters(book: Path = BOOK) -> list[Path]:
    """The chapters, and other pages, that run code."""
    pages = [*book.glob("chapters/*.md"), *book.glob("*.md")]
    return sorted(p for p in pages if "{code-cell}" in p.read_text())


def write_pairs(book: Path = BOOK) -> list[Path]:
    """Write the notebook beside each chapter, but over nobody's work; returns those that changed."""
    stale = [path for path in stale_pairs(book) if not worked_in(path)]
    for path in stale:
        chapter = path.with_suffix(".md")
        if chapter.exists():
            write_whole(path, paired_notebook(chapter))
        else:
            path.unlink()
    return stale


def stale_pairs(book: Path = BOOK) -> list[Path]:
    """The notebooks beside chapters that are not what their chapter says."""
    wanted = {c.with_suffix(".ipynb"): paired_notebook(c) for c in chapters(book)}
    there = set(book.glob("chapters/*.ipynb"))
    wrong = {p for p, text in wanted.items() if not p.is_file() or p.read_bytes() != text.encode()}
    return sorted(wrong | (there - set(wanted)))


def paired_notebook(chapter: Path) -> str:
    """The text of the notebook for `chapter`: no outputs, and the same bytes every time."""
    notebook = jupytext.read(chapter, fmt="md:myst")
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
    }
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain_markdown(cell.source, chapter.parent)
    notebook.cells.insert(1, nbformat.v4.new_code_cell(colab_lines().rstrip()))
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:03}"
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return nbformat.writes(stamp(notebook)) + "\n"


def plain_markdown(text: str, folder: Path) -> str:
    """Markdown that any notebook shows well, from MyST: code and macros in full, no labels."""

    def included(match: re.Match) -> str:
        path = (folder / match["path"].strip()).resolve()
        name = re.search(r"^:pyobject: (\S+)$", match["options"], re.M)
        code = definition(path, name[1]) if name else path.read_text()
        return f"```python\n{code.rstrip()}\n```"

    fence = r"^```\{literalinclude\} (?P<path>[^\n]+)\n(?P<options>(?::[^\n]*\n)*)```$"
    text = re.sub(fence, included, text, flags=re.M)
    text = re.sub(r"^```\{math\}\n(?::[^\n]*\n)*(.*?)```$", r"$$\n\1$$", text, flags=re.M | re.S)
    text = re.sub(
        r"^(:{3,})\{\w+\} ?(.*)\n(?::[^\n]*\n)*(.*?)^\1$", r"**\2**\n\3", text, flags=re.M | re.S
    )
    text = re.sub(r"^\([\w:-]+\)=\n", "", text, flags=re.M)
    text = re.sub(r"\{cite(?::\w+)?\}`([^`]+)`", r"[\1]", text)
    text = re.sub(r"\{eq\}`([^`]+)`", r"(\1)", text)
    text = re.sub(r"\{(?:ref|term|numref|prf:ref)\}`([^`<]+?)(?: <[^>`]*>)?`", r"\1", text)
    return expand_macros(text)


def expand_macros(text: str) -> str:
    """`text` with the book's own TeX macros written out."""
    argument = r"\s*\{((?:[^{}]|\{[^{}]*\})*)\}"
    for name, (body, *count) in macros().items():

        def expansion(match: re.Match, body: str = body) -> str:
            return re.sub(r"#(\d)", lambda hole: match[int(hole[1])], body)

        arguments = argument * (count[0] if count else 0)
        text = re.sub(rf"\\{name}(?![A-Za-z]){arguments}", expansion, text)
    return text


@functools.cache
def macros() -> dict[str, list]:
    """The TeX macros of `_config.yml`: name to body and, if there are any, number of arguments."""
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    return config["sphinx"]["config"]["mathjax3_config"]["tex"]["macros"]


def definition(path: Path, name: str) -> str:
    """The source of the function, class or method `name` (dotted for a method) in `path`."""
    source = path.read_text()
    found = find(ast.parse(source), name)
    if not found:
        raise CourseError(f"{path.name} defines no {name!r}")
    first, last = extent(found[-1])
    return textwrap.dedent("\n".join(source.splitlines()[first - 1 : last]))
