"""Logistic regression against autograd, closed forms and scikit-learn."""

import math
import warnings

import numpy as np
import pytest
import torch
from sklearn import datasets
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression as Reference
from sklearn.preprocessing import StandardScaler
from torch.testing import assert_close

from dgm.logistic import (
    LogisticRegression,
    fit,
    gradient,
    information,
    log_likelihood,
    log_posterior,
    sigmoid,
    solve,
)
from dgm.naive_bayes import GaussianNB


def problem(n=40, d=3, dtype=torch.float64, seed=0):
    g = torch.Generator().manual_seed(seed)
    X = torch.randn(n, d, generator=g, dtype=dtype)
    theta = torch.randn(d, generator=g, dtype=dtype)
    y = (torch.rand(n, generator=g, dtype=dtype) < torch.sigmoid(X @ theta)).long()
    return theta, X, y


def pair(name, a=0, b=1):
    """Two classes of a bundled data set, standardised."""
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    keep = (y == a) | (y == b)
    return StandardScaler().fit_transform(X[keep]), y[keep]


# sigmoid


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_sigmoid_equals_torchs_to_the_last_places(dtype):
    z = torch.linspace(-80, 80, 4001, dtype=dtype)
    assert_close(sigmoid(z), torch.sigmoid(z), rtol=4 * torch.finfo(dtype).eps, atol=1e-38)
    assert sigmoid(z.reshape(1, 4001, 1)).shape == (1, 4001, 1)
    assert sigmoid(z).dtype == dtype


def test_sigmoid_is_exact_far_out():
    inf = math.inf
    z = torch.tensor([-inf, -1e308, -1000, 0, 1000, 1e308, inf], dtype=torch.float64)
    assert sigmoid(z).tolist() == [0, 0, 0, 0.5, 1, 1, 1]


def test_sigmoid_has_finite_derivatives_everywhere_and_right_ones_at_zero():
    z = torch.tensor([-1000.0, -1.0, -0.0, 0.0, 2.0, 1000.0], dtype=torch.float64)
    z.requires_grad_()
    (slope,) = torch.autograd.grad(sigmoid(z).sum(), z, create_graph=True)
    p = torch.sigmoid(z)
    assert_close(slope, p * (1 - p))
    (bend,) = torch.autograd.grad(slope.sum(), z)
    assert_close(bend, p * (1 - p) * (1 - 2 * p))


# likelihood, gradient, posterior


def test_log_likelihood_is_the_log_of_the_product():
    theta, X, y = problem()
    p = torch.sigmoid(X @ theta)
    product = torch.where(y == 1, p, 1 - p).prod()
    assert_close(log_likelihood(theta, X, y), product.log())


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_log_likelihood_is_exact_far_out(dtype):
    theta = torch.tensor([1000.0], dtype=dtype)
    X = torch.tensor([[1.0], [-1.0]], dtype=dtype)
    for y, value in (([0, 0], -1000), ([1, 1], -1000), ([0, 1], -2000), ([1, 0], 0)):
        assert log_likelihood(theta, X, torch.tensor(y)).item() == value
    assert log_likelihood(theta / 20, X, torch.tensor([1, 0])).item() == pytest.approx(
        -2 * math.exp(-50), rel=1e-6
    )  # a small loss is not rounded away


@pytest.mark.parametrize(
    "kind", [torch.bool, torch.uint8, torch.int32, torch.int64, torch.float32, torch.float64]
)
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_labels_of_any_dtype_and_the_dtype_of_X_comes_out(kind, dtype):
    theta, X, y = problem(dtype=dtype)
    value, slope = log_likelihood(theta, X, y.to(kind)), gradient(theta, X, y.to(kind))
    assert value.shape == ()
    assert value.dtype == slope.dtype == dtype
    assert_close(value, log_likelihood(theta, X, y))
    assert_close(slope, gradient(theta, X, y))


