"""Which cells a cell needs: one analysis, for what is carried along and for what is run again."""

import pytest

from course.grading.intake.pysource import names, needed

CELLS = {
    "np": "import numpy as np",
    "twice": "%time\ndef twice(x):\n    y = 2 * x\n    return y",
    "y": "y = np.ones(3)",
    "state": "def make():\n    global table\n    table = {}\nmake()",
    "more": "table['a'] = 1\ncount = 0",
    "count": "count = count + 1",
    "broken": "def broken(:\n    twice(3)",
}


@pytest.mark.parametrize(
    ("source", "wanted"),
    [
        ("twice(1)", {"twice"}),  # not y, which is a local name there
        ("def f(x):\n    return twice(y)", {"twice", "y", "np"}),
        ("table", {"state"}),
        ("count", {"more", "count", "state"}),
        ("def f(np):\n    return np.pi", set()),
        ("def f(:\n    y", {"y", "np"}),
        ("broken", {"broken", "twice"}),
        ("1", set()),
    ],
)
def test_a_cell_needs_what_sets_the_names_that_it_uses(source, wanted):
    assert needed({**CELLS, "last": source}, "last") == wanted | {"last"}


def test_cells_that_need_each_other_are_an_end():
    assert needed({"a": "f = lambda: g()", "b": "g = lambda: f()"}, "a") == {"a", "b"}


def test_a_cell_of_no_name_needs_nothing():
    assert needed(CELLS, "") == {""}


def test_a_name_that_is_set_and_used_may_come_from_before():
    assert names("count = count + 1").used == {"count"}
    assert names("count = 0").used == set()
