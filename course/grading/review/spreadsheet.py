"""Tables for spreadsheets: CSV in which no text that somebody wrote is taken for a formula."""

import csv
import io
from collections.abc import Iterable
from typing import Any

from course.grading.review.feedback import number, printable


def table(lines: Iterable[Iterable[Any]]) -> str:
    """Rows as CSV; a text that a spreadsheet would take for a formula gets a `'` before it."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([plain(cell) for cell in row] for row in lines)
    return out.getvalue().encode(errors="replace").decode()


def plain(cell: Any) -> Any:
    """A cell as it is written."""
    if not isinstance(cell, str):
        return number(cell) if isinstance(cell, float) else cell
    text = printable(cell, 2000)
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t") else text
