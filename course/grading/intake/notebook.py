"""Reads a notebook's bytes, in every format, and cuts them down to what the cells say."""

import itertools
import json
import re
from typing import Any

MOST_PARTS = 2_000_000  # lists and objects of its JSON
MOST_CELLS = 1000
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class Refused(Exception):
    """What was handed in cannot be read; the text says why, to student and instructor."""


def parse(raw: bytes, name: str) -> dict[str, Any]:
    """The notebook in `raw`, cut down to cells with a text, an id, and nbgrader's id and tags.

    Reads every format from 1 to 4, with or without metadata; raises `Refused` for what is none.
    """
    if not raw.strip():
        raise Refused(f"{name} is empty")
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        raise Refused(f"{name} is not UTF-8 text: byte {problem.start + 1} is none") from None
    if raw.count(b"[") + raw.count(b"{") > MOST_PARTS:
        raise Refused(f"{name} has over {MOST_PARTS:,} lists in it; clear its outputs")
    try:
        data = json.loads(text)
    except RecursionError:
        raise Refused(f"{name} is nested too deeply to be a notebook") from None
    except ValueError as problem:
        raise Refused(f"{name} is broken, it is not JSON: {problem}") from None
    if not isinstance(data, dict):
        raise Refused(f"{name} is no notebook: it holds no cells")
    version = data.get("nbformat")
    if isinstance(version, int | float) and version >= 5:
        raise Refused(f"{name} is of notebook format {version}; save it in format 4")
    cells = data.get("cells")
    if isinstance(sheets := data.get("worksheets"), list):  # formats 2 and 3
        cells = [c for s in sheets if isinstance(s, dict) for c in s.get("cells") or ()]
    if not isinstance(cells, list):
        raise Refused(f"{name} is no notebook: it holds no cells")
    if len(cells) > MOST_CELLS:
        raise Refused(f"{name} has {len(cells):,} cells; at most {MOST_CELLS:,} are read")
    ids: set[str] = set()
    new = [_cell(c, n, ids) for n, c in enumerate(cells) if isinstance(c, dict)]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": new}


def _cell(cell: dict[str, Any], number: int, ids: set[str]) -> dict[str, Any]:
    source = next((cell[k] for k in ("source", "input", "code", "text") if k in cell), "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
    source = source if isinstance(source, str) else ""
    source = source.encode("utf-8", "replace").decode().replace("\0", "")  # halves of signs
    kind = cell.get("cell_type")
    kind = kind if kind in ("code", "raw") else "markdown"
    own = cell.get("id")
    if not isinstance(own, str) or not CELL_ID.fullmatch(own) or own in ids:
        own = next(i for i in (f"{'x' * n}{number}" for n in itertools.count()) if i not in ids)
    ids.add(own)
    meta = cell.get("metadata")
    meta = meta if isinstance(meta, dict) else {}
    nbgrader, tags = meta.get("nbgrader"), meta.get("tags")
    kept: dict[str, Any] = {}
    if isinstance(nbgrader, dict) and isinstance(nbgrader.get("grade_id"), str):
        kept["nbgrader"] = {"grade_id": nbgrader["grade_id"]}
    if isinstance(tags, list):
        kept["tags"] = [t for t in tags if isinstance(t, str)]
    new = {"cell_type": kind, "id": own, "metadata": kept, "source": source}
    return new | ({"outputs": [], "execution_count": None} if kind == "code" else {})


def shown(name: str) -> str:
    """A name as it may be shown: printable, and not long."""
    name = "".join(c if c.isprintable() else "?" for c in name)
    return name if len(name) <= 60 else name[:57] + "…"
