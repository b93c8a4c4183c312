"""MyST becomes Markdown that any notebook shows."""

from pathlib import Path

import pytest

from course import myst
from course.book import BOOK
from course.paths import CourseError, published, repository

BIBTEX = r"""
@article{one, author = {van den Oord, A{\"a}ron}, year = {2017}, url = {https://a.example/1}}
@article{two, author = {Bj{\"o}rck, {\AA}ke and Golub, Gene H.}, year = {1973}, doi = {10.1/x}}
@misc{three, author = {A, B and C, D and E, F}, year = {2001}, howpublished = {\url{https://a.example/3}}}
@book{four, author = {Stevens, Wallace}, year = {1954}}
"""


@pytest.fixture
def page(tmp_path: Path) -> myst.Page:
    (tmp_path / "m.py").write_text("class A:\n    def f(self):\n        return 1\n\n\nx = 2\n")
    return myst.Page(tmp_path / "05-x.md", {"e": "5.1"}, myst.bibliography(BIBTEX))


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("(label)=\n# Title", "# Title"),
        ("{eq}`e`, {term}`two words`, {term}`scores\n<score>`", "(5.1), two words, scores"),
        ("{ref}`see below <label>` and `{eq}`", "see below and `{eq}`"),
        ("{cite:t}`one`", "[van den Oord (2017)](https://a.example/1)"),
        (
            "so {cite:p}`two, three`",
            "so ([Björck and Golub 1973](https://doi.org/10.1/x); [A et al. 2001](https://a.example/3))",
        ),
        ("{cite}`four`", "(Stevens 1954)"),
        ("| {eq}`e` | {eq}`e` |\n|---|---|", "| (5.1) | (5.1) |\n|---|---|"),
        ("```{math}\na\n```", "$$\na\n$$"),
        ("```{math}\n:label: e\n\na\n```", "$$\na\n\\tag{5.1}\n$$"),
        ("$$\na\n$$ (e)", "$$\na\n\\tag{5.1}\n$$"),
        ("- one\n\n  ```{math}\n  a\n  ```", "- one\n\n  $$\n  a\n  $$"),
        ("> ```{math}\n> a\n> ```", "> $$\n> a\n> $$"),
        ("```{literalinclude} m.py\n:pyobject: A.f\n```", "```python\ndef f(self):\n    return 1\n```"),
        (
            2 * "```{literalinclude} m.py\n:pyobject: A\n```\n",
            "```python\nclass A:\n    def f(self):\n        return 1\n\n\n"
            "class A:\n    def f(self):\n        return 1\n```",
        ),
        ("```python\n{eq}`e`\n```", "```python\n{eq}`e`\n```"),
        (
            ":::{admonition} A `b` < c\n:class: dropdown\nas {eq}`e`\n:::",
            "<details>\n<summary>A <code>b</code> &lt; c</summary>\n\nas (5.1)\n\n</details>",
        ),
        (
            "````{tip}\n```{math}\na\n```\n````",
            '<div class="alert alert-info">\n\n**Tip**\n\n$$\na\n$$\n\n</div>',
        ),
        (
            "```{list-table}\n:header-rows: 1\n\n* - A\n  - B\n* - `a|b`\n  - two\n    lines\n```",
            "| A | B |\n|---|---|\n| `a\\|b` | two lines |",
        ),
        ("```{tableofcontents}\n```\nx", "x"),
        ("% a note\nx", "x"),
    ],
)  # fmt: skip
def test_becomes(page: myst.Page, text: str, shown: str) -> None:
    assert myst.plain(text, page) == shown


def test_links_and_pictures_are_whole_addresses() -> None:
    page = myst.Page(BOOK / "chapters" / "05-diffusion.md")
    for text, shown in {
        "[a](03-vae.md)": f"[a]({published()}/chapters/03-vae.html)",
        "{doc}`a <03-vae>`": f"[a]({published()}/chapters/03-vae.html)",
        "[a](../glossary.md#x)": f"[a]({published()}/glossary.html#x)",
        "[a](../exercises/03-vae/03-vae.ipynb)": (
            f"[a]({published()}/exercises/03-vae/03-vae.html)"
        ),
        "[a](../../dgm/vae.py)": f"[a]({repository()}/blob/main/dgm/vae.py)",
        "{repository} {published}": f"{repository()} {published()}",
        "![a](../_static/logo.svg)": f"![a]({repository()}/raw/main/book/_static/logo.svg)",
        "[a](https://b.example)": "[a](https://b.example)",
        "`[a](b.md)`": "`[a](b.md)`",
        '```{figure} ../_static/logo.svg\n:alt: "a"\n\nb\n```': (
            f"![a]({repository()}/raw/main/book/_static/logo.svg)\n\nb"
        ),
    }.items():
        assert myst.plain(text, page) == shown


@pytest.mark.parametrize(
    ("text", "word"),
    [
        ("{eq}`f`", "'f'"),
        ("{cite}`none`", "'none'"),
        ("{ref}`label`", "{ref}"),
        ("{odd}`x`", "{odd}"),
        ("```{odd}\n```", "{odd}"),
        ("```{literalinclude} m.py\n:lines: 1-2\n```", ":lines:"),
        ("```{literalinclude} m.py\n:pyobject: g\n```", "'g'"),
    ],
)
def test_what_there_is_no_rule_for_is_an_error(page: myst.Page, text: str, word: str) -> None:
    with pytest.raises(CourseError, match=r"^05-x\.md: ") as problem:
        myst.plain(text, page)
    assert word in str(problem.value)


def test_labelled_equations_are_counted_chapter_by_chapter(tmp_path: Path) -> None:
    first = "```{math}\nno number\n```\n```{math}\n:label: a\nx\n```\n"
    within = ":::{admonition} A\n```{math}\n:label: b\nx\n```\n:::\n\n- $$\n  x\n  $$ (c)\n"
    code = "```{code-cell} python\n# ```{math}\n# :label: d\n```\n"
    (tmp_path / "09-x.md").write_text(first + within + code)
    (tmp_path / "10-y.md").write_text("```{math}\n:label: e\nx\n```\n")
    numbers = myst.equation_numbers(sorted(tmp_path.glob("*.md")))
    assert numbers == {"a": "9.1", "b": "9.2", "c": "9.3", "e": "10.1"}


def test_macros_are_written_out() -> None:
    text = r"$\E[x] = \KL{q(z \mid x)}{p_{\text{data}}} \Epsilon$"
    assert myst.expand_macros(text) == (
        r"$\operatorname{\mathbb{E}}[x] = "
        r"D_{\mathrm{KL}}\left(q(z \mid x)\,\|\,p_{\text{data}}\right) \Epsilon$"
    )
