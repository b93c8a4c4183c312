"""The engine of the checks: each comparison is seen to fail, and what a student sees of it."""

import math
import re
from types import ModuleType

import nbformat
import numpy as np
import pytest
import torch
from IPython.core.interactiveshell import InteractiveShell
from nbclient import NotebookClient

from course.checks import cases, check, laws, summary
from course.checks.cases import Call, Doing, Law, holds
from course.checks.compare import Raised, Rule, difference
from course.checks.engine import problem
from course.checks.exercise import Exercise, change, load
from course.checks.telling import Failed, Open
from course.kernels import sockets

T = torch.tensor
NAN = math.nan

DIFFERENT = {
    "nothing": (T([1.0]), None, {}, "nothing came back"),
    "a number for a tensor": (T([1.0]), 1.0, {}, "a tensor is wanted, got float"),
    "a shape": (torch.zeros(2, 1), torch.zeros(2), {}, r"shape \(2, 1\) is wanted, got \(2,\)"),
    "many for one": (T(1.0), torch.ones(2), {"shape": "one"}, "one number is wanted"),
    "too narrow": (torch.zeros(2, 3), torch.zeros(2, 2), {"shape": "wide"}, "shape"),
    "a dtype": (T([1.0]), T([1.0]).double(), {}, "float32 is wanted, got float64"),
    "no imaginary part, but complex": (1.0, 1 + 0j, {}, "a real number is wanted, got complex"),
    "no float": (T([1.0]), T([1]), {"dtype": "float"}, "float32 is wanted, got int64"),
    "a value": (T([1.0, 2.0]), T([1.0, 2.5]), {}, r"entry 1 should be 2, got 2\.5 \(1 of 2"),
    "a near value": (T([1.0]), T([1.00003]), {}, r"it should be 1, got 1\.00003"),
    "NaN": (T([1.0]), T([NAN]), {}, "should be 1, got nan"),
    "no NaN": (T([NAN]), T([1.0]), {}, "should be nan, got 1"),
    "infinity": (T([1.0]), T([math.inf]), {}, "got inf"),
    "a whole number": (3, 4, {}, "3 is wanted, got 4"),
    "true for one": (1, True, {}, "1 is wanted, got True"),
    "a row for one": (1, T([1.0, 2.0]), {}, r"1 is wanted, got a tensor of shape \(2,\)"),
    "an array for nothing": (None, np.ones(2), {}, "None is wanted, got array"),
    "a word": ("eps", "x0", {}, "'eps' is wanted, got 'x0'"),
    "too few": ((1, 2), (1,), {}, "2 things are wanted, got 1"),
    "not two": ((1, 2), 3, {}, "2 things are wanted, got int"),
    "the second": ((1, 2), (1, 3), {}, "number 2 of 2: 2 is wanted, got 3"),
    "a label": ({"the loss": 1.0}, {"the loss": 2.0}, {}, "the loss: it should be 1, got 2"),
    "an error": (T([1.0]), Raised("TypeError", "no"), {}, "TypeError: no"),
    "no error": (Raised("ValueError", ""), T([1.0]), {}, "this should raise ValueError, and it gave"),
    "another error": (Raised("ValueError", ""), Raised("KeyError", "k"), {}, "and it raised KeyError"),
    "another type": (torch.nn.Identity(), 3, {}, "Identity is wanted, got int"),
}  # fmt: skip


@pytest.mark.parametrize("kind", DIFFERENT)
def test_difference_is_seen_and_told(kind):
    wanted, got, rule, words = DIFFERENT[kind]
    with pytest.raises(AssertionError, match=words):
        raise AssertionError(difference(wanted, got, Rule(**rule)))


