"""The book builds without a warning, runs only what is stale, and its pages are sound."""

import json
import os
import re
import resource
import subprocess
from pathlib import Path

import pytest
import yaml

from course import book, paper
from course.paths import ROOT, published
from course.release import released
from tests import browser

pytestmark = pytest.mark.xdist_group("book")  # one worker, one build

CONFIG = yaml.safe_load((ROOT / "_config.yml").read_text())
TOC = yaml.safe_load((ROOT / "book" / "_toc.yml").read_text())
PAGES = [f"{TOC['root']}.html"] + [
    f"{entry['file']}.html" for part in TOC["parts"] for entry in part["chapters"]
]


# What a page depends on


@pytest.fixture
def package(tmp_path: Path) -> Path:
    """A root with a package `toy`: `a` alone, `c` used by `b`."""
    toy = tmp_path / "toy"
    toy.mkdir()
    (toy / "__init__.py").write_text("")
    (toy / "a.py").write_text("def one():\n    return 1\n")
    (toy / "b.py").write_text("from .c import three\n\n\ndef two():\n    return three() - 1\n")
    (toy / "c.py").write_text("def three():\n    return 3\n")
    return tmp_path


@pytest.mark.parametrize(
    ("code", "names"),
    [
        ("from toy.a import one", ["__init__", "a"]),
        ("import toy.b as b", ["__init__", "b", "c"]),
        ("from toy import b", ["__init__", "b", "c"]),
        ("def later():\n    from toy import a, c", ["__init__", "a", "c"]),
        ("import toy", ["__init__"]),
        ("import numpy", []),
    ],
)
def test_imports_are_followed(package: Path, code: str, names: list[str]) -> None:
    assert [p.stem for p in book.imported_files(code, package)] == names


def test_magics_are_no_obstacle(package: Path) -> None:
    code = book.python("%matplotlib inline\nfrom toy.a import one")
    assert [p.stem for p in book.imported_files(code, package)] == ["__init__", "a"]


PAGE = """---
file_format: mystnb
kernelspec: {{name: python3}}
---
# {title}

```{{code-cell}} python
{code}
```
"""


@pytest.fixture
def small_book(package: Path) -> Path:
    """A book of two pages that import different modules, and one that shows a module's code."""
    pages = package / "book"
    pages.mkdir()
    (pages / "index.md").write_text("# Front\n")
    write_page(pages, "uses-a", "from toy.a import one\nprint(one())")
    write_page(pages, "uses-b", "from toy.b import two\nprint(two())")
    write_page(pages, "shows-c", "print('alone')")
    with (pages / "shows-c.md").open("a") as page:
        page.write("\n```{literalinclude} ../toy/c.py\n```\n")
    entries = [{"file": name} for name in ("uses-a", "uses-b", "shows-c")]
    toc = {"format": "jb-book", "root": "index", "chapters": entries}
    (pages / "_toc.yml").write_text(json.dumps(toc))
    extension = {"executed_pages": str(ROOT / "book" / "_ext")}
    config = {"execute": CONFIG["execute"], "sphinx": {"local_extensions": extension}}
    (package / "_config.yml").write_text(json.dumps(config))
    return package


def write_page(pages: Path, name: str, code: str) -> None:
    (pages / f"{name}.md").write_text(PAGE.format(title=name, code=code))


def build_small(root: Path, status: int = 0) -> str:
    done = subprocess.run(
        [book.JUPYTER_BOOK, "build", "book", "-W", "--keep-going", "-n"],
        cwd=root,
        env=os.environ | {"PYTHONPATH": str(root), "NO_COLOR": "1"},
        text=True,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
    )
    assert done.returncode == status, done.stdout
    return done.stdout


def executed(output: str) -> set[str]:
    return set(re.findall(r"^executing \[\d+/\d+\] (\S+) took", output, re.M))


def test_exactly_the_stale_pages_run(small_book: Path) -> None:
    everything = {"uses-a", "uses-b", "shows-c"}
    assert executed(build_small(small_book)) == everything
    assert executed(build_small(small_book)) == set()
    (small_book / "toy" / "c.py").write_text("def three():\n    return 30\n")
    assert executed(build_small(small_book)) == {"uses-b"}, "b imports c"
    page = small_book / "_build" / "html" / "uses-b.html"
    assert re.search(r"\b29\b", page.read_text()), "the new output is shown"
    assert re.search(r"\b30\b", page.with_name("shows-c.html").read_text()), "so is the new code"
    prose = small_book / "book" / "uses-a.md"
    prose.write_text(prose.read_text() + "\nMore prose.\n")
    assert executed(build_small(small_book)) == set(), "prose is not code"


