"""The checks of arguments: each kind of bad input, and what is said of it."""

import inspect

import numpy as np
import pytest
import torch

from dgm.arrays import as_labels, as_matrix
from dgm.validate import shapes


@shapes(x0="B *D: float", t="B: int", eps="B *D: float")
def noised(x0, t, eps, scale=None):
    """The docstring."""
    return x0 + eps


@shapes(X="n d", y="n: int < k", w="2: positive", m="...")
def labelled(X, y, k, w=None, m=None):
    return X


def x(*shape):
    return torch.ones(*shape)


def t(*shape):
    return torch.ones(*shape, dtype=torch.int64)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((x(5, 2), t(5), [1.0]), r"noised: eps is of type list, wanted a torch.Tensor of shape"),
        ((None, t(5), x(5)), r"noised: x0 is of type NoneType"),
        ((x(5, 2), t(3), x(5, 2)), r"t has shape \(3,\), wanted \(B,\) with B=5 from x0 of shape"),
        ((x(5, 2), t(5), x(5, 3)), r"eps has shape \(5, 3\), wanted \(B, \*D\) with \*D=\(2,\)"),
        ((x(5, 2), t(5), x(5)), r"\*D=\(2,\) from x0 of shape \(5, 2\)"),
        ((x(5, 2), t(5, 1), x(5, 2)), r"t has shape \(5, 1\), wanted \(B,\)$"),
        ((x(0, 2), t(0), x(0, 2)), r"x0 has shape \(0, 2\), which is empty"),
        ((x(5, 2), t(5).float(), x(5, 2)), r"t is torch.float32, wanted integers"),
        ((t(5, 2), t(5), x(5, 2)), r"x0 is torch.int64, wanted floating-point"),
        ((x(5), t(5), x(5).double()), r"eps is torch.float64, but x0 is torch.float32"),
        ((x(5), t(5), x(5) * float("nan")), r"noised: eps has NaN"),
    ],
)
def test_bad_input_is_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        noised(*arguments)
    with pytest.raises(ValueError, match=message):  # and again: nothing bad is remembered as good
        noised(x0=arguments[0], eps=arguments[2], t=arguments[1])


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((x(3, 2), t(3), 1), r"y runs from 1 to 1, wanted 0 to 0 \(k=1\)"),
        ((x(3, 2), -t(3), 4), r"y runs from -1 to -1, wanted 0 to 3"),
        ((x(3, 2), t(3), 2, x(3)), r"w has shape \(3,\), wanted \(2,\)"),
        ((x(3, 2), t(3), 2, -x(2)), r"w has other values, wanted numbers above 0"),
        ((x(3, 2), t(3), 2, x(2), 7), r"m is of type int"),
    ],
)
def test_bad_values_are_named(arguments, message):
    with pytest.raises(ValueError, match=message):
        labelled(*arguments)


class Schedule:
    T = 9


@shapes(t="B: int in 2..schedule.T", s="B: int < t")
def stepped(t, s, schedule):
    return t - s


@pytest.mark.parametrize(
    ("first", "second", "message"),
    [
        ([1, 5], [0, 0], r"stepped: t runs from 1 to 5, wanted 2 to 9 \(schedule.T\)"),
        ([2, 10], [0, 0], r"t runs from 2 to 10, wanted 2 to 9 \(schedule.T\)"),
        ([2, 9], [2, 0], r"s runs from 0 to 2, wanted 0 to 1 below t in each row"),
        ([2, 9], [-1, 0], r"s runs from -1 to 0, wanted 0 to 1 below t"),
        ([2.0, 9.0], [0, 0], r"t is torch.float32, wanted integers"),
    ],
)
def test_steps_out_of_range_are_named(first, second, message):
    first, second = torch.tensor(first), torch.tensor(second)
    for call in (
        lambda: stepped(first, second, Schedule),
        lambda: stepped(first, second, schedule=Schedule),
    ):
        with pytest.raises(ValueError, match=message):
            call()


def test_steps_in_range_pass_and_on_meta_are_not_looked_at():
    assert stepped(torch.tensor([2, 9]), torch.tensor([1, 8]), Schedule).tolist() == [1, 1]
    meta = torch.tensor([100, 100]).to("meta")
    assert stepped(meta, meta, Schedule).device.type == "meta"


