"""Reads a submission's cells: which released cell each of them is, damaged or not."""

import re
from collections import Counter
from dataclasses import dataclass

from nbformat import NotebookNode

from course.grading.intake.pysource import LONGEST, names, tree
from course.grading.records import Flag

ALL_CELLS = 2_000_000  # characters; what comes after that many is not read
SURELY = 0.75  # the share of lines in common that makes a cell a released one, edited
FENCE = re.compile(r"^ {0,3}(`{3,}|~{3,})[ \t]*([^\s`{]*)")
PYTHON = {"", "python", "python3", "py", "ipython", "ipython3"}
SEED = re.compile(r"^SEED[ \t]*=.*$", re.M)


@dataclass
class Piece:
    """A submitted cell, and the place of the released cell that it stands for, if it does."""

    source: str
    kind: str
    at: int | None = None
    defs: frozenset[str] = frozenset()  # those asked-for names that it defines
    used: bool = False  # as an answer
    text: bool = False  # it was left as text, or stands in a fence there


def normal(text: str) -> str:
    """`text` with one kind of line end, and no trailing blanks: what makes no difference is out."""
    return "\n".join(line.rstrip() for line in text.strip().splitlines())


def lines(text: str) -> Counter[str]:
    """The lines of a text that are not blank, indentation aside."""
    return Counter(filter(None, map(str.strip, text.splitlines())))


def likeness(one: Counter[str], two: Counter[str]) -> float:
    """The share of lines that two texts have in common, in 0..1."""
    return 2 * (one & two).total() / max(1, one.total() + two.total())


def fenced(text: str) -> list[str]:
    """The Python that stands between fences in a Markdown text."""
    codes: list[list[str]] = []
    fence, python = "", False
    for line in text.split("\n"):
        mark = FENCE.match(line)
        if mark and not fence:
            fence, python = mark[1], mark[2].lower() in PYTHON
            codes += [[]] if python else []
        elif mark and mark[1].startswith(fence) and not mark[2]:
            fence = ""
        elif fence and python:
            codes[-1].append(line)
    return ["\n".join(code) for code in codes]


class Released:
    """The released notebook, looked at: which of its cells are answers, checks, given, demos."""

    def __init__(self, notebook: NotebookNode):
        self.cells = notebook.cells
        self.kinds = [_kind(c) for c in self.cells]
        about = [c.metadata.get("nbgrader", {}) for c in self.cells]
        self.by_grade_id = {a["grade_id"]: i for i, a in enumerate(about) if "grade_id" in a}
        self.by_id = {c.get("id"): i for i, c in enumerate(self.cells)}
        self.by_text = {normal(c.source): i for i, c in enumerate(self.cells)}
        self.fences = {
            normal(code) for c in self.cells if c.cell_type != "code" for code in fenced(c.source)
        }
        self.answers = {
            i: names(c.source).defs
            for i, c in enumerate(self.cells)
            if self.kinds[i] == "answer"
        }  # fmt: skip
        self.code = {i: lines(c.source) for i, c in enumerate(self.cells)
                     if self.kinds[i] in ("check", "given", "demo")}  # fmt: skip
        self.asked = frozenset().union(*self.answers.values())
        self.first = 1 + next((i for i, k in enumerate(self.kinds) if k == "given"), -1)

    def answer_id(self, i: int | None) -> str:
        """The grade id of the answer that cell `i` is, or checks; "" if neither."""
        own = (
            self.cells[i].metadata.get("nbgrader", {}).get("grade_id", "") if i is not None else ""
        )
        name = re.sub(r"-(check|hidden)$", "", own)
        return name if self.by_grade_id.get(name) in self.answers else ""


def _kind(cell: NotebookNode) -> str:
    about = cell.metadata.get("nbgrader", {})
    if cell.cell_type != "code":
        return "text"
    if about.get("grade"):
        return "check"
    if about.get("solution"):
        return "answer"
    return "demo" if "demo" in cell.metadata.get("tags", []) else "given"


def read(submitted: NotebookNode, known: Released, flags: list[Flag]) -> list[Piece]:
    """The submitted cells, each with the released cell that it stands for."""
    pieces, room, left_out = [], ALL_CELLS, 0
    for cell in submitted.get("cells") or []:
        source, meta = cell.get("source") or "", cell.get("metadata") or {}
        source = "".join(source) if isinstance(source, list) else str(source)
        source = source.replace("\r\n", "\n").replace("\r", "\n").replace("\0", "")
        if len(source) > min(LONGEST, room):
            left_out += 1
            continue
        room -= len(source)
        piece = Piece(source, str(cell.get("cell_type")))
        if piece.kind != "code":
            piece.text = True
            if code := _answer_in(
                source, known
            ):  # an answer perhaps, and the text that it stands in
                pieces.append(piece)
                piece = Piece(code, "code", text=True)
        if piece.kind == "code" or tree(piece.source):
            piece.defs = names(piece.source).defs & known.asked
        piece.at = _stands_for(piece, meta.get("nbgrader"), cell.get("id"), known)
        about = known.answer_id(piece.at)
        tags = meta.get("tags")
        if "skip-execution" in (tags if isinstance(tags, list) else []):
            text = "a cell carried the tag skip-execution, which keeps it from being run; ignored"
            flags.append(Flag("skip-execution", text, about))
        if piece.at is not None and known.kinds[piece.at] == "check":
            flags += _edited(piece.source, known.cells[piece.at].source, about)
        pieces.append(piece)
    if left_out:
        text = f"cells left out: {left_out}; {LONGEST:,} characters of one are read, {ALL_CELLS:,} in all"
        flags.append(Flag("huge cell", text))
    return pieces


def _answer_in(text: str, known: Released) -> str:
    """The code in a text's fences, if it defines what is asked for and is not the course's own."""
    code = "\n\n".join(c for c in fenced(text) if normal(c) not in known.fences)
    return code if code and names(code).defs & known.asked else ""


def _stands_for(piece: Piece, metadata: object, cell_id: object, known: Released) -> int | None:
    """The place of the released cell that `piece` is: by its text, its metadata, its likeness."""
    if (at := known.by_text.get(normal(piece.source))) is not None and piece.source.strip():
        return at
    grade_id = metadata.get("grade_id") if isinstance(metadata, dict) else None
    for key, table in ((grade_id, known.by_grade_id), (cell_id, known.by_id)):
        at = table.get(key) if isinstance(key, str) else None
        if at is None or (known.kinds[at] == "text" and piece.kind == "code"):
            continue
        if at in known.answers and piece.defs and not piece.defs & known.answers[at]:
            continue  # it says that it is one answer, and is another
        return at
    if not piece.defs and piece.kind == "code":
        mine = lines(piece.source)
        alike = [(likeness(mine, theirs), i) for i, theirs in known.code.items()]
        if alike and max(alike)[0] >= SURELY:
            return max(alike)[1]
    return None


def _edited(source: str, released: str, answer: str) -> list[Flag]:
    found = []
    source, released = normal(source), normal(released)
    if SEED.findall(source) != SEED.findall(released):
        found.append(Flag("seed changed", "the seed of the check is another one", answer))
    if SEED.sub("", source) != SEED.sub("", released):
        found.append(Flag("check edited", "the text of the check is another one", answer))
    return found
