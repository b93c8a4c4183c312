"""A guest runs a cell statement by statement: what fails costs only what depends on it."""

import pytest

from course.grading.sandbox import wall
from course.grading.sandbox.zygote import Zygote

pytestmark = [
    pytest.mark.xdist_group("judge"),
    pytest.mark.skipif(bool(wall.sandbox_problem()), reason=wall.sandbox_problem()),
]


@pytest.fixture(scope="module")
def zygote():
    made = Zygote(["import math"], [])
    yield made
    made.close()


@pytest.fixture
def run(zygote):
    """Runs cells in one guest; gives what the last one showed, errors by their names."""
    guest = zygote.start()

    def run(*cells):
        outputs = [guest.run(source, 60) for source in cells][-1]
        errors = [o["ename"] for o in outputs if o["output_type"] == "error"]
        shown = [o["data"]["text/plain"] for o in outputs if o["output_type"] == "execute_result"]
        return shown, errors

    yield run
    guest.stop()


NOTHING = [
    "%matplotlib inline",
    "%matplotlib widget",
    "%matplotlib notebook",
    "%pylab",
    "%load_ext autoreload",
    "%autoreload 2",
    "%load_ext no_such_extension",
    "%store -r",
    "%nobody_knows_this",
    "%%time",
    "%%nobody_knows_this\nx",
    "%reset -f",
    "get_ipython().run_line_magic('matplotlib', 'widget')",
    "get_ipython().kernel.comm_manager.register_target('x', print)",
    "get_ipython().kernel.shell_handlers = {}",
    "name = input('Your name? ')",
    "import getpass; getpass.getpass()",
]


@pytest.mark.parametrize("line", NOTHING)
def test_a_line_for_the_page_alone_does_nothing(run, line):
    cells = [line, "def f():\n    return 3"] if line.startswith("%%nobody") else [line + "\ndef f():\n    return 3"]  # fmt: skip
    assert run(*cells)[1] == []
    assert run("f() + math.floor(0.5)") == (["3"], [])


def test_what_pylab_brings_is_there(run):
    assert run("%pylab\nimport no_such_module\nfloat(np.sqrt(plt.np.ones(1)).sum())")[0] == ["1.0"]


@pytest.mark.parametrize(
    "line",
    [
        "1 / 0",
        "import no_such_module, cmath",
        "int(input())",
        "raise SystemExit",
        "exit()",
        "import sys; sys.exit(1)",
    ],
)
def test_a_failing_statement_leaves_those_below_it(run, line):
    shown, errors = run(f"{line}\nimport cmath as c, sys\ndef f():\n    return c.pi\nround(f())")
    assert shown == ["3"]
    assert len(errors) <= 1


def test_of_an_import_each_name_stands_for_itself(run):
    assert run("from math import tau, no_such_name, e\nround(tau + e)") == (["9"], ["ImportError"])


def test_no_definition_is_made_of_new_and_old(run):
    """What a failed statement was to set has its old value: nothing below it is run with that."""
    old = "scale = 1\ndef f(x):\n    return x\ndef g(x):\n    return 10 * f(x) * scale"
    new = (
        "scale = no_such_name\n"
        "def f(x):\n    return x * scale\n"
        "def g(x):\n    return 20 * f(x)\n"
        "def h(x):\n    return 2 * x\n"
    )
    assert run(old, new)[1] == ["NameError", "NotRun", "NotRun"]
    assert run("f(3), g(3), h(3)") == (["(3, 30, 6)"], [])


def test_a_name_that_is_set_after_all_may_be_used(run):
    new = "scale = no_such_name\nscale = 4\ndef f(x):\n    return x * scale\nf(2)"
    assert run("scale = 1", new) == (["8"], ["NameError"])


def test_where_there_is_no_old_value_a_definition_fails_by_itself(run):
    assert run("scale = no_such_name\ndef f(x):\n    return x * scale if x else 0\nf(0)")[0] == [
        "0"
    ]
    assert run("f(1)") == ([], ["NameError"])


def test_a_wrapper_that_fails_leaves_what_it_was_to_wrap(run):
    assert run("def f(x):\n    return 2 * x\nf = njit(f)")[1] == ["NameError"]
    assert run("f(2)") == (["4"], [])


def test_a_module_is_no_old_value(run):
    assert run("import math.no_such_part\nmath.floor(2.5)") == (["2"], ["ModuleNotFoundError"])


def test_only_the_last_expression_is_shown(run):
    assert run("1\n2\nnone = 1 / 0\n3") == (["3"], ["ZeroDivisionError"])
    assert run("3\nx = 4") == ([], [])


def test_await_works_at_the_top(run):
    assert run("import asyncio\nawait asyncio.sleep(0)\n5") == (["5"], [])