AGREE = {
    "near": (T([1.0]), T([1.000001]), {}),
    "both NaN": (T([NAN]), T([NAN]), {}),
    "a number where any will do": (T([1.0]), 1.0, {"tensor": False, "shape": "one", "dtype": False}),
    "wide enough": (torch.ones(2, 3), torch.ones(2, 1), {"shape": "wide"}),
    "any float": (T([1.0]), T([1.0]).double(), {"dtype": "float"}),
    "shape alone": (T([1.0]), T([9.0]), {"values": False}),
    "a kind of error": (Raised("ValueError", ""), Raised("UnicodeError", "", UnicodeError()), {}),
    "a float in a tensor": (1.0, T([1.0]), {}),
    "an int in a tensor": (3, T(3), {}),
    "a list for a tuple": ((1, 2), [1, 2], {}),
    "an array for a tuple": ((1, 2.5), np.array([1, 2.5]), {}),
}  # fmt: skip


@pytest.mark.parametrize("kind", AGREE)
def test_what_agrees_is_no_difference(kind):
    wanted, got, rule = AGREE[kind]
    assert difference(wanted, got, Rule(**rule)) == ""


def double(x, generator=None):
    return 2 * x


def exercise(*tried, seconds=10.0, definition=double, **mistakes):
    """An exercise without a file: these cases, and mistakes by name."""
    made = Exercise.__new__(Exercise)
    made.module, made.name, made.seconds = ModuleType("toy", "1.1 Twice."), "double", seconds
    made.definition, made.cases = definition, lambda seed, hidden=False: list(tried)
    vars(made.module).update({f"wrong_{name}": m for name, m in mistakes.items()})
    return made


def said(made, answer, **options):
    failed, _ = problem(made, answer, **options)
    return str(failed or "")


X = torch.linspace(0.5, 2, 6, dtype=torch.float64).reshape(2, 3)


def in_place(x, generator=None):
    x *= 2
    return x


def global_chance(x, generator=None):
    torch.rand(1)
    return 2 * x


def test_call_sees_what_was_changed_and_what_was_drawn():
    made = exercise(Call(X))
    assert said(made, double) == ""
    assert "x was changed, and belongs to the caller" in said(made, in_place)
    assert "global generator" in said(made, global_chance)
    assert X[0, 0] == 0.5  # the case is as it was


class Halved(torch.autograd.Function):
    """Twice, with half the gradient that this has."""

    @staticmethod
    def forward(x):
        return 2 * x

    @staticmethod
    def setup_context(*about):
        pass

    @staticmethod
    def backward(ctx, slope):
        return slope


def test_call_sees_gradients():
    made = exercise(Call(X).but(gradient=True))
    assert said(made, double) == ""
    assert "no gradient comes back" in said(made, lambda x: 2 * x.detach())
    assert "the value is right and its gradient by x is not" in said(made, Halved.apply)
    assert said(exercise(Call(X)), Halved.apply) == ""  # where none is asked for


def test_mistake_is_named_only_if_it_agrees_everywhere():
    def add_two(x):
        """two is added"""
        return x + 2

    def square(x):
        """a square"""
        return x**2

    both = T([2.0])  # 2 + 2 = 2 * 2 = 2 ** 2
    made = exercise(Call(both), Call(3 * both), add=add_two, square=square)
    assert said(made, lambda x: 2 + x) == "two is added"
    assert said(made, lambda x: x * x) == "a square"
    assert said(made, lambda x: x + 2 + 2 * (x > 4)) == "x = [6]: it should be 12, got 10"
    assert "told" not in said(exercise(Call(3 * both)), lambda x: 2 + x)


def test_mistakes_that_cannot_be_told_apart_are_not_named():
    def one(x):
        """one name"""
        return x + 2

    def other(x):
        """another name"""
        return x + 2

    assert "should be 6" in said(exercise(Call(T([3.0])), one=one, other=other), one)


def test_an_error_is_named_after_a_mistake_only_if_it_says_the_same():
    def transposed(x):
        """the columns are multiplied"""
        return x @ torch.ones(7, 7)

    made = exercise(Call(X), transposed=transposed)
    assert "the columns are multiplied" in said(made, lambda x: x @ torch.ones(9, 9))
    assert "the columns" not in said(made, lambda x: x.view(5, 5))  # a RuntimeError, too


