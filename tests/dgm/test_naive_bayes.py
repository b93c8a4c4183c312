"""Gaussian naive Bayes against closed forms, scikit-learn, and logistic regression."""

import math

import numpy as np
import pytest
import torch
from sklearn import datasets
from sklearn.naive_bayes import GaussianNB as Reference
from sklearn.preprocessing import StandardScaler
from torch.testing import assert_close

from dgm.logistic import sigmoid
from dgm.naive_bayes import (
    GaussianNB,
    class_statistics,
    joint_log_prob,
    logistic_coefficients,
    posterior_log_prob,
    sample_joint,
)

F64 = torch.float64


def model(K=3, d=4, dtype=F64, seed=0):
    g = torch.Generator().manual_seed(seed)
    prior = torch.rand(K, generator=g, dtype=dtype) + 0.2
    mean = 2 * torch.randn(K, d, generator=g, dtype=dtype)
    var = torch.rand(K, d, generator=g, dtype=dtype) + 0.5
    return prior / prior.sum(), mean, var


def rows(n=30, d=4, dtype=F64, seed=1):
    return torch.randn(n, d, generator=torch.Generator().manual_seed(seed), dtype=dtype)


# the functions


@pytest.mark.parametrize("dtype", [torch.float32, F64])
def test_class_statistics_are_the_classes_own(dtype):
    X, y = rows(dtype=dtype), torch.arange(30) % 4 % 3  # classes of unequal size
    prior, mean, var = class_statistics(X, y, 3)
    assert prior.dtype == mean.dtype == var.dtype == dtype
    for k in range(3):
        own = X[y == k]
        assert_close(prior[k].item(), len(own) / 30)
        assert_close(mean[k], own.mean(dim=0))
        assert_close(var[k], own.var(dim=0, correction=0))


def test_shared_variance_is_pooled_within_the_classes():
    X, y = rows() + 5, torch.arange(30) % 4 % 3
    _, mean, var = class_statistics(X, y, 3, shared_variance=True)
    within = torch.cat([X[y == k] - X[y == k].mean(dim=0) for k in range(3)])
    assert_close(var, (within**2).mean(dim=0).expand(3, 4))
    assert_close(mean, class_statistics(X, y, 3)[1])


def test_statistics_maximise_the_joint_likelihood():
    X, y = rows(), torch.arange(30) % 4 % 3
    parameters = [a.requires_grad_() for a in class_statistics(X, y, 3)]
    prior, mean, var = parameters
    joint = joint_log_prob(X, prior / prior.sum(), mean, var)
    joint[torch.arange(30), y].sum().backward()
    for a in parameters:
        assert_close(a.grad, torch.zeros_like(a), atol=1e-12, rtol=0)


def test_joint_log_prob_is_torch_distributions():
    prior, mean, var = model()
    X = rows()
    density = torch.distributions.Normal(mean, var.sqrt()).log_prob(X[:, None]).sum(dim=-1)
    assert_close(joint_log_prob(X, prior, mean, var), prior.log() + density)


@pytest.mark.parametrize("dtype", [torch.float32, F64])
def test_posterior_is_bayes_rule(dtype):
    prior, mean, var = model(dtype=dtype)
    X = rows(dtype=dtype)
    joint = joint_log_prob(X, prior, mean, var).exp()
    log_prob = posterior_log_prob(X, prior, mean, var)
    assert log_prob.dtype == dtype
    assert_close(log_prob.exp(), joint / joint.sum(dim=1, keepdim=True))


def test_posterior_where_every_density_underflows():
    """2000 features, two classes that mirror each other: the log-odds are 4 sum x."""
    d = 2000
    mean = torch.stack([-2 * torch.ones(d, dtype=F64), 2 * torch.ones(d, dtype=F64)])
    prior, var = torch.full((2,), 0.5, dtype=F64), torch.ones(2, d, dtype=F64)
    X = torch.full((3, d), 30.0, dtype=F64)
    X[1] = 0
    X[2, ::2] = -30 + 1e-3
    assert (joint_log_prob(X, prior, mean, var).exp() == 0).all()
    odds = 4 * X.sum(dim=1)
    want = torch.stack(
        [torch.nn.functional.logsigmoid(-odds), torch.nn.functional.logsigmoid(odds)], dim=1
    )
    assert_close(posterior_log_prob(X, prior, mean, var), want, rtol=1e-9, atol=1e-9)