def test_figures_come_out_whatever_the_shell_says(small_book: Path, monkeypatch) -> None:
    monkeypatch.setenv("MPLBACKEND", "agg")  # with which plt.show() shows nothing
    plot = "import matplotlib.pyplot as plt\nplt.plot([1, 2])\nplt.show()"
    write_page(small_book / "book", "uses-a", plot)
    build_small(small_book)
    assert "_images/" in (small_book / "_build" / "html" / "uses-a.html").read_text()


def test_a_failing_page_fails_the_build_by_name(small_book: Path) -> None:
    write_page(small_book / "book", "uses-a", "x = 0\n1 / x")
    write_page(small_book / "book", "shows-c", "undefined")
    output = build_small(small_book, status=1)
    for words in ("uses-a, line 8, code cell 1", "ZeroDivisionError", "shows-c", "NameError"):
        assert words in output
    assert executed(output) == {"uses-b"}, "the others are run and kept"


def test_a_kernel_that_only_its_author_has_costs_its_own_page_alone(small_book: Path) -> None:
    page = small_book / "book" / "uses-a.md"
    page.write_text(page.read_text().replace("python3", "conda-env-x-py"))
    output = build_small(small_book, status=1)
    assert "uses-a: NoSuchKernel" in output
    assert "conda-env-x-py" in output
    assert executed(output) == {"uses-b", "shows-c"}


def test_a_widgets_state_is_in_the_page(small_book: Path) -> None:
    code = "from ipywidgets import interact\n_ = interact(lambda k: print('k is', k), k=3)"
    write_page(small_book / "book", "uses-a", code)
    build_small(small_book)
    page = (small_book / "_build" / "html" / "uses-a.html").read_text()
    assert "application/vnd.jupyter.widget-state+json" in page
    assert "application/vnd.jupyter.widget-view+json" in page
    assert "IntSliderModel" in page


# The built pages


@pytest.fixture(scope="module")
def site(html: Path, window: browser.Window):
    with browser.opened(window, html) as site:
        site.crawl()
        yield site


def report(site: browser.Site, page: str) -> browser.Report:
    assert page in site.reports, "cannot be reached from the front page"
    return site.reports[page]


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("kind", browser.kinds())
def test_page_is_sound(site: browser.Site, page: str, kind: str) -> None:
    faults = getattr(report(site, page), kind)
    assert not faults, "\n".join(faults)


@pytest.mark.parametrize("page", [p for p in PAGES if p.startswith("chapters/")])
def test_every_figure_that_is_described_is_there(html: Path, page: str) -> None:
    source = (ROOT / "book" / page).with_suffix(".md").read_text()
    described = len(re.findall(r"^    alt:", source, re.M))
    shown = len(re.findall(r'<img[^>]+src="[^"]*_images/', (html / page).read_text()))
    assert shown >= described > 0


@pytest.mark.parametrize("page", [p for p in PAGES if p.startswith("chapters/")])
def test_the_notebook_numbers_equations_as_the_page_does(html: Path, page: str) -> None:
    text = (html / page).read_text()
    shown = re.findall(r'class="eqno">\(([\d.]+)\)', text)
    referred = re.findall(r'href="[^"]*#equation-[^"]+">\(([\d.]+)\)</a>', text)
    notebook = json.loads((book.BOOK / page).with_suffix(".ipynb").read_text())
    cells = "\n".join("".join(c["source"]) for c in notebook["cells"] if c["cell_type"] != "code")
    assert re.findall(r"\\tag\{([\d.]+)\}", cells) == shown
    assert [n for n in re.findall(r"\(([\d.]+)\)", cells) if n in referred] == referred != []


@pytest.mark.parametrize("page", PAGES)
def test_links_lead_somewhere(site: browser.Site, page: str) -> None:
    report(site, page)
    assert site.dead_links(page) == []


@pytest.mark.parametrize("page", PAGES)
def test_launch_and_edit_links_name_files_of_the_repository(site: browser.Site, page: str) -> None:
    files = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard"],
        cwd=ROOT,
        text=True,
        check=True,
        capture_output=True,
    ).stdout.split()
    place = re.compile(r"(?:/(?:edit|blob)/main/|urlpath=lab/tree/)(.+)$")
    named = [m[1] for link in report(site, page).links if (m := place.search(link))]
    assert named, "a page has at least the link to edit it"
    assert set(named) <= set(files)
    launched = [
        m[1]
        for link in report(site, page).links
        if "colab" in link or "binder" in link
        if (m := place.search(link))
    ]
    assert all(name.endswith(".ipynb") for name in launched)
    if page.startswith(("chapters/", "exercises/")):
        assert len(launched) == 2


