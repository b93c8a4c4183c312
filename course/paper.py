"""The book on paper: each page printed by a browser, all of them in one PDF."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import yaml

from course.book import BOOK, HTML
from course.paths import ROOT, CourseError
from course.system import browser

if TYPE_CHECKING:
    from playwright.sync_api import Browser

TARGET = ROOT / "_build" / "dgm.pdf"
FRAME = 0.6  # of a film that far in is printed
READY = """async at => {
  for (const image of document.images) image.loading = "eager";
  if (window.MathJax) await MathJax.startup.promise;
  await Promise.all([...document.querySelectorAll("video")].map(film => new Promise(done => {
    film.onseeked = film.onerror = done;
    film.onloadedmetadata = () => { film.currentTime = at * film.duration; };
    film.preload = "auto";
    film.load();
    setTimeout(done, 8000);
  })));
}"""


def pages() -> list[str]:
    """The pages of the book, in its order."""
    toc = yaml.safe_load((BOOK / "_toc.yml").read_text(encoding="utf-8"))
    found = [toc["root"]]
    todo = [entry for part in toc["parts"] for entry in part["chapters"]]
    while todo:
        entry = todo.pop(0)
        found.append(entry["file"])
        todo = [*entry.get("sections", []), *todo]
    return found


def make(names: list[str], target: Path = TARGET) -> Path:
    """`write` with a browser of its own."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=browser(), args=["--no-sandbox"])
        try:
            return write(target, names or pages(), chromium)
        finally:
            chromium.close()


def write(target: Path, names: list[str], chromium: "Browser") -> Path:
    """Print these pages of the built book into one PDF with an outline; returns its path."""
    from pypdf import PdfWriter
    from tqdm import tqdm

    if not (HTML / "index.html").is_file():
        raise CourseError("the book is not built yet: run `make book` first")
    whole = PdfWriter()
    page = chromium.new_page(color_scheme="light")
    page.set_default_timeout(120_000)
    for name in tqdm(names, unit="page"):
        page.goto((HTML / f"{name}.html").as_uri())
        page.evaluate(READY, FRAME)
        printed = page.pdf(format="A4", print_background=True, display_header_footer=True,
                           header_template="<i></i>", footer_template=FOOT)  # fmt: skip
        title = page.locator(".bd-article h1").first.inner_text().rstrip("#").strip()
        whole.append(io.BytesIO(printed), outline_item=title)
    page.close()
    target.parent.mkdir(parents=True, exist_ok=True)
    part = target.with_suffix(".part")
    whole.write(part)
    part.replace(target)
    return target


FOOT = """<div style="width: 100%; font: 7pt sans-serif; text-align: center; color: #555">
<span class="title"></span> · <span class="pageNumber"></span></div>"""
