"""Which cells a cell needs: one analysis, for what is carried along and for what is run again."""

import pytest

from course.grading.intake.pysource import definitions, names, needed

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


FIRST = {
    "X = 3\nf(X)": set(),  # a trial line's own value, whatever other cells call X
    "for X in range(3):\n    f(X)": set(),
    "with open('x') as X:\n    f(X)": set(),
    "try:\n    import X\nexcept ImportError as e:\n    X = e\nf(X)": set(),
    "if c:\n    X = 1\nelse:\n    X = 2\nf(X)": set(),
    "class A:\n    X = 1\n    y = X": set(),
    "def X():\n    return X()": set(),
    "[X for X in range(3)]": set(),
    "if c:\n    X = 1\nf(X)": {"X"},
    "for _ in c:\n    X = 1\nf(X)": {"X"},
    "f(X)\nX = 3": {"X"},
    "X += 1": {"X"},
    "X = wrap(X)": {"X"},
    "class A:\n    y = X\nX = 1": {"X"},
    "@X\ndef g():\n    pass\nX = 1": {"X"},
    "[X for _ in range(3)]\nX = 1": {"X"},
}


@pytest.mark.parametrize("source", FIRST)
def test_a_name_is_wanted_from_before_only_if_it_may_be_read_before_it_is_set(source):
    assert names(source).used & {"X"} == FIRST[source]


def test_of_several_cells_the_last_one_before_set_it_and_the_last_of_all_for_functions():
    cells = {"one": "X = 1", "two": "X = 2", "use": "y = X", "three": "X = 3", "f": "def f():\n    return X"}  # fmt: skip
    assert needed({k: cells[k] for k in ("one", "two", "use")}, "use") == {"two", "use"}
    assert needed(cells, "f") == {"three", "f"}


def test_definitions_are_what_runs_in_no_time():
    cell = (
        "import math, torch\nEPS = 1e-6\nX = torch.ones(3)\nfor _ in X:\n    pass\n"
        "%time f(3)\ndef f(x):\n    return x + EPS\nf(2)\nclass A:\n    pass"
    )
    kept = definitions(cell)
    assert [line.split()[1] for line in kept.splitlines() if line[0] != " "] == [
        "math,", "=", "f(x):", "A:"
    ]  # fmt: skip
    assert definitions("def broken(:") == ""
