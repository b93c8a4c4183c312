"""Mends what Sphinx and the theme get wrong, and fills in what a page leaves open."""

import zlib
from pathlib import Path
from urllib.parse import urlsplit

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.writers.html5 import HTML5Translator

import course.book
from course.paths import published, repository


def drop_thebe(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Take out Thebe's scripts: the book does not use it, and the second copy is an error."""
    context["script_files"] = [
        script
        for script in context.get("script_files", [])
        if "thebe" not in str(getattr(script, "filename", script)).lower()
        and "THEBE" not in str(getattr(script, "attributes", {}).get("body"))
    ]


def forget_warned_build(app: Sphinx, exception: Exception | None) -> None:
    """After a build with warnings, read all pages again next time: else they warn only once."""
    if app._warncount:
        Path(app.doctreedir, "environment.pickle").unlink(missing_ok=True)


def point_to_published(app: Sphinx, config: Config) -> None:
    """Tell the extensions that make addresses where the published book lies."""
    config.ogp_site_url = config.html_baseurl = f"{published()}/"
    config.ogp_site_name = config.html_title
    config.notfound_urls_prefix = f"{urlsplit(published()).path}/"


def fill_in_address(app: Sphinx, docname: str, source: list[str]) -> None:
    """Say where repository and book are, wherever a page leaves it to `_config.yml`."""
    source[0] = source[0].replace("{repository}", repository()).replace("{published}", published())


def visit_citation(translator: HTML5Translator, node: nodes.citation) -> None:
    """Open a reference as an item of a list: docutils gives it a role that is deprecated."""
    if not isinstance(node.previous_sibling(), nodes.citation):
        translator.body.append('<div role="list" class="citation-list">\n')
    translator.body.append(translator.starttag(node, "div", CLASS="citation", role="listitem"))


def depart_citation(translator: HTML5Translator, node: nodes.citation) -> None:
    translator.body.append("</div>\n")
    if not isinstance(node.next_node(descend=False, siblings=True), nodes.citation):
        translator.body.append("</div>\n")


def own_version() -> int:
    """A number that changes with the local extensions and the static files: Sphinx copies those
    only when it has a page to write, so that all pages are then read again.
    """
    here = Path(__file__).parent
    sources = [*sorted(here.glob("*.py")), Path(course.book.__file__)]
    sources += sorted(p for p in here.with_name("_static").iterdir() if p.is_file())
    return zlib.crc32(b"".join(path.read_bytes() for path in sources))


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", point_to_published, priority=100)
    app.connect("html-page-context", drop_thebe, priority=999)
    app.add_node(nodes.citation, html=(visit_citation, depart_citation), override=True)
    app.connect("build-finished", forget_warned_build)
    app.connect("source-read", fill_in_address)
    return {
        "version": "1",
        "env_version": own_version(),
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