@pytest.mark.parametrize("page", [p for p in PAGES if p.startswith(("chapters/", "exercises/"))])
def test_download_is_the_notebook_itself(site: browser.Site, html: Path, page: str) -> None:
    source = (ROOT / "book" / page).with_suffix(".ipynb")
    if page.startswith("exercises/"):
        source = released(source.stem)
    offered = [
        name
        for name, _ in site.internal(report(site, page))
        if name.startswith("_sources/") and name.endswith(".ipynb")
    ]
    assert len(offered) == 1
    assert (html / offered[0]).read_bytes() == source.read_bytes()


def test_all_that_is_reached_is_listed(site: browser.Site) -> None:
    assert set(site.reports) - {"search.html", "genindex.html"} == set(PAGES)


def test_search_finds(site: browser.Site, window: browser.Window) -> None:
    def look(chromium: browser.Browser) -> list[str]:
        with browser.new_page(chromium) as page:
            page.goto(f"{site.base}search.html?q=sigmoid")
            page.wait_for_selector("#search-results li a")
            return page.eval_on_selector_all("#search-results li a", "all => all.map(e => e.href)")

    assert any("chapters/01-" in address for address in window(look))


TIPS = {
    "a term": ("span.std-term", "Markov chain"),
    "a reference": ("a[href*='bibliography.html#']", "Denoising diffusion probabilistic models"),
    "an equation": ("a.reference[href*='#equation']", ""),
}


@pytest.mark.parametrize("kind", TIPS)
def test_what_a_link_means_is_shown_where_one_rests_on_it(html: Path, window, kind: str) -> None:
    selector, words = TIPS[kind]

    def look(chromium: browser.Browser) -> str:
        with browser.new_page(chromium) as page:
            page.goto((html / "chapters" / "05-diffusion.html").as_uri())
            browser.settle(page)
            link = page.locator(f".bd-article {selector}").nth(2)
            link.scroll_into_view_if_needed()
            link.hover()
            page.wait_for_selector(".tippy-box")
            return page.locator(".tippy-box").inner_text()

    assert words in window(look)


def test_a_link_to_a_page_has_a_preview_and_the_search_engines_a_map(html: Path) -> None:
    page = (html / "chapters" / "05-diffusion.html").read_text()
    assert f'property="og:url" content="{published()}/chapters/05-diffusion.html"' in page
    assert f'property="og:image" content="{published()}/_static/families.png"' in page
    assert f"{published()}/chapters/05-diffusion.html" in (html / "sitemap.xml").read_text()
    assert "not found" in (html / "404.html").read_text().lower()


def test_front_page_opens_as_a_file(html: Path, window: browser.Window) -> None:
    faults = browser.Report()

    def look(chromium: browser.Browser) -> dict:
        with browser.new_page(chromium) as page, browser.listening(page, html.as_uri(), faults):
            page.goto((html / PAGES[1]).as_uri())
            browser.settle(page)
            return page.evaluate(browser.LOOK)

    found = window(look)
    assert (faults.requests, found["formulas"], found["images"]) == ([], [], [])


@pytest.mark.slow
def test_cold_build_is_clean_and_an_unchanged_one_is_quick(tmp_path: Path) -> None:
    """The whole book from nothing, strictly, in a copy of the tracked files; then once more."""
    tracked = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, text=True, check=True, capture_output=True
    )
    for name in tracked.stdout.split():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes((ROOT / name).read_bytes())
    seconds = []  # of processor time, which other work does not lengthen
    for _ in range(2):
        start = resource.getrusage(resource.RUSAGE_CHILDREN)
        build_small(tmp_path)
        end = resource.getrusage(resource.RUSAGE_CHILDREN)
        seconds.append(end.ru_utime + end.ru_stime - start.ru_utime - start.ru_stime)
    chapters = len(list(tmp_path.glob("book/chapters/*.md")))
    assert seconds[0] < 180 * chapters
    assert seconds[1] < 15


def test_the_book_on_paper(html: Path, window, tmp_path: Path, monkeypatch) -> None:
    """One page of it: its title in the outline, its text, no part of the screen round it."""
    from pypdf import PdfReader

    monkeypatch.setattr("course.paper.HTML", html)
    made = window(lambda chromium: paper.write(tmp_path / "book.pdf", ["how-to-work"], chromium))
    found = PdfReader(made)
    assert [item.title for item in found.outline] == ["How to work and hand in"]
    text = "".join(page.extract_text() for page in found.pages)
    assert "What to hand in" in text
    assert "Search" not in text
    assert paper.pages() == [name.removesuffix(".html") for name in PAGES]