@pytest.mark.parametrize("shape", [(4,), (4, 3), (4, 3, 2, 5)])
def test_good_input_passes_in_any_rank(shape):
    torch.testing.assert_close(noised(x(*shape), t(4), x(*shape)), 2 * x(*shape))
    assert labelled(x(3, 2), t(3), 2, m=x(*shape)).shape == (3, 2)


def test_infinity_is_not_nan():
    both = torch.tensor([float("inf"), -float("inf")])
    assert noised(both, t(2), x(2)).isinf().all()


def test_signature_and_docstring_are_kept():
    assert noised.__doc__ == "The docstring."
    assert list(inspect.signature(noised).parameters) == ["x0", "t", "eps", "scale"]
    with pytest.raises(TypeError, match="missing"):
        noised(x(5), t(5))


def test_values_are_not_looked_at_on_meta_but_shapes_are():
    meta = {"device": "meta"}
    assert noised(torch.ones(4, **meta), t(4).to("meta"), torch.ones(4, **meta)).shape == (4,)
    with pytest.raises(ValueError, match="B=4"):
        noised(torch.ones(4, **meta), t(3).to("meta"), torch.ones(4, **meta))


def test_works_inside_transforms():
    batch = torch.arange(6.0).reshape(3, 2)
    double = torch.func.vmap(lambda a: noised(a, t(2), a))(batch)
    torch.testing.assert_close(double, 2 * batch)


def test_after_an_error_values_are_checked_again():
    @shapes(a="n")
    def fails(a):
        raise KeyError

    with pytest.raises(KeyError):
        fails(x(2))
    with pytest.raises(ValueError, match="NaN"):
        fails(x(2) * float("nan"))


def test_values_are_checked_once_and_shapes_in_inner_calls_too():
    @shapes(a="n")
    def outer(a, b):
        return noised(a, t(2), b)

    assert outer(x(2), x(2) * float("nan")).isnan().all()
    with pytest.raises(ValueError, match="noised: eps has shape"):
        outer(x(2), x(3))


@pytest.mark.parametrize(
    ("X", "message"),
    [
        ([1.0, 2.0], r"X has shape \(2,\), wanted \(n, d\): make it \(n, 1\) with X.reshape"),
        (np.ones((2, 2, 2)), r"X has shape \(2, 2, 2\), wanted \(n, d\)$"),
        (np.ones((0, 2)), r"X has shape \(0, 2\), which is empty"),
        ([[1.0, np.nan]], "X has NaN or infinity"),
        ([[1.0, np.inf]], "X has NaN or infinity"),
        ([["a", "b"]], "X cannot be read"),
        ([[1.0], [1.0, 2.0]], "X cannot be read"),
        (np.ones((2, 4)), r"X has shape \(2, 4\), wanted \(n, 3\), as it was fitted"),
    ],
)
def test_bad_features_are_named(X, message):
    with pytest.raises(ValueError, match=message):
        as_matrix(X, n_features=3)


def test_features_are_read_from_anything():
    X = np.arange(6.0).reshape(3, 2)
    frozen = X.copy()
    frozen.flags.writeable = False
    swapped = X.astype(">f8")
    for same in (X.tolist(), X.astype(int), torch.from_numpy(X).float(), frozen, swapped):
        assert (as_matrix(same).numpy() == X).all()
    assert (as_matrix(X[::-1, ::-1]).numpy() == X[::-1, ::-1]).all()
    assert (as_matrix(np.asfortranarray(X)).numpy() == X).all()


@pytest.mark.parametrize(
    ("y", "message"),
    [
        ([0, 1], r"y has shape \(2,\), wanted \(n,\) with n=3"),
        ([[0], [1], [1]], r"y has shape \(3, 1\)"),
        ([0.5, 1.0, 0.0], "y has NaN or fractions"),
        ([np.nan, 1.0, 0.0], "y has NaN or fractions"),
        (np.array(["a", None, 1], dtype=object), "y mixes labels"),
    ],
)
def test_bad_labels_are_named(y, message):
    with pytest.raises(ValueError, match=message):
        as_labels(y, 3)


@pytest.mark.parametrize("y", [["b", "a", "b"], [7, -1, 7], [True, False, True], [1.0, 0.0, 1.0]])
def test_labels_of_any_type(y):
    classes, index = as_labels(y, 3)
    assert classes[index].tolist() == y
    assert index.tolist() == [1, 0, 1]
    assert as_labels(np.array(y), 3)[0].dtype == np.array(y).dtype
