"""The notebooks beside the chapters say what the chapters say."""

import functools
import json
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest
import yaml
from markdown_it.token import Token

from course import myst, pairs
from course.book import BOOK
from course.paths import ROOT, published
from tests.courses import committed

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text())
PAGE = """---
file_format: mystnb
kernelspec: {{name: python3}}
---
# {title}

```{{code-cell}} python
{code}
```
"""


def test_pairs_are_in_step() -> None:
    wanted = {c.relative_to(BOOK).with_suffix(".ipynb"): c for c in pairs.chapters()}
    here = {
        path: content
        for path, content in committed("book").items()
        if path.suffix == ".ipynb" and path.parts[0] not in ("exercises", "_build")
    }
    assert set(here) == set(wanted)
    stale = [str(p) for p, c in wanted.items() if here[p] != pairs.paired_notebook(c).encode()]
    assert not stale, "`python -m course pairs` writes these again; commit them"


def test_a_chapters_notebook_that_somebody_works_in_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "chapters").mkdir()
    for name in ("kept", "worked-in"):
        page = PAGE.format(title=name, code="1 + 1")
        page = page.replace("{name: python3}", "{name: python3, display_name: Python 3}")
        (tmp_path / "chapters" / f"{name}.md").write_text(page)
    assert len(pairs.write_pairs(tmp_path)) == 2
    mine = tmp_path / "chapters" / "worked-in.ipynb"
    mine.write_text(mine.read_text().replace("1 + 1", "2 + 2"))
    scratch = tmp_path / "chapters" / "scratch.ipynb"
    scratch.write_text("{}")
    for chapter in (tmp_path / "chapters").glob("*.md"):
        chapter.write_text(chapter.read_text() + "\nMore.\n")
    assert [p.name for p in pairs.write_pairs(tmp_path)] == ["kept.ipynb"]
    assert "2 + 2" in mine.read_text()
    assert scratch.exists()
    assert pairs.stale_pairs(tmp_path) == [scratch, mine]
    (tmp_path / "chapters" / "kept.md").unlink()
    pairs.write_pairs(tmp_path)
    assert not (tmp_path / "chapters" / "kept.ipynb").exists(), "its chapter was renamed"


def markdown(notebook: str) -> list[str]:
    """The Markdown cells of a notebook's text."""
    cells = json.loads(notebook)["cells"]
    return ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "markdown"]


@functools.cache
def paired(chapter: Path) -> str:
    return pairs.paired_notebook(chapter)


def tokens(text: str) -> Iterator[Token]:
    """All that MyST's own parser finds in `text`, in directives too."""
    for token in myst.parser().parse(text):
        yield token
        yield from token.children or []
        read = myst.directive(token)
        if read and read[0] not in ("code-cell", "literalinclude", "math"):
            yield from tokens(read[3])


every_chapter = pytest.mark.parametrize("chapter", pairs.chapters(), ids=lambda c: c.stem)


@every_chapter
def test_paired_notebooks_are_plain(chapter: Path) -> None:
    assert paired(chapter) == pairs.paired_notebook(chapter), "the same bytes every time"
    cells = json.loads(paired(chapter))["cells"]
    assert not any(cell.get("outputs") for cell in cells)
    assert [cell["id"] for cell in cells] == [f"cell-{n:03}" for n in range(len(cells))]
    assert CONFIG["repository"]["url"] in "".join(cells[1]["source"]), "Colab needs dgm"
    for cell in cells:
        if "hide-input" in cell["metadata"].get("tags", []):
            assert cell["metadata"]["jupyter"] == {"source_hidden": True}
    assert all(cell.strip() for cell in markdown(paired(chapter)))


@every_chapter
def test_nothing_that_is_mysts_alone_remains(chapter: Path) -> None:
    for cell in markdown(paired(chapter)):
        for token in tokens(cell):
            assert not token.type.startswith(("myst_", "colon_fence", "math_block_label"))
            assert not myst.directive(token)
            assert token.type == "code_inline" or token.type == "fence" or not re.search(
                r"\{[a-z:]+\}`|^:[a-z]+:", token.content, re.M
            )  # fmt: skip
        for name in CONFIG["sphinx"]["config"]["mathjax3_config"]["tex"]["macros"]:
            assert not re.search(rf"\\{name}(?![A-Za-z])", cell), "a macro of the book's own"