def test_mistake_told_as_a_change_of_the_definition():
    thrice = change("three times", "2 * x", "3 * x")
    made = exercise(Call(X), thrice=thrice)
    assert said(made, lambda x: x + 2 * x) == "three times"
    with pytest.raises(ValueError, match="'5 \\* x' stands 0 times"):
        change("no such text", "5 * x", "x").text(double)


def test_hole_is_open_and_an_error_is_the_students_own():
    def hole(x):
        raise NotImplementedError

    def typo(x):
        return x.no_such()

    made = exercise(Call(X))
    with pytest.raises(Open):
        problem(made, hole)
    failed, _ = problem(made, typo)
    assert "AttributeError: 'Tensor' object has no attribute 'no_such'" in str(failed)
    assert isinstance(failed.error, AttributeError)


def for_ever(x):
    """it never ends"""
    while True:
        x = x + 1


def test_loops_are_stopped_in_answers_and_in_mistakes():
    made = exercise(Call(X), seconds=0.3, loops=for_ever)
    assert "stopped after 0.3 seconds" in said(made, for_ever)
    assert "should be 1, got 1.5" in said(made, lambda x: 3 * x)


def test_doing_tells_by_its_labels():
    made = exercise(Doing("a step", lambda f: {"what it made": f(T(1.0)), "its sign": f(T(-1.0))}))
    assert said(made, double) == ""
    assert said(made, abs) == "a step: what it made: it should be 2, got 1"


def draws(x, generator=None):
    return torch.randn(x.shape, generator=generator)


def by_law(measured):
    return exercise(Law("", measured), definition=draws)


def noise_of(answer):
    yield from laws.standard_normal(answer(torch.zeros(80, 50), generator=laws.seeded(1)))
    yield from laws.of_the_generator(lambda g: answer(torch.zeros(3), generator=g))


UNLAWFUL = {
    "mean": (lambda x, g: torch.randn(x.shape, generator=g) + 0.3, "the mean"),
    "variance": (lambda x, g: 1.3 * torch.randn(x.shape, generator=g), "the variance of the noise"),
    "uniform": (lambda x, g: 12**0.5 * (torch.rand(x.shape, generator=g) - 0.5), "Kolmogorov"),
    "clamped": (lambda x, g: torch.randn(x.shape, generator=g).clamp(-2.8, 2.8), "the largest of 4000"),
    "one a row": (lambda x, g: torch.randn(x[..., :1].shape, generator=g).expand(x.shape), "axis 1"),
    "global": (lambda x, g: torch.randn(x.shape), "the same generator state gave other"),
    "seeded": (lambda x, g: torch.randn(x.shape, generator=laws.seeded(7)), "a second call gave the same"),
    "both": (lambda x, g: torch.randn(x.shape, generator=g) + 0 * torch.rand(1), "torch's global generator too"),
}  # fmt: skip


@pytest.mark.parametrize("kind", UNLAWFUL)
def test_law_sees(kind):
    unlawful, words = UNLAWFUL[kind]
    assert words in said(by_law(noise_of), lambda x, generator: unlawful(x, generator))


def test_law_holds_of_right_answers_at_every_seed():
    for seed in range(200):

        def measured(answer, seed=seed):
            yield from laws.standard_normal(
                answer(torch.zeros(30, 20), generator=laws.seeded(seed))
            )
            coin = torch.rand(500, generator=laws.seeded(seed)) < 0.01
            yield laws.share(coin, 0.01, "a rare thing")

        assert said(by_law(measured), draws) == "", seed
    always = laws.share(torch.ones(500, dtype=torch.bool), 0.5, "heads")
    assert not always.holds
    assert str(holds(False, "words")) == "words"


