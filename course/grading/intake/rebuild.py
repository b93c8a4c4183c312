"""Builds the notebook that is graded: the released one, with the student's answers moved in.

Whatever happened to a submission (cells copied, moved, deleted, turned into text, stripped of their
metadata), the result holds each released cell once, with its own text, ids and tags; only the answers
are the student's, and cells of the student's own, whose ids begin with `own-` and which earn
nothing. Outputs and attachments stay behind.
"""

import copy
from dataclasses import dataclass

from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell

from course.grading.intake.pieces import Piece, Released, likeness, lines, normal, read
from course.grading.intake.pysource import added, names, tree, without
from course.grading.records import Flag

OWN = "own-"
MOST_STATEMENTS = 50  # of a changed set-up cell that get a cell each
LIKE = 0.5  # the share of lines in common that makes a cell the answer that none defines


@dataclass
class Own:
    """A cell of the student's own, and the place of the released cell that it goes before."""

    source: str
    place: int
    order: int  # as submitted
    kind: str = "code"
    runs: bool = True  # else only if an answer needs a name that it sets
    shown: bool = True  # even if it does not run
    replaces: int | None = None  # the released demo cell that it is, or was made from


def rebuild(submitted: NotebookNode, released: NotebookNode) -> tuple[NotebookNode, list[Flag]]:
    """The released notebook with the answers of `submitted`, and what a person should look at."""
    known = Released(released)
    flags: list[Flag] = []
    pieces = read(submitted, known, flags)
    chosen = {i: choose(i, pieces, known, flags) for i in known.answers}
    sources = {i: s for i, s in chosen.items() if s is not None}
    own = carry(pieces, known, sources)
    settle(own, known, sources)
    return assemble(released, known, sources, own), flags


def choose(i: int, pieces: list[Piece], known: Released, flags: list[Flag]) -> str | None:
    """What the student wrote for the answer at place `i`; None if nothing. Notes that the piece is used."""
    asked, hole, about = known.answers[i], known.cells[i].source, known.answer_id(i)
    ranks: dict[str, list[tuple[int, Piece, str]]] = {
        k: [] for k in ("placed", "named", "text", "weak", "inside")
    }
    for n, p in enumerate(pieces):
        elsewhere, source = p.at is not None and p.at not in known.answers, p.source
        if not source.strip() or (p.at == i and not added(source, hole)):
            continue  # untouched, but for comments
        if elsewhere:  # a released cell that is no answer: what the student put in may be one
            source = "\n\n".join(added(source, known.cells[p.at].source)) if p.defs & asked else ""
        defines = p.defs & asked
        if defines and p.text and not elsewhere:
            ranks["text"].append((n, p, source))
        elif defines and p.at == i:
            ranks["placed"].append((n, p, source))
        elif defines and (p.at is None or (elsewhere and names(source).defs & asked)):
            ranks["named"].append((n, p, source))
        elif defines and not elsewhere:
            ranks["inside"].append((n, p, source))
        elif p.at == i or (p.at is None and p.kind == "code" and _assigns(source, asked)):
            ranks["weak"].append((n, p, source))
    placed, named = ranks["placed"], ranks["named"]
    set_up = [w for w in ranks["weak"] if _assigns(w[2], asked)]
    best = placed or named or set_up or ranks["text"] or ranks["weak"] or ranks["inside"]
    if placed:  # the student's own cell wins if, read from the top, the check would have used it
        checks = [n for n, p in enumerate(pieces) if p.at != i and known.answer_id(p.at) == about]
        best = placed + [c for c in named if placed[-1][0] < c[0] < min(checks, default=0)]
    versions = placed + named + [t for t in ranks["text"] if t[1].kind != "code"]  # no notes
    if len({normal(s) for _, _, s in versions}) > 1:
        text = f"{len(versions)} cells define {' and '.join(sorted(asked))}, not all alike; "
        flags.append(
            Flag("two versions", text + "one is graded: code before text, the last edited", about)
        )
    if best:
        _, piece, source = best[-1]
        if piece.text:
            text = "it was left as text, not as code; it was taken as the answer: please look"
            flags.append(Flag("answer in text", text, about))
        piece.used, piece.at = True, i if piece.at is None else piece.at
        return source
    strays = [p for p in pieces if p.at is None and p.kind == "code" and not p.defs and not p.used]
    close = [(likeness(lines(hole), lines(p.source)), n) for n, p in enumerate(strays)]
    if not close or max(close)[0] < LIKE:
        return None
    piece = strays[max(close)[1]]
    piece.used, piece.at = True, i
    text = "no cell defines it; the one that looks most like it was taken: please look"
    flags.append(Flag("likeness", text, about))
    return piece.source


