"""Shows the exercise notebooks as pages of the book.

Sphinx reads only what lies under `book/`, so the released notebooks are copied there, byte for
byte, into a folder that git ignores; a notebook that somebody has worked in is not shown. They are
not executed. What a reader sees beyond the notebook, labels for answers and checks, is added in
memory; the download stays the notebook itself, and the links to edit or launch a page name the
tracked file.
"""

import json
import re
import shutil
from pathlib import Path

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from course.paths import CourseError, assignments, published
from course.release import released

FOLDER = "exercises"
ADDRESS = re.compile(rf"\({re.escape(published())}/([\w/-]+)\.html")


def stage(app: Sphinx, config: Config) -> None:
    """Make `book/exercises` a copy of the released notebooks; what is unchanged is left untouched."""
    root, target = Path(app.srcdir).parent, Path(app.srcdir) / FOLDER
    try:
        wanted = {
            Path(name, f"{name}.ipynb"): released(name, root).read_bytes()
            for name in assignments(root)
        }
    except CourseError as problem:
        raise ExtensionError(str(problem)) from None
    for name, content in wanted.items():
        copy = target / name
        if not copy.exists() or copy.read_bytes() != content:
            copy.parent.mkdir(parents=True, exist_ok=True)
            copy.write_bytes(content)
    for path in [p for p in target.rglob("*") if p.is_file()]:
        if path.relative_to(target) not in wanted:
            path.unlink()


def label_cells(app: Sphinx, docname: str, source: list[str]) -> None:
    """Tag answers and checks, so that the page can mark them; hidden checks are left out.

    What a notebook says of the published book becomes a link within it.
    """
    if not docname.startswith(f"{FOLDER}/"):
        return
    notebook = json.loads(source[0])
    for cell in notebook["cells"]:
        if cell["cell_type"] == "markdown":
            cell["source"] = ADDRESS.sub(
                lambda m: f"(../../{m[1]}.md" if m[1] in app.env.found_docs else m[0],
                "".join(cell["source"]),
            )
        tag = kind(cell)
        if tag:
            tags = cell["metadata"].setdefault("tags", [])
            tags += ["remove-cell"] if tag == "hidden" else [f"exercise-{tag}"]
    source[0] = json.dumps(notebook)


def kind(cell: dict) -> str | None:
    """What a cell is to a student: an `answer`, a `check`, a `hidden` check, or nothing special."""
    if cell["cell_type"] != "code":
        return None
    marks = cell["metadata"].get("nbgrader", {})
    if marks.get("solution"):
        return "answer"
    if not marks.get("grade"):
        return None
    code = [line for line in "".join(cell["source"]).splitlines() if line.strip()]
    return "check" if any(not line.lstrip().startswith("#") for line in code) else "hidden"


def point_links(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Point the links of an exercise page at the tracked notebook."""
    if not pagename.startswith(f"{FOLDER}/"):
        return
    todo = list(context.get("header_buttons", []))
    while todo:
        button = todo.pop()
        todo += button.get("buttons", [])
        if "url" in button:
            button["url"] = button["url"].replace(f"/book/{FOLDER}/", f"/{FOLDER}/")


def watch_pair(app: Sphinx, docname: str, source: list[str]) -> None:
    """Make a chapter's page again when the notebook beside it changes."""
    path = Path(app.env.doc2path(docname))
    if path.suffix == ".md" and docname.startswith("chapters/"):
        app.env.note_dependency(str(path.with_suffix(".ipynb")))


def offer_pair(
    app: Sphinx, pagename: str, templatename: str, context: dict, doctree: nodes.document | None
) -> None:
    """Let the notebook that a chapter offers for download be the one that lies beside it."""
    pair = Path(app.srcdir) / f"{pagename}.ipynb"
    if "ipynb_source" in context and pair.exists():
        shutil.copyfile(pair, Path(app.outdir) / "_sources" / context["ipynb_source"])


def setup(app: Sphinx) -> dict:
    app.connect("config-inited", stage, priority=100)
    app.connect("source-read", label_cells)
    app.connect("source-read", watch_pair)
    app.connect("html-page-context", point_links, priority=900)
    app.connect("html-page-context", offer_pair, priority=900)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
