"""The running table that chapter 09 shows is that of the chapters' own pages."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

from course.paths import ROOT

spec = importlib.util.spec_from_file_location("running_table", ROOT / "book" / "running_table.py")
table = importlib.util.module_from_spec(spec)
spec.loader.exec_module(table)


def page(*outputs: str) -> dict:
    """An executed page whose cells put out this Markdown."""
    return {"cells": [{"outputs": [{"data": {"text/markdown": text}}]} for text in outputs]}


HEAD = (
    "| model | how | likelihood | test error | nats | seconds to fit |\n|---|---|---|---|---|---|\n"
)


def test_rows_are_taken_from_executed_pages(tmp_path: Path) -> None:
    first = page("# no table", HEAD + "| a | $p$ | exact | 1% | -3 | 0.1 |\n\nProse.", "| b | c |")
    second = page(HEAD + "| a | $p$ | exact | 1% | -3 | 9.9 |\n| a | $p$ | bound | 1% | -4 | 2 |")
    closing = page(HEAD + "| z | $p$ | exact | 1% | -3 | 0.1 |")
    for name, notebook in (("01-x", first), ("02-y", second), ("09-comparison", closing)):
        (tmp_path / f"chapters--{name}.0123.ipynb").write_text(json.dumps(notebook))
    found = table.collect(tmp_path)
    assert found["headings"][0] == "model"
    assert [(row["chapter"], row["cells"][2]) for row in found["rows"]] == [
        ("01-x", "exact"),
        ("02-y", "bound"),  # its first row came before, in other seconds
    ]


def numbers(text: str) -> list[float]:
    return [float(number) for number in re.findall(r"-?\d+\.?\d*", text)]


@pytest.mark.xdist_group("book")
def test_stored_rows_are_those_of_the_pages(html: Path) -> None:
    """Seconds apart; on another machine a training ends a little elsewhere."""
    stored, now = json.loads(table.STORED.read_text()), table.collect()
    again = f"`{stored['command']}` writes {table.STORED.name} again"
    assert stored["headings"] == now["headings"]
    assert [row["chapter"] for row in stored["rows"]] == [row["chapter"] for row in now["rows"]]
    for kept, made in zip(stored["rows"], now["rows"], strict=True):
        assert kept["cells"][:5] == made["cells"][:5], again
        for one, other in zip(kept["cells"][5:7], made["cells"][5:7], strict=True):
            spread = numbers(one)[-1] if "±" in one else 1.5  # of several trainings, as it says
            assert numbers(one) == pytest.approx(numbers(other), rel=0.02, abs=2 * spread), again
            assert re.sub(r"[-\d.]", "", one) == re.sub(r"[-\d.]", "", other), again