@pytest.mark.parametrize("at_zero", [True, False])
def test_gradient_and_information_are_autograds(at_zero):
    theta, X, y = problem()
    theta = theta * (not at_zero)
    penalty = torch.tensor([0.0, 1.0, 2.5], dtype=torch.float64)
    flat = torch.zeros_like(penalty)
    slope = torch.autograd.functional.jacobian(lambda a: log_likelihood(a, X, y), theta)
    assert_close(gradient(theta, X, y), slope)
    bend = torch.autograd.functional.hessian(lambda a: log_posterior(a, X, y, penalty), theta)
    assert_close(information(theta, X, penalty), -bend)
    prior = -0.5 * (theta[1] ** 2 + 2.5 * theta[2] ** 2)
    assert_close(log_posterior(theta, X, y, penalty), log_likelihood(theta, X, y) + prior)
    assert_close(log_posterior(theta, X, y, flat), log_likelihood(theta, X, y))


def test_information_adds_up_its_blocks():
    theta, X, _ = problem(n=5000)
    p = torch.sigmoid(X @ theta)
    assert_close(information(theta, X, torch.zeros_like(theta)), (X.T * (p * (1 - p))) @ X)


def test_functions_run_on_meta():
    theta, X, y = (a.to("meta") for a in problem())
    assert sigmoid(theta).shape == theta.shape
    assert log_likelihood(theta, X, y).shape == ()
    assert gradient(theta, X, y).shape == theta.shape
    assert log_posterior(theta, X, y, theta).shape == ()
    assert solve(information(theta, X, theta), theta).shape == theta.shape


@pytest.mark.parametrize("function", [log_likelihood, gradient])
def test_bad_input_is_named(function):
    theta, X, y = problem(n=5, d=2)
    name = function.__name__
    with pytest.raises(ValueError, match=rf"{name}: y has shape \(3,\), wanted .*n=5 from X"):
        function(theta, X, y[:3])
    with pytest.raises(ValueError, match=f"{name}: X has shape .* with d=1 from theta"):
        function(theta[:1], X, y)
    with pytest.raises(ValueError, match="y has other values, wanted 0 and 1 only"):
        function(theta, X, 2 * y - 1)
    with pytest.raises(ValueError, match="X has NaN"):
        function(theta, X * math.nan, y)
    with pytest.raises(ValueError, match=r"X is torch.float32, but theta is torch.float64"):
        function(theta, X.float(), y)
    with pytest.raises(ValueError, match="y is of type list"):
        function(theta, X, y.tolist())


# Newton's method


def test_solve_of_regular_and_singular_systems():
    A = torch.tensor([[4.0, 1.0], [1.0, 3.0]], dtype=torch.float64)
    b = torch.tensor([1.0, 2.0], dtype=torch.float64)
    assert_close(solve(A, b), torch.linalg.solve(A, b), rtol=1e-9, atol=0)
    units = torch.tensor([1e-6, 1e6], dtype=torch.float64)
    scaled = solve(A * units * units[:, None], b * units)
    assert_close(scaled, torch.linalg.solve(A, b) / units, rtol=1e-9, atol=0)
    ones = torch.ones(2, 2, dtype=torch.float64)  # a column repeated: the two share the weight
    assert_close(solve(ones, torch.ones_like(b)), torch.full_like(b, 0.5), rtol=1e-6, atol=0)
    empty = torch.diag(torch.tensor([2.0, 0.0], dtype=torch.float64))  # a column of zeros
    assert_close(solve(empty, 2 * b * (empty.diag() > 0)), b * torch.tensor([1, 0]))


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_fit_of_a_two_by_two_table_is_its_log_odds(dtype):
    """For one binary feature the estimates are logs of counts: 3 of 10, then 8 of 12."""
    x = torch.tensor([0.0] * 10 + [1.0] * 12, dtype=dtype)
    y = torch.tensor([1] * 3 + [0] * 7 + [1] * 8 + [0] * 4)
    X = torch.stack([torch.ones_like(x), x], dim=1)
    theta = fit(X, y, torch.zeros(2, dtype=dtype))
    low, high = math.log(3 / 7), math.log(8 / 4)
    assert theta.dtype == dtype
    assert_close(theta, torch.tensor([low, high - low], dtype=dtype))


