"""Reads a notebook's bytes, in every format, and cuts them down to what the cells say."""

import itertools
import json
import math
import re
from typing import Any

from course.grading.records import Flag

MOST_PARTS = 2_000_000  # lists and objects of its JSON
MOST_CELLS = 1000
CELL_ID = re.compile(r"[a-zA-Z0-9_-]{1,64}")


class Refused(Exception):
    """What was handed in cannot be read; the text says why, to student and instructor."""


def parse(raw: bytes, name: str, flags: list[Flag] | None = None) -> dict[str, Any]:
    """The notebook in `raw`, cut down to cells with a text, an id, and nbgrader's id and tags.

    Reads every format from 1 to 4, with or without metadata, damaged or not, as long as it is JSON
    and has cells; raises `Refused` for what is none. What was read in spite of damage is added to
    `flags`.
    """
    if not raw.strip():
        raise Refused(f"{name} is empty")
    found: list[Flag] = [] if flags is None else flags
    if raw.count(b"[") + raw.count(b"{") > MOST_PARTS:
        raise Refused(f"{name} has over {MOST_PARTS:,} lists in it; clear its outputs")
    try:
        data = _loads(_decoded(raw, found), found)
    except RecursionError:
        raise Refused(f"{name} is nested too deeply to be a notebook") from None
    except ValueError as problem:
        raise Refused(f"{name} is broken, it is not JSON: {problem}") from None
    if not isinstance(data, dict):
        raise Refused(f"{name} is no notebook: it holds no cells")
    version = data.get("nbformat")
    if isinstance(version, int | float) and version >= 5:
        raise Refused(f"{name} is of notebook format {shown(str(version))}; save it in format 4")
    cells, sheets = data.get("cells"), data.get("worksheets")
    if not (isinstance(cells, list) and cells) and isinstance(sheets, list):  # formats 2 and 3
        lists = [s.get("cells") for s in sheets if isinstance(s, dict)]
        cells = [c for part in lists if isinstance(part, list) for c in part]
    if not isinstance(cells, list):
        raise Refused(f"{name} is no notebook: it holds no cells")
    if len(cells) > MOST_CELLS:
        raise Refused(f"{name} has {len(cells):,} cells; at most {MOST_CELLS:,} are read")
    ids: set[str] = set()
    new = [_cell(c, n, ids) for n, c in enumerate(cells) if isinstance(c, dict)]
    return {"nbformat": 4, "nbformat_minor": 5, "metadata": {}, "cells": new}


def _decoded(raw: bytes, flags: list[Flag]) -> str:
    """`raw` as text; one wrong byte, or a program that knows no UTF-8, costs no answer."""
    encoding = json.detect_encoding(raw)
    try:
        text = raw.decode(encoding)
    except UnicodeDecodeError as problem:
        text = raw.decode(encoding, "replace")
        words = f"byte {problem.start + 1} is not {encoding.upper()}; what is none stands as �"
        flags.append(Flag("damaged file", words))
    return text.removeprefix("\ufeff")


def _loads(text: str, flags: list[Flag]) -> Any:
    """The JSON in `text`: of a key that stands twice the last value counts that holds something."""
    twice: dict[str, None] = {}

    def pairs(found: list[tuple[str, Any]]) -> dict[str, Any]:
        data = dict(found)
        if len(data) < len(found):
            held: set[str] = set()
            for key, value in found:
                if key in held:
                    twice[shown(key)] = None
                if key not in held or value not in (None, "", [], {}):
                    data[key] = value
                held.add(key)
        return data

    data = json.loads(text, strict=False, parse_int=_whole, object_pairs_hook=pairs)
    if twice:
        words = f"{', '.join(list(twice)[:5])} stands twice in one place; the last was read"
        flags.append(Flag("repeated key", words))
    return data


def _whole(digits: str) -> float:
    return int(digits) if len(digits) < 400 else math.inf


def _cell(cell: dict[str, Any], number: int, ids: set[str]) -> dict[str, Any]:
    texts = (cell.get(k) for k in ("source", "input", "code", "text"))
    source = next((t for t in texts if isinstance(t, str | list)), "")
    if isinstance(source, list):
        source = "".join(line for line in source if isinstance(line, str))
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
