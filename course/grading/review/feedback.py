"""Feedback pages: what a student reads after grading, one HTML file that needs no network.

`FeedbackExporter` takes the place of nbconvert's exporter in `nbgrader generate_feedback`. The words
come from the released notebook, the marks from the gradebook, the messages from the `Record` that
grading left. Of check cells nothing is shown but their message; of what a student wrote, text and
PNG pictures alone, so nothing in the page can run.
"""

import base64
import binascii
import contextlib
import functools
import re
from datetime import datetime
from pathlib import Path
from typing import Any

import jinja2
import nbformat
from nbconvert.exporters import Exporter
from nbformat import NotebookNode

from course.grading.records import CheckResult, Record
from course.grading.review.outline import Exercise, check_of, outline, title_of
from course.grading.review.wording import hint, sentence
from course.grading.run.messages import listed
from course.paths import CourseError
from course.release import released

CONTROL = re.compile(
    r"\x1b\[[0-9;?]*[A-Za-z]|[^\t\n\x20-\ud7ff\ue000-\U0010ffff]|[\u202a-\u202e\x7f]"
)
LONGEST = 20_000  # characters of one cell
OUTPUT = 4_000  # characters of one output
PAGE = 400_000  # characters of a student's text in a page
PICTURE = 1_000_000  # characters of a picture, in base64
PICTURES = 20
STATES = {
    "passed": "passed",
    "failed": "not passed",
    "open": "not answered",
    "lost": "stopped",
    "part": "in part",
    "waiting": "still to be read by a person",
}


# What a student wrote


def printable(text: Any, limit: int = LONGEST) -> str:
    """Text without colours, control signs and lone surrogates; cut where it is too long."""
    text = "".join(text) if isinstance(text, list) else str(text)
    lines = text[: 2 * limit].replace("\r\n", "\n").split("\n")
    kept = CONTROL.sub("", "\n".join(line.rsplit("\r", 1)[-1] for line in lines)).rstrip()
    whole = len(text) <= 2 * limit and len(kept) <= limit
    return kept if whole else kept[:limit] + "\n[… cut short]"


def png(data: Any) -> str:
    """`data` if it is a picture in base64, else nothing."""
    data = "".join(("".join(data) if isinstance(data, list) else str(data)).split())
    try:
        raw = base64.b64decode(data, validate=True) if len(data) <= PICTURE else b""
    except (binascii.Error, ValueError):
        return ""
    return data if raw.startswith(b"\x89PNG\r\n\x1a\n") else ""


def shown(outputs: list[NotebookNode]) -> list[tuple[str, str]]:
    """Outputs as pairs: ("text", what) or ("png", base64); HTML, SVG and the like are left out."""
    pairs = []
    for output in outputs:
        if output.output_type == "stream":
            pairs.append(("text", printable(output.text, OUTPUT)))
        elif output.output_type == "error":
            lines = output.get("traceback") or [f"{output.ename}: {output.evalue}"]
            pairs.append(("text", printable("\n".join(map(str, lines)), OUTPUT)))
        elif picture := png(output.data.get("image/png", "")):
            pairs.append(("png", picture))
        elif text := output.data.get("text/plain"):
            pairs.append(("text", printable(text, OUTPUT)))
    return [pair for pair in pairs if pair[1]]


def own_cells(
    notebook: NotebookNode, released: NotebookNode | None, exercises: list[Exercise]
) -> dict[int, list[dict[str, Any]]]:
    """The student's own cells by the number of their exercise: answers, and cells not released."""
    home = {name: n for n, exercise in enumerate(exercises) for name in exercise.cells}
    given = {cell.source.strip() for cell in (released or notebook).cells}
    found: dict[int, list[dict[str, Any]]] = {}
    here, left, pictures = 0, PAGE, PICTURES
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        here = home.get(about.get("grade_id", ""), home.get(cell.get("id", ""), here))
        answer = bool(about.get("solution"))
        if not answer and (
            about.get("grade") or about.get("locked") or cell.source.strip() in given
        ):
            continue
        outputs = shown(cell.get("outputs", []))
        images = [pair for pair in outputs if pair[0] == "png"][:pictures]
        source = printable(cell.source)
        left -= len(source) + sum(len(text) for kind, text in outputs if kind == "text")
        if left < 0:
            break
        pictures -= len(images)
        kept = [pair for pair in outputs if pair[0] == "text" or pair in images]
        found.setdefault(here, []).append(
            {"source": source, "outputs": kept, "answer": answer, "code": cell.cell_type == "code"}
        )
    return found


# The page


@functools.lru_cache(maxsize=8)
def _read(path: Path, changed: float) -> NotebookNode:
    return nbformat.read(path, as_version=4)


def record_of(notebook: NotebookNode | dict[str, Any]) -> Record | None:
    """What grading noted in a notebook; None where it was graded in some other way."""
    try:
        return Record.from_dict(dict(notebook["metadata"]["dgm"]))
    except (KeyError, TypeError, ValueError, AttributeError):
        return None