def test_fit_converges_quadratically_to_a_zero_gradient():
    _, X, y = problem(n=200)
    penalty = torch.tensor([0.0, 1.0, 2.0], dtype=torch.float64)
    trace = []
    theta = fit(X, y, penalty, trace=trace)
    assert (gradient(theta, X, y) - penalty * theta).abs().max() < 1e-8
    assert len(trace) <= 8
    assert trace[-1] <= 1e-4 < trace[-2]


def test_fit_halves_steps_that_go_too_far():
    """Rows far out and on both sides: plain Newton steps grow without end."""
    rows = [[89.4, -0.7], [-4.7, -1.2], [0.1, 9086.6], [-12.5, -266.2], [-1.0, 0.9], [-1.5, -0.1]]
    X = torch.cat([torch.tensor(rows, dtype=torch.float64), torch.ones(6, 1)], dim=1)
    y, flat = torch.tensor([1, 1, 1, 0, 1, 0]), torch.zeros(3, dtype=torch.float64)
    theta = flat
    for _ in range(50):
        theta = theta + solve(information(theta, X, flat), gradient(theta, X, y))
    assert not log_likelihood(theta, X, y) > log_likelihood(flat, X, y)  # that went wrong
    assert_close(gradient(fit(X, y, flat), X, y), flat, atol=1e-8, rtol=0)


SETS = [
    ("iris", 0, 1),
    ("iris", 1, 2),
    ("iris", 0, 2),
    ("wine", 0, 1),
    ("wine", 1, 2),
    ("breast_cancer", 0, 1),
    ("digits", 0, 1),
    ("digits", 2, 3),
    ("digits", 8, 9),
]


