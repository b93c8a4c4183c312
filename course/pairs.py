"""Pairs chapters with notebooks.

A chapter is a MyST text file. Hosted notebook services cannot open one, so a notebook of the same
name lies beside it, written from it by `write_pairs` and held in step by a test.
"""

from pathlib import Path

import jupytext
import nbformat

from course.book import BOOK
from course.myst import Page, bibliography, equation_numbers, plain
from course.paths import colab_lines, write_whole
from course.stamp import stamp, worked_in


def chapters(book: Path = BOOK) -> list[Path]:
    """The chapters, and other pages, that run code."""
    pages = [*book.glob("chapters/*.md"), *book.glob("*.md")]
    return sorted(p for p in pages if "{code-cell}" in p.read_text(encoding="utf-8"))


def write_pairs(book: Path = BOOK) -> list[Path]:
    """Write the notebook beside each chapter, but over nobody's work; returns those that changed."""
    stale = [path for path in stale_pairs(book) if not worked_in(path)]
    for path in stale:
        chapter = path.with_suffix(".md")
        if chapter.exists():
            write_whole(path, paired_notebook(chapter, book))
        else:
            path.unlink()
    return stale


def stale_pairs(book: Path = BOOK) -> list[Path]:
    """The notebooks beside chapters that are not what their chapter says."""
    wanted = {c.with_suffix(".ipynb"): paired_notebook(c, book) for c in chapters(book)}
    there = set(book.glob("chapters/*.ipynb"))
    wrong = {p for p, text in wanted.items() if not p.is_file() or p.read_bytes() != text.encode()}
    return sorted(wrong | (there - set(wanted)))


def paired_notebook(chapter: Path, book: Path = BOOK) -> str:
    """The text of the notebook for `chapter`: the same bytes every time.

    It holds no outputs: with them the notebooks would be many times as large, and differ at each
    run. Code that the book folds is folded in JupyterLab too.
    """
    bibtex = book / "references.bib"
    sources = bibliography(bibtex.read_text(encoding="utf-8")) if bibtex.is_file() else {}
    page = Page(chapter, equation_numbers(chapters(book)), sources)
    notebook = jupytext.read(chapter, fmt="md:myst")
    notebook.metadata = {
        "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"}
    }
    for cell in notebook.cells:
        if cell.cell_type == "markdown":
            cell.source = plain(cell.source, page)
        elif "hide-input" in cell.metadata.get("tags", []):
            cell.metadata["jupyter"] = {"source_hidden": True}
    notebook.cells.insert(1, nbformat.v4.new_code_cell(colab_lines("book").rstrip()))
    for number, cell in enumerate(notebook.cells):
        cell.id = f"cell-{number:03}"
    notebook.nbformat, notebook.nbformat_minor = 4, 5
    return nbformat.writes(stamp(notebook)) + "\n"