def _assigns(source: str, asked: frozenset[str]) -> bool:
    found = names(source)
    return bool(asked & (found.bound - found.reused))


def carry(pieces: list[Piece], known: Released, sources: dict[int, str]) -> list[Own]:
    """The student's own cells: all that is in the notebook and is neither released nor an answer."""
    own: list[Own] = []
    for n, p in enumerate(pieces):
        at = len(known.cells) if p.at is None else p.at
        kind, text = ("", "") if p.at is None else (known.kinds[at], known.cells[at].source)
        after = (
            q.at for q in pieces[n + 1 :] if q.used or (q.at is not None and q.at not in sources)
        )
        place = next((a for a in after if a is not None), len(known.cells))
        if p.used or not p.source.strip() or normal(p.source) == normal(text):
            continue
        if p.text and p.kind == "code":  # its text is carried along
            continue
        if p.kind == "markdown" and kind in ("", "text"):
            own.append(Own(p.source, place, n, "markdown"))
        elif kind == "given":  # each statement apart: one that fails does not take the others along
            new = added(p.source, text)
            new = new if len(new) <= MOST_STATEMENTS else ["\n".join(new)]
            own += [Own(s, at + 1, -1) for s in new]
        elif kind == "check" and tree(p.source):
            own += [
                Own(s, place, n, runs=False, shown=False)
                for s in added(p.source, text)
                if names(s).defs
            ]
        elif kind == "demo":
            own.append(Own(p.source, at, n, runs=False, replaces=at))
        elif kind in ("", "answer") and p.kind == "code":
            rest = without(p.source, known.asked) if p.defs else p.source
            if rest and normal(p.source) not in map(normal, sources.values()):
                own.append(Own(rest, place, n))
    edited = {o.replaces for o in own}
    for i, cell in enumerate(known.cells):
        if known.kinds[i] == "demo" and i not in edited:
            own.append(Own(cell.source, i, -1, runs=False, shown=False, replaces=i))
    for o in own:
        if o.kind == "code":
            o.place = max(o.place, known.first)
    return own


def settle(own: list[Own], known: Released, sources: dict[int, str]) -> None:
    """Put each own cell before the first answer that needs it, and run those that are needed."""
    given = [c.source for i, c in enumerate(known.cells) if known.kinds[i] == "given"]
    there = {name for s in [*given, *sources.values()] for name in names(s).bound}
    makers: dict[str, list[Own]] = {}
    for o in sorted(own, key=lambda o: (not o.runs, o.order)):
        for name in names(o.source).bound if o.kind == "code" else ():
            makers.setdefault(name, []).append(o)
    for i in sorted(sources):
        wanted, seen = [(name, i) for name in names(sources[i]).used], set(there)
        while wanted:
            name, place = wanted.pop()
            if name in seen or name not in makers:
                continue
            seen.add(name)
            early = [o for o in makers[name] if o.place <= place]
            maker = (early or makers[name])[0]
            maker.runs, maker.place = True, min(maker.place, place)
            wanted += [(used, maker.place) for used in names(maker.source).used]


def assemble(
    released: NotebookNode, known: Released, sources: dict[int, str], own: list[Own]
) -> NotebookNode:
    """A copy of the released notebook with the answers and the student's own cells in it."""
    result = NotebookNode({k: copy.deepcopy(v) for k, v in released.items() if k != "cells"})
    shown = sorted((o for o in own if o.runs or o.shown), key=lambda o: (o.place, o.order))
    ids = iter(f"{OWN}{n:03d}" for n in range(1, len(shown) + 1))
    gone = {o.replaces for o in shown}
    result.cells = []
    for i in range(len(known.cells) + 1):
        for o in (o for o in shown if o.place == i):
            new = new_code_cell if o.kind == "code" else new_markdown_cell
            meta = {} if o.runs else {"tags": ["demo"]}
            result.cells.append(new(o.source, id=next(ids), metadata=meta))
        if i < len(known.cells) and i not in gone:
            cell = copy.deepcopy(known.cells[i])
            cell.source = sources.get(i, cell.source)
            cell.pop("attachments", None)
            if cell.cell_type == "code":
                cell.outputs, cell.execution_count = [], None
            result.cells.append(cell)
    return result
