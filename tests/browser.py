"""Looks at built pages in headless Chromium and says what is wrong with each."""

import contextlib
import functools
import http.server
import re
import shutil
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import unquote, urldefrag, urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, Page, sync_playwright

from tests.conftest import missing

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCHEMES = ("light", "dark")
WIDE, NARROW = 1280, 375
LARGEST = 1_500_000  # bytes of a page
# All of WCAG A and AA in light; in dark only what colours can change.
AXE_RULES = {
    "light": {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]},
    "dark": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]},
}

# A token's colour comes from its class and from the box it stands in, so axe-core looks at one of
# each kind; the others become plain text, for they would take most of its time.
THIN_OUT = """() => {
  const seen = new Set();
  for (const token of document.querySelectorAll('pre span')) {
    if (token.children.length) continue;
    const kind = token.className + '|' + token.closest('div[class]').parentElement.className;
    if (seen.has(kind)) token.replaceWith(token.textContent);
    seen.add(kind);
  }
}"""

LOOK = """() => {
  const all = (query) => [...document.querySelectorAll(query)];
  const name = (e) => (e.getAttribute('src') || e.tagName).slice(-60);
  return {
    formulas: all('.math').filter(e => !e.querySelector('mjx-container'))
      .map(e => 'not rendered: ' + e.textContent.slice(0, 60))
      .concat(all('mjx-merror, mjx-container [data-mjx-error]')
        .map(e => 'error: ' + (e.getAttribute('data-mjx-error') || e.textContent))),
    images: all('img').filter(e => !(e.complete && e.naturalWidth))
      .map(e => 'does not load: ' + name(e))
      .concat(all('img:not([alt]), article img[alt=""]')
        .map(e => 'has no alt text: ' + name(e)))
      .concat(all('video').filter(e => !(e.getAttribute('aria-label') || '').trim())
        .map(e => 'has no aria-label: ' + name(e))),
    tracebacks: all('.cell:not(.tag_raises-exception) .cell_output')
      .filter(e => e.textContent.includes('Traceback')).map(e => e.textContent.slice(0, 120)),
    links: all('a[href]').map(e => e.href),
  };
}"""

UNFOLD = """() => {
  const stuck = [];
  for (const fold of document.querySelectorAll('article details')) {
    if (!fold.open) fold.querySelector('summary').click();
    if (!fold.open) stuck.push(fold.textContent.trim().slice(0, 60));
  }
  for (const fold of document.querySelectorAll('article .admonition.dropdown')) {
    fold.querySelector('.toggle-button')?.click();
    const last = fold.lastElementChild;
    if (fold.classList.contains('toggle-hidden') || !last.offsetHeight)
      stuck.push(fold.textContent.trim().slice(0, 60));
  }
  return stuck;
}"""


@dataclass
class Report:
    """What is wrong with a page, by kind (empty lists: nothing), and where it links to."""

    console: list[str] = field(default_factory=list)
    requests: list[str] = field(default_factory=list)
    formulas: list[str] = field(default_factory=list)
    images: list[str] = field(default_factory=list)
    tracebacks: list[str] = field(default_factory=list)
    folds: list[str] = field(default_factory=list)
    sideways: list[str] = field(default_factory=list)
    accessibility: list[str] = field(default_factory=list)
    size: list[str] = field(default_factory=list)
    links: list[str] = field(default_factory=list)


def kinds() -> list[str]:
    """The kinds of check whose outcome is a list of faults."""
    return [name for name in Report.__dataclass_fields__ if name != "links"]


