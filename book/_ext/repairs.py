"""Mends what Sphinx and the theme get wrong."""

from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx


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


def setup(app: Sphinx) -> dict:
    app.connect("html-page-context", drop_thebe, priority=999)
    app.connect("build-finished", forget_warned_build)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