@every_chapter
def test_dropdowns_are_folded(chapter: Path) -> None:
    text = chapter.read_text()
    titles = re.findall(r"^[`:]{3,}\{admonition\} (.*)\n:class: dropdown$", text, re.M)
    assert len(titles) == text.count(":class: dropdown")
    cells = "\n".join(markdown(paired(chapter)))
    assert re.findall(r"^<details>\n<summary>(.*)</summary>\n$", cells, re.M) == titles
    assert cells.count("<details") == cells.count("\n\n</details>") == len(titles)
    open_to_all = re.sub(r"<details>.*?</details>", "", cells, flags=re.S)
    for folded in re.findall(r"^````\{admonition\}.*?^````$", text, re.M | re.S):
        for path, name in re.findall(r"\{literalinclude\} (\S+)\n:pyobject: (\S+)", folded):
            first = re.compile(rf"^ *(def|class) {name.rpartition('.')[2]}\b", re.M)
            assert first.search(cells), f"{name} of {path} is shown"
            assert not first.search(open_to_all), f"{name} of {path} is folded"


@every_chapter
def test_citations_and_equations_are_told_as_in_the_book(chapter: Path) -> None:
    told = [t for t in tokens(chapter.read_text()) if t.type == "myst_role"]
    cited = [k for t in told if t.meta["name"].startswith("cite") for k in t.content.split(",")]
    cells = "\n".join(markdown(paired(chapter)))
    entries = myst.bibliography((BOOK / "references.bib").read_text())
    assert not [key for key in cited if key in cells]
    found = Counter(filter(None, (myst.address_of(entries[key]) for key in cited)))
    links = Counter(t.attrs["href"] for t in tokens(cells) if t.type == "link_open")
    assert {at: links[at] for at in found} == found
    for key in cited:
        assert re.search(rf"[\w.] \(?{entries[key].fields['year']}\b", cells), key

    numbers = myst.equation_numbers(pairs.chapters())
    tags = re.findall(r"\\tag\{([^}]+)\}\n\$\$", cells)
    assert tags == [f"{int(chapter.stem[:2])}.{n + 1}" for n in range(len(tags))]
    assert len(tags) == len(re.findall(r"^:label: ", chapter.read_text(), re.M))
    referred = [numbers[t.content] for t in told if t.meta["name"] == "eq"]
    assert [n for n in re.findall(r"\(([\d.]+)\)", cells) if n in numbers.values()] == referred


def test_chapters_are_numbered_by_their_names_as_by_the_table_of_contents() -> None:
    """So that the numbers of equations are the book's."""
    toc = yaml.safe_load((BOOK / "_toc.yml").read_text())
    (numbered,) = [part for part in toc["parts"] if part.get("numbered")]
    names = [Path(entry["file"]).name for entry in numbered["chapters"]]
    assert [int(name[:2]) for name in names] == list(range(1, len(names) + 1))
    assert {c.stem for c in pairs.chapters() if c.parent.name == "chapters"} == set(names)


def test_links_lead_to_pages_of_the_book_and_out() -> None:
    toc = yaml.safe_load((BOOK / "_toc.yml").read_text())
    pages = {toc["root"]} | {e["file"] for part in toc["parts"] for e in part["chapters"]}
    linked = {
        str(token.attrs["href"])
        for chapter in pairs.chapters()
        for cell in markdown(paired(chapter))
        for token in tokens(cell)
        if token.type == "link_open"
    }
    assert not [at for at in linked if not at.startswith(("https:", "http:"))]
    here = re.compile(rf"{re.escape(published())}/(.+)\.html")
    named = {found[1] for at in linked if (found := here.match(at))}
    assert {"chapters/03-vae", "exercises/03-vae/03-vae"} <= named <= pages