@contextlib.contextmanager
def chromium() -> Iterator[Browser]:
    """A headless browser; without one the test is skipped, or fails where CI is set."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        missing("a browser", "chromium fonts-dejavu-core")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        yield browser
        browser.close()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve `folder` over HTTP on a free port; gives the address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield f"http://127.0.0.1:{server.server_port}/"
        server.shutdown()


class Site:
    """A folder of built pages, seen through a browser."""

    def __init__(self, browser: Browser, base: str, folder: Path) -> None:
        self.base, self.folder = base, folder
        # A context a colour scheme, kept for all pages: scripts and fonts are fetched once.
        self.pages = {
            scheme: browser.new_context(color_scheme=scheme).new_page() for scheme in SCHEMES
        }
        self.reports: dict[str, Report] = {}

    def crawl(self, start: str = "index.html") -> None:
        """Visit every page that can be reached from `start`."""
        todo = [start]
        while todo:
            name = todo.pop()
            if name in self.reports or not (self.folder / name).is_file():
                continue
            self.reports[name] = self.visit(name)
            todo += [n for n, _ in self.internal(self.reports[name]) if n.endswith(".html")]

    def internal(self, report: Report) -> set[tuple[str, str]]:
        """The (file, fragment) pairs inside the site that a page links to."""
        pairs = set()
        for link in report.links:
            address, fragment = urldefrag(link)
            if address.startswith(self.base):
                name = unquote(urlsplit(address).path).lstrip("/")
                name += "index.html" if name.endswith("/") or not name else ""
                pairs.add((name, unquote(fragment)))
        return pairs

    def dead_links(self, name: str) -> list[str]:
        """The internal links of a page that lead nowhere."""
        dead = []
        for target, fragment in sorted(self.internal(self.reports[name])):
            if not (self.folder / target).is_file():
                dead.append(target)
            elif fragment and target.endswith(".html") and fragment not in self.ids(target):
                dead.append(f"{target}#{fragment}")
        return dead

    @functools.cache  # noqa: B019 - a site lives as long as the test session
    def ids(self, name: str) -> set[str]:
        return set(re.findall(r'\bid="([^"]+)"', (self.folder / name).read_text()))

    def visit(self, name: str) -> Report:
        """Look at a page in both colour schemes and at both widths."""
        report = Report()
        size = (self.folder / name).stat().st_size
        if size > LARGEST:
            report.size.append(f"{size} bytes, more than {LARGEST}")
        for scheme, page in self.pages.items():
            with listening(page, self.base, report):
                page.set_viewport_size({"width": WIDE, "height": 900})
                page.goto(self.base + name)
                settle(page)
                report.folds += page.evaluate(UNFOLD)
                settle(page)
                look = page.evaluate(LOOK)
                for kind in ("formulas", "images", "tracebacks", "links"):
                    setattr(report, kind, sorted({*getattr(report, kind), *look[kind]}))
                for width in (NARROW, WIDE):
                    page.set_viewport_size({"width": width, "height": 900})
                    report.sideways += overflow(page, f"{scheme}, {width} px wide")
            report.accessibility += axe(page, scheme)  # it fetches style sheets, so goes unheard
        return report


@contextlib.contextmanager
def listening(page: Page, base: str, report: Report) -> Iterator[None]:
    """Note what goes wrong on the console and on the wire while a page is shown."""

    def on_console(message) -> None:
        if message.type == "error":
            report.console.append(message.text)

    def on_page_error(error) -> None:
        report.console.append(str(error))

    def on_request(request) -> None:
        if not request.url.startswith((base, "data:", "blob:")):
            report.requests.append(f"goes outside: {request.url}")

    def on_failed(request) -> None:
        report.requests.append(f"failed: {request.url}")

    def on_response(response) -> None:
        if response.status >= 400:
            report.requests.append(f"{response.status}: {response.url}")

    heard = {
        "console": on_console,
        "pageerror": on_page_error,
        "request": on_request,
        "requestfailed": on_failed,
        "response": on_response,
    }
    for event, listener in heard.items():
        page.on(event, listener)
    yield
    for event, listener in heard.items():
        page.remove_listener(event, listener)


def settle(page: Page) -> None:
    """Wait until the formulas are set; a page without any has no MathJax."""
    if page.locator(".math").count():
        with contextlib.suppress(Exception):  # one that never comes is reported as not rendered
            page.wait_for_function("window.MathJax?.startup?.promise", timeout=10_000)
            page.evaluate("MathJax.startup.promise.then(() => true)")


def axe(page: Page, scheme: str) -> list[str]:
    """The violations of WCAG A and AA that axe-core finds."""
    page.evaluate(AXE_SCRIPT)
    page.evaluate(THIN_OUT)
    found = page.evaluate(
        "runOnly => axe.run(document, {runOnly, resultTypes: ['violations']})", AXE_RULES[scheme]
    )
    return [
        f"{scheme}: {violation['id']}: {node['target']}: {node['failureSummary']}"
        for violation in found["violations"]
        for node in violation["nodes"]
    ]


def overflow(page: Page, where: str) -> list[str]:
    """Whether the page can be scrolled sideways."""
    wide = page.evaluate(
        "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
    )
    return [f"{where}: {wide} px too wide"] if wide > 0 else []