@pytest.mark.parametrize("seed", range(5))
def test_posterior_of_shared_variances_is_a_logistic_model(seed):
    prior, mean, var = model(K=2, d=6, seed=seed)
    var = var[:1].expand(2, 6)
    X = 3 * rows(d=6, seed=seed)
    coef, intercept = logistic_coefficients(prior, mean, var)
    assert coef.shape == (6,)
    assert intercept.shape == ()
    posterior = posterior_log_prob(X, prior, mean, var).exp()
    assert_close(posterior[:, 1], sigmoid(X @ coef + intercept), rtol=1e-10, atol=1e-10)
    by_formula = (prior[1] / prior[0]).log() + ((mean[0] ** 2 - mean[1] ** 2) / 2 / var[0]).sum()
    assert_close(intercept, by_formula)


def test_samples_have_the_right_moments():
    prior, mean, var = model()
    n = 40_000
    X, y = sample_joint(n, prior, mean, var, generator=torch.Generator().manual_seed(3))
    assert X.shape == (n, 4)
    assert X.dtype == F64
    assert y.dtype == torch.int64
    for k in range(3):
        own = X[y == k]
        m = len(own)
        assert abs(m / n - prior[k]) < 4 * (prior[k] * (1 - prior[k]) / n).sqrt()
        assert ((own.mean(dim=0) - mean[k]).abs() < 4 * (var[k] / m).sqrt()).all()
        spread = own.var(dim=0)
        assert ((spread - var[k]).abs() < 4 * var[k] * math.sqrt(2 / m)).all()
        correlation = torch.corrcoef(own.T) - torch.eye(4)
        assert correlation.abs().max() < 4 / math.sqrt(m)


def test_samples_are_repeated_by_the_generator():
    draws = [
        sample_joint(9, *model(), generator=torch.Generator().manual_seed(s)) for s in (0, 0, 1)
    ]
    assert (draws[0][0] == draws[1][0]).all()
    assert (draws[0][1] == draws[1][1]).all()
    assert (draws[0][0] != draws[2][0]).any()


def test_functions_run_on_meta():
    prior, mean, var = (a.to("meta") for a in model())
    X, y = rows().to("meta"), torch.zeros(30, dtype=torch.int64, device="meta")
    assert [a.shape for a in class_statistics(X, y, 3, shared_variance=True)] == [
        (3,),
        (3, 4),
        (3, 4),
    ]
    assert posterior_log_prob(X, prior, mean, var).shape == (30, 3)
    assert sample_joint(7, prior, mean, var)[0].shape == (7, 4)
    assert logistic_coefficients(prior[:2], mean[:2], var[:2])[0].shape == (4,)


def test_bad_input_is_named():
    prior, mean, var = model()
    X, y = rows(), torch.arange(30) % 3
    with pytest.raises(ValueError, match="y runs from 0 to 2, wanted 0 to 1"):
        class_statistics(X, y, 2)
    with pytest.raises(ValueError, match=r"y is torch.float64, wanted integers"):
        class_statistics(X, y.double(), 3)
    with pytest.raises(ValueError, match=r"y has shape \(4,\), wanted \(n,\) with n=30"):
        class_statistics(X, y[:4], 3)
    with pytest.raises(ValueError, match=r"mean has shape .* with d=3 from X"):
        joint_log_prob(X[:, :3], prior, mean, var)
    with pytest.raises(ValueError, match="var has other values, wanted numbers above 0"):
        posterior_log_prob(X, prior, mean, var * 0)
    with pytest.raises(ValueError, match="X has NaN"):
        joint_log_prob(X * math.nan, prior, mean, var)
    with pytest.raises(ValueError, match="var has other values, wanted rows that are all the same"):
        logistic_coefficients(prior[:2], mean[:2], var[:2])
    with pytest.raises(ValueError, match=r"prior has shape \(3,\), wanted \(2,\)"):
        logistic_coefficients(prior, mean, var)