def result_of(cell: NotebookNode) -> CheckResult:
    """A check's result from its mark and outputs, for want of a record."""
    about = cell.metadata.nbgrader
    errors = [o for o in cell.get("outputs", []) if o.output_type == "error"]
    if any(o.ename == "NotImplementedError" for o in errors):
        return CheckResult("open", about.points)
    state = "passed" if (about.get("score") or 0) >= about.points else "failed"
    told = state == "failed" and not check_of(about.grade_id, cell.source).hidden
    said = [o.evalue for o in errors if o.ename == "AssertionError" and told]
    return CheckResult(state, about.points, said[0] if said else "")


def verdicts(notebook: NotebookNode, record: Record | None) -> dict[str, dict[str, Any]]:
    """What is said of each graded cell: its state, points, score, message, and a grader's hand."""
    found = {}
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if not about.get("grade"):
            continue
        noted = record.checks.get(about["grade_id"]) if record else None
        result = noted or result_of(cell)
        score, points = about.get("score"), about["points"]
        by_hand = bool(about.get("solution"))  # an answer that a person reads
        changed = by_hand or (noted is not None and score is not None and score != noted.score)
        state = str(result.state)
        if by_hand and score is None:
            state = "waiting"
        elif changed:
            state = "passed" if score >= points else "part" if score else state
        elif result.through and result.score < points:
            state = "part" if score else "failed"
        found[about["grade_id"]] = {
            "state": state,
            "word": STATES[state],
            "score": score or 0,
            "points": points,
            "message": "" if state == "passed" else printable(result.message, 2000),
            "also": "" if state == "passed" else printable(result.also, 1000),
            "through": printable(listed(result.through), 200) if result.state == "passed" else "",
            "changed": changed and not by_hand,
            "by_hand": by_hand,
        }
    return found


def comments(notebook: NotebookNode) -> dict[str, str]:
    """What graders wrote, by grade id; nbgrader's own remark on an empty answer is none."""
    about = [cell.metadata.get("nbgrader", {}) for cell in notebook.cells]
    said = {a["grade_id"]: printable(a["comment"]) for a in about if a.get("comment")}
    return {name: text for name, text in said.items() if text != "No response."}


def number(value: float) -> str:
    """A mark without a needless `.0`."""
    return f"{round(value, 2):g}"


def day(iso: str) -> str:
    """A time stamp as people write it; any other text as it is."""
    try:
        return datetime.fromisoformat(iso).strftime("%-d %B %Y, %H:%M %Z").strip()
    except ValueError:
        return iso


@functools.cache
def templates() -> jinja2.Environment:
    """The pages' templates; all that is put into them is escaped."""
    made = jinja2.Environment(
        loader=jinja2.FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
    made.filters |= {
        "number": number,
        "day": day,
        "printable": printable,
        "sentence": sentence,
        "hint": hint,
    }
    return made


def parts(
    notebook: NotebookNode, exercises: list[Exercise], record: Record | None
) -> list[dict[str, Any]]:
    """Each exercise with the verdicts on its checks, in order, and what they add up to."""
    said, remarks = verdicts(notebook, record), comments(notebook)
    found = []
    for exercise in exercises:
        marks = [(check, said[check.id]) for check in exercise.checks if check.id in said]
        got = sum(verdict["score"] for _, verdict in marks)
        of = sum(verdict["points"] for _, verdict in marks)
        states = {verdict["state"] for _, verdict in marks}
        alone = states.pop() if len(states) == 1 else "failed"
        found.append(
            {
                "about": exercise,
                "marks": marks,
                "got": got,
                "of": of,
                "state": "passed" if got >= of else "part" if got else alone,
                "remarks": [text for name, text in remarks.items() if name in exercise.cells],
            }
        )
    return found


def page(notebook: NotebookNode, known: NotebookNode | None, about: dict[str, Any]) -> str:
    """The feedback page of a graded notebook.

    `known` is the released notebook. `about` is what nbgrader's GetGrades notes: student, assignment, score, max_score, late_penalty.
    """
    record = record_of(notebook)
    exercises = outline(known or notebook)
    if not known:  # its hints may be the student's own words
        exercises = [Exercise(e.title, [], [], e.checks, e.cells) for e in exercises]
    html = (
        templates()
        .get_template("feedback.html")
        .render(
            title=title_of(known or notebook, about["assignment"]),
            about=about,
            record=record or Record(),
            parts=parts(notebook, exercises, record),
            own=own_cells(notebook, known, exercises),
        )
    )
    return html.encode(errors="replace").decode()


class FeedbackExporter(Exporter):
    """In `nbgrader_config.py`: `c.GenerateFeedback.exporter_class = FeedbackExporter`."""

    file_extension = ".html"
    output_mimetype = "text/html"

    def from_notebook_node(self, nb, resources=None, **kw):
        notebook, resources = super().from_notebook_node(nb, resources, **kw)
        about = resources["nbgrader"]
        folders, known = self.parent.coursedir, None
        with contextlib.suppress(CourseError):  # without it: no hints, the rest is the same
            path = released(about["assignment"], Path(folders.root))
            known = _read(path, path.stat().st_mtime)
        return page(notebook, known, about), resources