@pytest.mark.parametrize("l2", [0.01, 1.0, 100.0])
@pytest.mark.parametrize(("name", "a", "b"), SETS)
def test_agrees_with_scikit_learn(name, a, b, l2):
    X, y = pair(name, a, b)
    ours = LogisticRegression(l2=l2).fit(X, y)
    theirs = Reference(C=1 / l2, solver="newton-cholesky", tol=1e-10).fit(X, y)
    np.testing.assert_allclose(ours.coef_, theirs.coef_, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(ours.intercept_, theirs.intercept_, rtol=1e-6, atol=1e-8)
    np.testing.assert_allclose(ours.predict_proba(X), theirs.predict_proba(X), atol=1e-8)
    assert (ours.predict(X) == theirs.predict(X)).all()
    assert (ours.classes_ == theirs.classes_).all()
    assert ours.converged_
    assert ours.coef_.shape == theirs.coef_.shape
    assert ours.intercept_.shape == theirs.intercept_.shape


def test_maximum_likelihood_agrees_with_scikit_learn():
    """Where the classes overlap; raw and standardised features."""
    X, y = datasets.load_breast_cancer(return_X_y=True)
    for features in (X[:, :4], X[:, [1, 4, 8, 9]] * [1e-4, 1.0, 1e4, 1.0]):
        ours = LogisticRegression().fit(features, y)
        scale = features.std(axis=0)  # scikit-learn's own solver needs the scaling
        theirs = Reference(C=np.inf, solver="newton-cholesky", tol=1e-12, max_iter=1000)
        theirs.fit((features - features.mean(axis=0)) / scale, y)
        np.testing.assert_allclose(ours.coef_, theirs.coef_ / scale, rtol=1e-6)


@pytest.mark.parametrize("labels", [("no", "yes"), (False, True), (-1, 1), (3.0, 7.0)])
def test_labels_come_back_as_they_went_in(labels):
    X, y = pair("iris", 1, 2)
    named = np.array(labels)[(y == 2).astype(int)]
    ours = LogisticRegression(l2=1.0).fit(X, named)
    theirs = Reference(solver="newton-cholesky", tol=1e-10).fit(X, named)
    assert ours.predict(X).dtype == named.dtype
    assert (ours.predict(X) == theirs.predict(X)).all()
    assert (ours.predict(X[::-1]) == theirs.predict(X[::-1])).all()  # a view with negative steps


def test_tensors_and_lists_are_read_too():
    X, y = pair("iris", 1, 2)
    ours = LogisticRegression(l2=1.0).fit(X, y)
    other = LogisticRegression(l2=1.0).fit(torch.from_numpy(X), torch.from_numpy(y))
    assert (ours.coef_ == other.coef_).all()
    assert (ours.coef_ == LogisticRegression(l2=1.0).fit(X.tolist(), y.tolist()).coef_).all()
    assert isinstance(other.predict_proba(torch.from_numpy(X)), np.ndarray)


def test_constant_and_repeated_features_are_no_error():
    X, y = pair("iris", 1, 2)
    wide = np.column_stack([X, np.zeros(100), np.full(100, 5.0), X[:, 0]])
    for l2 in (0.0, 1.0):
        plain, odd = LogisticRegression(l2).fit(X, y), LogisticRegression(l2).fit(wide, y)
        assert odd.converged_
        assert odd.coef_[0, 4] == 0
        assert odd.coef_[0, 0] == pytest.approx(odd.coef_[0, 6], rel=1e-3)
        if l2 == 0:
            np.testing.assert_allclose(odd.predict_proba(wide), plain.predict_proba(X), atol=1e-6)


@pytest.mark.parametrize("name", ["complete", "touching", "more features than rows"])
def test_separable_data_warn_and_a_penalty_mends_it(name):
    rng = np.random.default_rng(0)
    X = rng.standard_normal((60, 2))
    y = X[:, 0] > 0
    if name == "touching":  # on the plane itself there are both classes
        X[:10, 0], y[:5] = 0, ~y[5:10]
    elif name == "more features than rows":
        X = rng.standard_normal((60, 80))
    with pytest.warns(ConvergenceWarning, match="separated by a plane.*Pass l2 > 0"):
        model = LogisticRegression().fit(X, y)
    assert not model.converged_
    assert model.n_iter_[0] < 60  # it does not go on for nothing
    assert (model.predict(X) == y)[10:].all()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert LogisticRegression(l2=1e-3).fit(X, y).converged_


def test_too_few_steps_warn_otherwise():
    _, X, y = problem(n=200)
    with pytest.warns(ConvergenceWarning, match="raise max_iter"):
        fit(X, y, torch.zeros(3, dtype=torch.float64), max_iter=1)


def test_probabilities_far_out_add_up_and_keep_small_ones():
    model = LogisticRegression(l2=1.0).fit(*pair("iris", 0, 1))
    model.coef_[:] = 100.0
    p = model.predict_proba(np.array([[1.0] * 4, [-1.0] * 4, [1e3] * 4]))
    np.testing.assert_allclose(p.sum(axis=1), 1, atol=1e-15)
    assert 0 < p[0, 0] < 1e-100
    assert 0 < p[1, 1] < 1e-100
    assert p[2].tolist() == [0, 1]


def test_estimator_says_what_to_do_with_bad_input():
    X, y = pair("iris", 1, 2)
    with pytest.raises(ValueError, match="y has 3 classes, wanted 2: keep two"):
        LogisticRegression().fit(*datasets.load_iris(return_X_y=True))
    with pytest.raises(ValueError, match="y has 1 classes, wanted 2"):
        LogisticRegression().fit(X, y * 0)
    with pytest.raises(ValueError, match="l2 is -1, wanted a number of 0 or more"):
        LogisticRegression(l2=-1).fit(X, y)
    with pytest.raises(ValueError, match=r"call fit\(X, y\) first"):
        LogisticRegression().predict(X)
    with pytest.raises(ValueError, match="as it was fitted"):
        LogisticRegression(l2=1.0).fit(X, y).predict(X[:, :2])
    with pytest.raises(ValueError, match="X has NaN"):
        LogisticRegression().fit(X * math.nan, y)
    with pytest.raises(ValueError, match="n=100"):
        LogisticRegression().fit(X, y[:3])


@pytest.mark.parametrize("model", [LogisticRegression(), GaussianNB(var_smoothing=0.0)])
def test_a_fit_that_is_refused_changes_nothing(model):
    X, y = np.array([[0.0], [2.0], [1.0], [4.0]]), ["cat", "cat", "dog", "dog"]
    before = model.fit(X, y).predict(X).tolist()
    with pytest.raises(ValueError, match=r"X has a feature that is constant|y has 3 classes"):
        model.fit(X, ["ant", "bee", "cow", "cow"])
    assert model.predict(X).tolist() == before