# the estimator


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "digits"])
@pytest.mark.parametrize("standardised", [False, True])
def test_agrees_with_scikit_learn(name, standardised):
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    X = StandardScaler().fit_transform(X) if standardised else X
    ours, theirs = GaussianNB().fit(X[::2], y[::2]), Reference().fit(X[::2], y[::2])
    for attribute in ("theta_", "var_", "class_prior_", "classes_"):
        np.testing.assert_allclose(
            getattr(ours, attribute), getattr(theirs, attribute), rtol=1e-9, atol=1e-12
        )
    want = theirs.predict_log_proba(X)
    np.testing.assert_allclose(ours.predict_log_proba(X), want, rtol=1e-9, atol=1e-9)
    np.testing.assert_allclose(ours.predict_proba(X), np.exp(want), rtol=0, atol=1e-9)
    assert (ours.predict(X) == theirs.predict(X)).all()


@pytest.mark.parametrize("name", ["iris", "wine", "breast_cancer", "digits"])
def test_shared_variance_is_scikit_learns_with_its_variance_replaced(name):
    X, y = getattr(datasets, f"load_{name}")(return_X_y=True)
    ours, theirs = GaussianNB(shared_variance=True).fit(X, y), Reference(var_smoothing=0).fit(X, y)
    pooled = theirs.class_prior_ @ theirs.var_ + 1e-9 * X.var(axis=0).max()
    assert ours.var_.shape == theirs.var_.shape
    np.testing.assert_allclose(ours.var_, np.tile(pooled, (len(theirs.classes_), 1)), rtol=1e-9)
    theirs.var_ = ours.var_
    np.testing.assert_allclose(
        ours.predict_log_proba(X), theirs.predict_log_proba(X), rtol=1e-9, atol=1e-9
    )


def test_samples_are_arrays_with_the_labels_of_the_data():
    iris = datasets.load_iris()
    names = iris.target_names[iris.target]
    fitted = GaussianNB().fit(iris.data, names)
    X, y = fitted.sample(500, generator=torch.Generator().manual_seed(0))
    assert isinstance(X, np.ndarray)
    assert X.shape == (500, 4)
    assert y.dtype == names.dtype
    assert set(y) == set(names)
    assert (fitted.predict(X) == y).mean() > 0.9  # iris's classes lie well apart


def test_estimator_reads_tensors():
    X, y = datasets.load_iris(return_X_y=True)
    ours = GaussianNB().fit(torch.from_numpy(X), torch.from_numpy(y))
    assert (ours.var_ == GaussianNB().fit(X, y).var_).all()
    assert isinstance(ours.predict(torch.from_numpy(X)), np.ndarray)


def test_estimator_says_what_to_do_with_bad_input():
    X, y = datasets.load_iris(return_X_y=True)
    with pytest.raises(ValueError, match="raise var_smoothing, or drop the feature"):
        GaussianNB(var_smoothing=0).fit(X * [1, 1, 1, 0], y)
    with pytest.raises(ValueError, match="var_smoothing is -1"):
        GaussianNB(var_smoothing=-1).fit(X, y)
    with pytest.raises(ValueError, match=r"call fit\(X, y\) first"):
        GaussianNB().sample(3)
    with pytest.raises(ValueError, match=r"call fit\(X, y\) first"):
        GaussianNB().predict(X)
    with pytest.raises(ValueError, match="n is 0, wanted 1 or more"):
        GaussianNB().fit(X, y).sample(0)
    with pytest.raises(ValueError, match="as it was fitted"):
        GaussianNB().fit(X, y).predict(X[:, :2])
    with pytest.raises(ValueError, match="X has NaN"):
        GaussianNB().fit(X * math.nan, y)
    with pytest.raises(ValueError, match="n=150"):
        GaussianNB().fit(X, y[:3])
