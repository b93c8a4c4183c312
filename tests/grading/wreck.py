"""Notebooks damaged at random, as the bytes of a file.

`wrecked` takes a list of damages, each with a seed of its own, so that hypothesis can shorten it.
"""

import copy
import json
import math
import random

from damage import DAMAGES, answered

JUNK = [None, True, 0, -1, 3.5, 10**30, math.nan, math.inf, "", "x", "\ud800", "\0", [], {}, [[]],
        [None], {"a": None}, "cells", "é\u2028", "@raw0@", "@raw1@", "@raw2@", "@raw3@"]  # fmt: skip
RAW = [
    b"9" * 5000,
    b"1e999",
    b"-Infinity",
    b"[" * 150 + b"]" * 150,
]  # for what `dumps` cannot write
DEEP = b'{"a":[' * 60_000 + b"1" + b"]}" * 60_000
KINDS = ["code", "markdown", "raw", "heading", "CODE", None, 7]
MIME = {
    "application/vnd.x+json": {"a": [1]},
    "text/latex": "$x$",
    "x": None,
    "image/png": "AA" * 99,
}


def cells_of(data):
    """Its cells, in every format; what is none is left out."""
    found, sheets = data.get("cells"), data.get("worksheets")
    if not (isinstance(found, list) and found) and isinstance(sheets, list):
        found = [c for s in sheets if isinstance(s, dict) and isinstance(s.get("cells"), list) for c in s["cells"]]  # fmt: skip
    return [c for c in found if isinstance(c, dict)] if isinstance(found, list) else []


def has_cells(data):
    return isinstance(data.get("cells"), list) or isinstance(data.get("worksheets"), list)


def some(data, rng):
    return rng.choice(cells_of(data) or [{}])


def spot(data, rng):
    """A place in the tree of JSON: what holds it, and its key; most often near a cell's top."""
    here = some(data, rng) if rng.random() < 0.85 else data
    while True:
        keys = list(here) if isinstance(here, dict) else list(range(len(here)))
        if not keys:
            return data, "metadata"
        key = rng.choice(keys)
        if not isinstance(here[key], dict | list) or not here[key] or rng.random() < 0.4:
            return here, key
        here = here[key]


# -- of the JSON -----------------------------------------------------------------------------


def another_value(data, rng):
    here, key = spot(data, rng)
    here[key] = copy.deepcopy(rng.choice(JUNK))


def value_gone(data, rng):
    here, key = spot(data, rng)
    here.pop(key) if isinstance(here, list) else here.pop(key, None)


def value_moved(data, rng):
    (a, one), (b, two) = spot(data, rng), spot(data, rng)
    if isinstance(a, dict) and isinstance(b, dict) and one in a and two in b:
        a[one], b[two] = copy.deepcopy(b[two]), copy.deepcopy(a[one])


def key_twice(data, rng):
    """The key once more, before or behind; `written` takes the mark off."""
    cell = some(data, rng)
    key = rng.choice(["source", "source", "cell_type", "id", "metadata"])
    again = {f"{key}@again": copy.deepcopy(rng.choice([*JUNK, some(data, rng).get(key)]))}
    whole = {**again, **cell} if rng.random() < 0.5 else {**cell, **again}
    cell.clear()
    cell.update(whole)


def top_key_twice(data, rng):
    key = rng.choice(["cells", "nbformat", "worksheets", "metadata"])
    data[f"{key}@again"] = copy.deepcopy(rng.choice([*JUNK, data.get(key)]))


def deep(data, rng):
    here, key = spot(data, rng)
    here[key] = "@deep@" if rng.random() < 0.1 else "@raw3@"


# -- of the notebook -------------------------------------------------------------------------


def cell_doubled(data, rng):
    if isinstance(data.get("cells"), list):
        data["cells"].insert(rng.randint(0, len(data["cells"])), copy.deepcopy(some(data, rng)))


def cell_dropped(data, rng):
    if data.get("cells") and isinstance(data["cells"], list):
        data["cells"].pop(rng.randrange(len(data["cells"])))


def cell_moved(data, rng):
    if data.get("cells") and isinstance(data["cells"], list):
        cell = data["cells"].pop(rng.randrange(len(data["cells"])))
        data["cells"].insert(rng.randint(0, len(data["cells"])), cell)


def cell_of_another_kind(data, rng):
    some(data, rng)["cell_type"] = rng.choice(KINDS)


def ids_stripped(data, rng):
    for cell in cells_of(data):
        if rng.random() < 0.5:
            cell.pop("id", None)
        if rng.random() < 0.5:
            cell["metadata"] = rng.choice([{}, None, [], {"nbgrader": {"grade_id": 3}}])


def ids_swapped(data, rng):
    one, two = some(data, rng), some(data, rng)
    for key in ("id", "metadata"):
        one[key], two[key] = two.get(key), one.get(key)


