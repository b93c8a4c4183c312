"""Looks at built pages in headless Chromium and says what is wrong with each."""

import contextlib
import functools
import http.server
import re
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urldefrag, urlsplit

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

from course import system
from course.paths import CourseError
from tests.conftest import missing

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
PATIENCE = 180_000  # milliseconds: it ends what hangs, and nothing that a busy machine delays
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
    """What is wrong with a page, by kind (empty lists: nothing), where it links to, its titles."""

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
    titles: list[str] = field(default_factory=list)  # one a colour scheme


def kinds() -> list[str]:
    """The kinds of check whose outcome is a list of faults."""
    return [name for name in Report.__dataclass_fields__ if name not in ("links", "titles")]


class Window:
    """A headless browser, in a thread of its own; without one the test is skipped, or fails in CI.

    Playwright leaves an event loop running in the thread that starts it. Here no other test meets
    that loop: neither one that runs a notebook nor one that starts a loop itself.
    """

    def __init__(self) -> None:
        try:
            path = system.browser()
        except CourseError:
            missing("a browser", "chromium fonts-dejavu-core")
        self.thread = ThreadPoolExecutor(1)
        self.playwright = self.thread.submit(sync_playwright().start).result()
        launch = self.playwright.chromium.launch
        options = {"executable_path": path, "args": FLAGS, "timeout": PATIENCE}
        self.browser = self.thread.submit(launch, **options).result()

    def __call__(self, look: Callable, *arguments: Any) -> Any:
        """What `look(browser, *arguments)` returns; all that touches a page goes through here."""
        return self.thread.submit(look, self.browser, *arguments).result()

    def close(self) -> None:
        self(lambda browser: browser.close())
        self(lambda _: self.playwright.stop())
        self.thread.shutdown()


@contextlib.contextmanager
def new_page(browser: Browser, scheme: str = "light") -> Iterator[Page]:
    """A page of its own, closed at the end."""
    with browser.new_context(color_scheme=scheme) as context:
        context.set_default_timeout(PATIENCE)
        yield context.new_page()


@contextlib.contextmanager
def served(folder: Path) -> Iterator[str]:
    """Serve `folder` over HTTP on a free port; gives the address."""

    class Quiet(http.server.SimpleHTTPRequestHandler):
        def log_message(self, *args: object) -> None:
            pass

    handler = functools.partial(Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_port}/"
        finally:
            server.shutdown()


@contextlib.contextmanager
def opened(window: Window, folder: Path) -> Iterator["Site"]:
    """The pages of `folder`, served and looked at."""
    with served(folder) as base:
        site = Site(window, base, folder)
        try:
            yield site
        finally:
            site.close()


class Site:
    """A folder of built pages, seen through a browser."""

    def __init__(self, window: Window, base: str, folder: Path) -> None:
        self.window, self.base, self.folder = window, base, folder
        # A context a colour scheme, kept for all pages: scripts and fonts are fetched once.
        self.contexts = window(self._open)
        self.reports: dict[str, Report] = {}

    @staticmethod
    def _open(browser: Browser) -> dict[str, BrowserContext]:
        contexts = {scheme: browser.new_context(color_scheme=scheme) for scheme in SCHEMES}
        for context in contexts.values():
            context.set_default_timeout(PATIENCE)
        return contexts

    def close(self) -> None:
        for context in self.contexts.values():
            self.window(lambda _, context=context: context.close())

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

    @functools.cache  # noqa: B019 - it lives no longer than the tests
    def ids(self, name: str) -> set[str]:
        return set(re.findall(r'\bid="([^"]+)"', (self.folder / name).read_text()))

    def visit(self, name: str) -> Report:
        """Look at a page in both colour schemes and at both widths."""
        return self.window(self._visit, name)

    def _visit(self, _: Browser, name: str) -> Report:
        report = Report()
        size = (self.folder / name).stat().st_size
        if size > LARGEST:
            report.size.append(f"{size} bytes, more than {LARGEST}")
        for scheme, context in self.contexts.items():
            with context.new_page() as page:  # a new one: nothing of the last is still under way
                self._look(page, name, scheme, report)
        return report

    def _look(self, page: Page, name: str, scheme: str, report: Report) -> None:
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
        report.titles.append(page.title())
        report.accessibility += axe(page, scheme)  # it fetches style sheets, so goes unheard


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
    """Wait until the formulas are set and all fonts there; a page without any has no MathJax."""
    if page.locator(".math").count():
        with contextlib.suppress(Exception):  # one that never comes is reported as not rendered
            page.wait_for_function("window.MathJax?.startup?.promise", timeout=PATIENCE)
            page.evaluate("MathJax.startup.promise.then(() => true)")
    page.evaluate("document.fonts.ready.then(() => true)")  # a line's width hangs on its font


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
