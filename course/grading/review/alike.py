"""Answers that are more alike than chance makes them, across students: a place to look, no proof.

Winnowing, as MOSS does it (Schleimer, Wilkerson, Aiken, "Winnowing: local algorithms for document
fingerprinting", SIGMOD 2003). Of each student's own code: Python's tokens, without layout, comments
and what was released, names and texts made equal; of these every `K` in a row hashed, and of every
`WINDOW` hashes the smallest kept, so that no common run of `K + WINDOW - 1` tokens is missed.

What many have in common is common knowledge: a right answer of three lines, a line from the book.
A hash that more than `COMMON` of the class hold does not count.
"""

import io
import json
import keyword
import tokenize
from collections import Counter, defaultdict
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from zlib import crc32

import nbformat
from nbformat import NotebookNode

from course.grading.review.feedback import LONGEST, PAGE, printable, templates
from course.grading.review.marks import Row
from course.grading.review.outline import title_of
from course.paths import write_whole

K, WINDOW = 12, 4
COMMON = 0.05  # of the class, but at least:
FEW = 3  # students
# How many hashes in common, and what share of the shorter one's; two or three tokens a hash.
WHOLE = (10, 0.4)  # of all that two students wrote
ANSWER = (20, 0.8)  # of one answer
MOST = 50  # pairs
LAYOUT = {
    tokenize.ENCODING, tokenize.COMMENT, tokenize.NL, tokenize.NEWLINE, tokenize.INDENT,
    tokenize.DEDENT, tokenize.ENDMARKER,
}  # fmt: skip

Line = tuple[int, int]  # a cell, and a line of it, from 0


@dataclass(frozen=True)
class Code:
    """One student's own code: its cells, and where each kept hash stands in them."""

    cells: tuple[tuple[str, str], ...]  # a name, the source
    hashes: dict[int, set[Line]]

    def by_cell(self) -> list[set[int]]:
        found: list[set[int]] = [set() for _ in self.cells]
        for value, lines in self.hashes.items():
            for cell in {cell for cell, _ in lines}:
                found[cell].add(value)
        return found


@dataclass(frozen=True)
class Pair:
    """Two students whose code is alike; `lines` are those of each that the other has too."""

    students: tuple[str, str]
    common: int
    share: float
    lines: tuple[set[Line], set[Line]]


def tokens(source: str, given: set[str]) -> list[tuple[str, int]]:
    """The tokens that count, with their lines; as far as the code can be read."""
    found: list[tuple[str, int]] = []
    lines, after = source.split("\n"), ""
    try:
        for kind, text, (row, _), _, _ in tokenize.generate_tokens(io.StringIO(source).readline):
            if kind in LAYOUT or (row <= len(lines) and lines[row - 1].strip() in given):
                continue
            if kind == tokenize.NAME and not keyword.iskeyword(text) and after != ".":
                same = "name"  # what follows a dot is a library's name, and stays
            else:
                same = "text" if kind == tokenize.STRING else text
            found.append((same, row - 1))
            after = text
    except (tokenize.TokenError, SyntaxError, ValueError):
        pass
    return found


def winnow(hashes: list[int]) -> set[int]:
    """Which of them are kept: in each window the smallest, of equal ones the last."""
    kept = set()
    for start in range(max(1, len(hashes) - WINDOW + 1)):
        window = range(start, min(start + WINDOW, len(hashes)))
        if window:
            kept.add(min(window, key=lambda n: (hashes[n], -n)))
    return kept


def code_of(notebook: NotebookNode, known: NotebookNode) -> Code:
    """A student's answers and helper cells; what stands in a released cell of code is left out."""
    released = [cell.source for cell in known.cells if cell.cell_type == "code"]
    given = {line.strip() for source in released for line in source.split("\n")}
    cells, hashes, left = [], defaultdict(set), PAGE
    for cell in notebook.cells:
        about = cell.metadata.get("nbgrader", {})
        if cell.cell_type != "code" or cell.source in released or about.get("grade"):
            continue
        source = printable(cell.source, LONGEST)
        left -= len(source)
        if left < 0:
            break
        read = tokens(source, given)
        runs = [read[n : n + K] for n in range(len(read) - K + 1)]
        values = [crc32("\0".join(text for text, _ in run).encode()) for run in runs]
        for n in winnow(values):
            hashes[values[n]] |= {(len(cells), line) for _, line in runs[n]}
        cells.append((str(about.get("grade_id") or ""), source))
    return Code(tuple(cells), dict(hashes))


def limit(found: dict[str, Code]) -> float:
    """How many students may hold a hash that still counts."""
    return max(FEW, COMMON * len(found))


def pairs(found: dict[str, Code]) -> list[Pair]:
    """The pairs that are alike, the most alike first."""
    held = Counter(value for code in found.values() for value in code.hashes)
    rare = {s: {v for v in code.hashes if held[v] <= limit(found)} for s, code in found.items()}
    holders = defaultdict(list)
    for student in sorted(rare):
        for value in rare[student]:
            holders[value].append(student)
    common = Counter(two for who in holders.values() for two in combinations(who, 2))
    by_cell = {student: code.by_cell() for student, code in found.items()}
    alike = []
    for (one, other), count in common.items():
        both = rare[one] & rare[other]
        share = count / min(len(found[one].hashes), len(found[other].hashes))
        if (count >= WHOLE[0] and share >= WHOLE[1]) or (
            count >= ANSWER[0] and same_answer(by_cell[one], by_cell[other], both)
        ):
            lines = [set().union(*(found[s].hashes[v] for v in both)) for s in (one, other)]
            alike.append(Pair((one, other), count, share, (lines[0], lines[1])))
    return sorted(alike, key=lambda p: (-p.common, p.students))[:MOST]


def same_answer(one: list[set[int]], other: list[set[int]], both: set[int]) -> bool:
    """Whether a cell of the one is nearly a cell of the other."""
    large = [(cell, cell & both) for cell in one if len(cell & both) >= ANSWER[0]]
    return any(
        len(mine & theirs) >= max(ANSWER[0], ANSWER[1] * min(len(cell), len(theirs)))
        for cell, mine in large
        for theirs in other
    )


def sides(pair: Pair, found: dict[str, Code]) -> list[list[tuple[str, list[tuple[str, bool]]]]]:
    """For each of the two: the cells with something in common, their lines, and which those are."""
    both = []
    for student, lines in zip(pair.students, pair.lines, strict=True):
        shown = [
            (name, [(text, (n, row) in lines) for row, text in enumerate(source.split("\n"))])
            for n, (name, source) in enumerate(found[student].cells)
            if any(cell == n for cell, _ in lines)
        ]
        both.append(shown)
    return both


def write(rows: list[Row], known: NotebookNode, path: Path) -> int:
    """The page of pairs, side by side; returns how many there are."""
    found = {}
    for row in rows:
        try:
            text = row.notebook.read_bytes() if row.notebook else b""
            found[row.student] = code_of(nbformat.from_dict(json.loads(text)), known)
        except (ValueError, KeyError, AttributeError, TypeError):
            continue  # cut off or odd: there is nothing to compare
    these = pairs(found)
    assignment = path.stem.removesuffix("-alike")
    page = (
        templates()
        .get_template("alike.html")
        .render(
            title=title_of(known, assignment),
            assignment=assignment,
            limit=limit(found),
            pairs=[(pair, sides(pair, found)) for pair in these],
        )
    )
    write_whole(path, page.encode(errors="replace").decode())
    return len(these)
