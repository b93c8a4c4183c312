"""The running table: the rows in which the chapters end, taken from their executed pages.

    python book/running_table.py

writes book/data/running_table.json, from what the last build of the book kept. Chapter 09 shows
the rows together, and a test holds them in step with the pages.
"""

import json
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]
STORED = ROOT / "book" / "data" / "running_table.json"
KEPT = ROOT / "_build" / ".jupyter_cache"  # the executed pages
LAST = "seconds to fit"  # the last column, by which such a table is known
COLLECTS = "09-comparison"  # the page that shows them all


def tables(notebook: dict) -> list[list[list[str]]]:
    """The running tables among the outputs of an executed page: rows of cells, headings first."""
    found = []
    for cell in notebook["cells"]:
        for output in cell.get("outputs", []):
            text = "".join(output.get("data", {}).get("text/markdown", ""))
            lines = [line for line in text.splitlines() if line.startswith("|")]
            rows = [[part.strip() for part in line.strip("|").split("|")] for line in lines]
            if rows and rows[0][-1] == LAST:
                found.append([rows[0], *rows[2:]])
    return found


def collect(kept: Path = KEPT) -> dict:
    """The headings, and each chapter's rows with its name; a row that comes again is left out."""
    headings: list[str] = []
    rows: list[dict] = []
    seen = set()
    for path in sorted(kept.glob("chapters--*.ipynb")):
        chapter = path.name.removeprefix("chapters--").split(".")[0]
        if chapter == COLLECTS:
            continue
        for table in tables(json.loads(path.read_text(encoding="utf-8"))):
            headings = table[0]
            for row in table[1:]:
                if tuple(row[:5]) not in seen:
                    seen.add(tuple(row[:5]))
                    rows.append({"chapter": chapter, "cells": row})
    return {"command": "python book/running_table.py", "headings": headings, "rows": rows}


if __name__ == "__main__":
    found = collect()
    chapters = {row["chapter"] for row in found["rows"]}
    wanted = {p.stem for p in (ROOT / "book" / "chapters").glob("0*.md")} - {COLLECTS}
    if chapters != wanted:
        missing = ", ".join(sorted(wanted - chapters))
        sys.exit(f"error: no rows of {missing} in {KEPT}: `make book` first")
    STORED.write_text(json.dumps(found, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")
    print(f"{len(found['rows'])} rows of {len(chapters)} chapters")
