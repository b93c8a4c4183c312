"""The browser that looks at pages: it sees each fault, and keeps to itself."""

import asyncio
import json
from pathlib import Path

import pytest
import yaml

from course.paths import ROOT
from tests import browser

pytestmark = pytest.mark.xdist_group("book")  # whose worker has a browser already

BROKEN = """<!doctype html><html lang="en"><head><title>Broken</title>
<script>window.MathJax = %s</script>
<script defer src="mathjax/tex-chtml-full.js"></script></head>
<body><main><article style="width: 2000px"><h1>Broken</h1>
<img src="nowhere.png"><img src="https://example.invalid/x.png" alt="x">
<a href="gone.html">gone</a> <a href="#nothing">nothing</a>
<p style="color: #eee; background: #fff">pale</p>
<div class="math notranslate nohighlight">\\(\\undefinedmacro\\)</div>
<div class="cell"><div class="cell_output">Traceback (most recent call last)</div></div>
<div class="admonition dropdown toggle-hidden"><p>Title</p><p>Answer</p></div>
<script>throw new Error("on purpose")</script></article></main></body></html>"""


def test_each_check_can_fail(tmp_path: Path, window: browser.Window) -> None:
    config = yaml.safe_load((ROOT / "_config.yml").read_text())
    math = json.dumps(config["sphinx"]["config"]["mathjax3_config"])
    page = BROKEN % math + " " * browser.LARGEST
    (tmp_path / "index.html").write_text(page)
    (tmp_path / "mathjax").symlink_to(ROOT / "book" / "_vendor" / "mathjax")
    with browser.opened(window, tmp_path) as site:
        site.crawl()
    broken = site.reports["index.html"]
    assert [kind for kind in browser.kinds() if not getattr(broken, kind)] == []
    assert any("undefinedmacro" in fault for fault in broken.formulas)
    assert any("alt" in fault for fault in broken.images)
    assert site.dead_links("index.html") == ["gone.html", "index.html#nothing"]


def test_an_open_browser_is_in_no_other_tests_way(window: browser.Window) -> None:
    async def answer() -> int:
        return 42

    assert window(lambda chromium: chromium.is_connected())
    assert asyncio.run(answer()) == 42, "no event loop runs here"


def test_what_goes_wrong_in_the_browsers_thread_is_raised_here(window: browser.Window) -> None:
    with pytest.raises(ZeroDivisionError):
        window(lambda chromium: 1 / 0)