def test_readings_of_one_mistake_are_told_from_anothers():
    """Noise scaled by sigma squared is not taken for noise scaled by the root of sigma."""

    def measured(answer):
        yield from laws.standard_normal(answer(torch.zeros(40, 50), generator=laws.seeded(1)))

    def squared(x, generator=None):
        """sigma squared"""
        return 0.25 * torch.randn(x.shape, generator=generator)

    def root(x, generator=None):
        """the root"""
        return 0.7 * torch.randn(x.shape, generator=generator)

    made = exercise(Law("", measured), definition=draws, squared=squared, root=root)
    assert said(made, squared) == "sigma squared"
    assert said(made, root) == "the root"


def test_check_prints_one_line(capsys):
    exercise_ = load("forward_step")
    check("forward_step", exercise_.definition)
    assert capsys.readouterr().out == "✓ 5.1 forward_step: right in 4 cases\n"
    with pytest.raises(Failed, match="noise"):
        check(
            "forward_step", dict((m.name, m.function) for m in exercise_.mistakes())["wrong_minus"]
        )


CELLS = [
    "from course.checks import check",
    "def velocity(x0, eps, t, schedule):\n    raise NotImplementedError",
    'check("velocity", velocity)',
    "def q_sample(*args):\n    return velocity(*args)",
    'check("q_sample", q_sample)',
    "def velocity(x0, eps, t, schedule):\n    return x0 - eps.no_such",
    'check("velocity", velocity)',
    "def velocity(x0, eps, t, schedule):\n    return x0",
    'check("velocity", velocity)',
]


def test_summary_has_a_line_for_each_exercise_of_the_notebook(capsys, monkeypatch):
    monkeypatch.setattr("course.checks.telling.said", said_ := {})
    monkeypatch.setattr("course.checks.engine.said", said_)
    summary()
    assert capsys.readouterr().out == "no check has run yet\n"
    answers = {m.name: m.function for m in load("forward_step").mistakes()}
    with pytest.raises(Failed):
        check("forward_step", answers["wrong_minus"])
    check("q_sample", load("q_sample").definition)
    capsys.readouterr()
    summary()
    lines = capsys.readouterr().out.splitlines()
    assert [re.sub(r"\x1b\[[\d;]*m", "", line)[:18] for line in lines[:3]] == [
        "✗ 5.1 forward_step", "· 5.2 cumulative_a", "✓ 5.3 q_sample: ri"]  # fmt: skip
    assert "noise" in lines[0]
    assert lines[-1] == "1 of 9 visible checks pass; hidden ones run when graded"


def test_kernel_shows_the_message_alone(tmp_path):
    """As JupyterLab, VS Code and Colab run it: an ipykernel."""
    notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in CELLS])
    client = NotebookClient(notebook, kernel_name="python3", allow_errors=True, config=sockets(tmp_path))  # fmt: skip
    client.execute()
    open_, error, wrong = (notebook.cells[i].outputs[0] for i in (2, 6, 8))
    assert open_.traceback == ["\x1b[1;33m○ 5.8 velocity\x1b[0m: not answered yet"]
    called = notebook.cells[4].outputs[0]
    assert called.traceback == ["\x1b[1;33m○ 5.3 q_sample\x1b[0m: it calls velocity, which is not answered yet"]  # fmt: skip
    assert "AttributeError" in error.traceback[0]
    assert error.traceback[1:] == ["    in velocity, line 2:  return x0 - eps.no_such"]
    assert len(wrong.traceback) == 1
    assert "✗ 5.8 velocity" in wrong.traceback[0]


def test_plain_ipython_shows_the_message_alone(capsys):
    shell = InteractiveShell()
    shell.run_cell("from course.checks import check")
    shell.run_cell('check("velocity", lambda x0, eps, t, schedule: x0)')
    shown = capsys.readouterr().out
    assert "✗ 5.8 velocity" in shown
    assert "Traceback" not in shown


def test_a_generator_is_copied_with_its_state():
    g = laws.seeded(3)
    (copy,) = cases.copied((g,))
    assert copy is not g
    assert torch.equal(torch.rand(2, generator=copy), torch.rand(2, generator=g))
