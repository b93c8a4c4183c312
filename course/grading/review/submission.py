"""A submission as a page for the instructor: what was handed in, and what each check said of it.

It shows all of it as text, so that nothing in it can run, and has no more than one needs to judge a
flag or a mark. Students get feedback pages instead.
"""

import json
import shutil
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from course.grading.review.feedback import own_cells, parts, templates
from course.grading.review.marks import Row
from course.grading.review.outline import outline, title_of
from course.paths import write_whole


def write(rows: list[Row], known: NotebookNode, folder: Path) -> None:
    """A page for each row that has a graded notebook; pages of students who are gone go too."""
    exercises, title = outline(known), title_of(known, folder.name)
    template = templates().get_template("submission.html")
    wanted = set()
    for row in rows:
        try:
            text = row.notebook.read_bytes() if row.notebook else b""
            notebook = nbformat.from_dict(json.loads(text))
            for cell in notebook.cells:  # where nbgrader puts them for feedback pages
                about = cell.metadata.get("nbgrader", {})
                if about.get("grade"):
                    about["score"] = row.points(about["grade_id"])
            page = template.render(
                title=title,
                row=row,
                report=f"{folder.name}.html",
                record=row.record,
                parts=parts(notebook, exercises, row.record),
                own=own_cells(notebook, known, exercises),
            )
        except (ValueError, KeyError, AttributeError, TypeError):
            row.page = ""  # cut off or odd: there is nothing to show
            continue
        path = folder / f"{row.student}.html"
        write_whole(path, page.encode(errors="replace").decode())
        wanted.add(path.name)
    for path in folder.glob("*.html") if folder.is_dir() else ():
        if path.name not in wanted:
            path.unlink()
    if folder.is_dir() and not wanted:
        shutil.rmtree(folder)
