"""The notebooks beside the chapters say what the chapters say."""

import json
from pathlib import Path

import yaml

from course import pairs
from course.book import BOOK
from course.paths import ROOT
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


def test_paired_notebooks_are_plain() -> None:
    for chapter in pairs.chapters():
        text = pairs.paired_notebook(chapter)
        assert text == pairs.paired_notebook(chapter), "the same bytes every time"
        cells = json.loads(text)["cells"]
        assert not any(cell.get("outputs") for cell in cells)
        assert len({cell["id"] for cell in cells}) == len(cells)
        assert CONFIG["repository"]["url"] in "".join(cells[1]["source"]), "Colab needs dgm"


def test_markdown_is_made_plain(tmp_path: Path) -> None:
    (tmp_path / "m.py").write_text("class A:\n    def f(self):\n        return 1\n\n\nx = 2\n")
    text = (
        "(label)=\n# Title\n{cite:t}`ng2001discriminative` and {eq}`e`\n\n"
        "```{literalinclude} m.py\n:pyobject: A.f\n```\n\n```{math}\n:label: e\na = b\n```\n"
    )
    assert pairs.plain_markdown(text, tmp_path) == (
        "# Title\n[ng2001discriminative] and (e)\n\n"
        "```python\ndef f(self):\n    return 1\n```\n\n$$\na = b\n$$\n"
    )


def test_macros_are_written_out() -> None:
    text = r"$\E[x] = \KL{q(z \mid x)}{p_{\theta}} \Epsilon$"
    assert pairs.expand_macros(text) == (
        r"$\operatorname{\mathbb{E}}[x] = "
        r"D_{\mathrm{KL}}\left(q(z \mid x)\,\|\,p_{\theta}\right) \Epsilon$"
    )