def older_schema(data, rng):
    """As a program of 2011, 2013, or 2015 would write it."""
    data["nbformat"], data["nbformat_minor"] = rng.choice([(4, 0), (3, 0), (2, 0), (1, 0)])
    cells = cells_of(data)
    for cell in cells:
        cell.pop("id", None)
        if data["nbformat"] < 4 and cell.get("cell_type") == "code":
            cell["input" if data["nbformat"] > 1 else "code"] = cell.pop("source", "")
            cell["prompt_number"], cell["language"] = cell.pop("execution_count", 1), "python"
    if data["nbformat"] in (2, 3):
        data.pop("cells", None)
        data["worksheets"] = [
            {"cells": cells, "metadata": {}},
            rng.choice([{}, None, {"cells": 5}]),
        ]


def line_lists(data, rng):
    for cell in cells_of(data):
        if isinstance(cell.get("source"), str):
            cell["source"] = cell["source"].splitlines(keepends=True)
            if rng.random() < 0.1:
                cell["source"].insert(0, rng.choice([None, 3, [], ""]))


def line_ends(data, rng):
    end = rng.choice(["\r\n", "\r"])
    for cell in cells_of(data):
        if isinstance(cell.get("source"), str):
            cell["source"] = cell["source"].replace("\n", end)


def outputs(data, rng):
    cell = some(data, rng)
    cell["attachments"] = rng.choice([None, {"a.png": MIME}, [], "x"])
    cell["outputs"] = [{"output_type": "display_data", "data": MIME, "metadata": None},
                       {"output_type": rng.choice(["stream", "x", None]), "text": "0 " * rng.choice([9, 90_000])}]  # fmt: skip


def picture_in_the_text(data, rng):
    """An image in base64, as some programs put it into a cell's text."""
    if isinstance(data.get("cells"), list):
        text = "![](data:image/png;base64," + "A" * rng.choice([1000, 300_000, 3_000_000]) + ")"
        cell = {"cell_type": "markdown", "metadata": {}, "source": text}
        data["cells"].insert(rng.randint(0, len(data["cells"])), cell)


def two_cells_in_one(data, rng):
    one, two = some(data, rng), some(data, rng)
    if isinstance(one.get("source"), str) and isinstance(two.get("source"), str) and one is not two:
        one["source"], two["source"] = one["source"] + "\n\n" + two["source"], ""


# -- of the file -----------------------------------------------------------------------------


def cut(raw, rng):
    return raw[: rng.randrange(len(raw) + 1)]


def flipped(raw, rng):
    raw = bytearray(raw)
    for _ in range(rng.choice([1, 1, 1, 3])):
        if raw:
            raw[rng.randrange(len(raw))] ^= 1 << rng.randrange(8)
    return bytes(raw)


def piece_gone(raw, rng):
    start = rng.randrange(len(raw) + 1)
    return raw[:start] + raw[start + rng.choice([1, 5, 500]) :]


def piece_twice(raw, rng):
    start = rng.randrange(len(raw) + 1)
    return raw[:start] + raw[start : start + rng.choice([1, 5, 500])] + raw[start:]


def marked_order(raw, rng):
    return b"\xef\xbb\xbf" + raw


def windows_ends(raw, rng):
    return raw.replace(b"\n", b"\r\n")


def sixteen_bits(raw, rng):
    return raw.decode("utf-8", "replace").encode("utf-16")


def western(raw, rng):
    return raw.decode("utf-8", "replace").encode("cp1252", "replace")


def zeros_behind(raw, rng):
    return raw + b"\0" * rng.choice([1, 4096])


def with_a_control_sign(raw, rng):
    start = rng.randrange(len(raw) + 1)
    return raw[:start] + bytes([rng.randrange(32)]) + raw[start:]


OF_DATA = [
    another_value, another_value, value_gone, value_moved, key_twice, top_key_twice, deep,
    cell_doubled, cell_dropped, cell_moved, cell_of_another_kind, ids_stripped, ids_swapped,
    older_schema, line_lists, line_ends, outputs, picture_in_the_text, two_cells_in_one,
]  # fmt: skip
OF_BYTES = [
    cut, flipped, flipped, piece_gone, piece_twice, marked_order, windows_ends, sixteen_bits, western,
    zeros_behind, with_a_control_sign,
]  # fmt: skip


def wrecked(name, first, data_damages, byte_damages):
    """The bytes of a notebook with right answers to assignment `name`, after all of these damages."""
    notebook, _ = answered(name, 0)
    DAMAGES[first](notebook, random.Random(first))
    data = json.loads(json.dumps(notebook))
    for which, seed in data_damages:
        OF_DATA[which](data, random.Random(seed))
    raw = written(data, plain=len(data_damages) % 2 == 0)
    for which, seed in byte_damages:
        raw = OF_BYTES[which](raw, random.Random(seed))
    return raw


def written(data, plain):
    raw = json.dumps(data, indent=1, ensure_ascii=plain).encode("utf-8", "surrogatepass")
    for n, token in enumerate(RAW):
        raw = raw.replace(f'"@raw{n}@"'.encode(), token)
    return raw.replace(b'"@deep@"', DEEP).replace(b'@again"', b'"')
