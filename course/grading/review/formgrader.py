"""formgrader shows what a student wrote as text: its pages share their origin with Jupyter itself.

nbgrader has no plug for formgrader's exporter, so its handlers are given ours (`guard`), which puts
nothing into the page but text, PNG pictures, and the words of the released notebook.
"""

import contextlib
import re
import sys
from pathlib import Path
from typing import Any

import nbformat
from jinja2 import pass_context
from markupsafe import escape
from nbconvert.exporters import HTMLExporter
from nbformat import NotebookNode
from traitlets import Unicode

from course.grading.review.feedback import printable, shown
from course.paths import CourseError
from course.release import released

HANDLERS = "nbgrader.server_extensions.formgrader.base"
NAME = re.compile(r"[\w.-]{1,100}")
OURS = "dgm_given"  # in the metadata of a cell whose words are the course's


def as_text(notebook: NotebookNode, known: NotebookNode | None) -> NotebookNode:
    """The notebook made anew with what is harmless in it; `known` is the released one.

    Of metadata only nbgrader's own words on a cell are left, of outputs text and pictures.
    """
    given = {cell.source for cell in known.cells if cell.cell_type == "markdown"} if known else ()
    made = nbformat.v4.new_notebook()
    for number, cell in enumerate(notebook.cells):
        ours = cell.cell_type == "markdown" and cell.source in given
        text = cell.source if ours else printable(cell.source)
        metadata = {OURS: ours} | _marks(cell.metadata.get("nbgrader"))
        if cell.cell_type == "code":
            new = nbformat.v4.new_code_cell(text, metadata=metadata)
            new.outputs = [_output(kind, data) for kind, data in shown(cell.get("outputs", []))]
        else:  # raw cells too: they would be put into the page as they are
            new = nbformat.v4.new_markdown_cell(text, metadata=metadata)
        new.id = f"cell-{number}"
        made.cells.append(new)
    return made


def _marks(about: Any) -> dict[str, Any]:
    """What the page asks of nbgrader's metadata, in the kinds that it should be of."""
    if not isinstance(about, dict) or not NAME.fullmatch(str(about.get("grade_id"))):
        return {}
    flags = {key: bool(about.get(key)) for key in ("grade", "solution", "task", "locked")}
    points = about.get("points")
    number = float(points) if isinstance(points, int | float) else 0.0
    return {"nbgrader": {"grade_id": str(about["grade_id"]), "points": number, **flags}}


def _output(kind: str, data: str) -> NotebookNode:
    if kind == "png":
        return nbformat.v4.new_output("display_data", {"image/png": data})
    return nbformat.v4.new_output("stream", text=data)


class SubmissionExporter(HTMLExporter):
    """formgrader's exporter, for what strangers wrote."""

    root = Unicode(help="The course's folder.")

    @pass_context
    def markdown2html(self, context, source):
        """The course's Markdown rendered, all other as the text that it is."""
        if context.get("cell", {}).get("metadata", {}).get(OURS):
            return super().markdown2html(context, source)
        return f'<pre class="tex2jax_ignore" style="white-space: pre-wrap">{escape(source)}</pre>'

    def from_notebook_node(self, nb, resources=None, **kw):
        resources = dict(resources or {})
        known = None
        with contextlib.suppress(CourseError, OSError, ValueError):
            path = released(resources["assignment_id"], Path(self.root))
            known = nbformat.read(path, as_version=4)
        # Names too are what somebody wrote; formgrader's template escapes nothing.
        named = {key: str(escape(v)) for key, v in resources.items() if isinstance(v, str)}
        return super().from_notebook_node(as_text(nb, known), resources | named, **kw)


def guard() -> None:
    """Let formgrader's handlers use our exporter and escape names; nothing where it does not run.

    Its server reads this course's settings before it shows a page, whichever way it was started.
    """
    base = sys.modules.get(HANDLERS)
    if base is None:
        return

    def exporter(handler) -> SubmissionExporter:
        settings = handler.settings
        return SubmissionExporter(
            config=settings["nbgrader_exporter"].config, root=str(handler.coursedir.root)
        )

    def render(handler, name: str, **values: Any) -> str:
        environment = handler.settings["nbgrader_jinja2_env"]
        if not environment.autoescape:
            environment.autoescape = True
            environment.cache.clear()
        return environment.get_template(name).render(**values)

    base.BaseHandler.exporter = property(exporter)
    base.BaseHandler.render = render
