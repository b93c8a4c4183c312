"""Logistic regression: the log-odds of two classes are linear in x.

    log p(y=1 | x) / p(y=0 | x) = theta . x,    so    p(y=1 | x) = sigmoid(theta . x).

An intercept is a column of ones in X. Taught in: chapter 01.
"""

import math
from typing import Any, Self

import numpy as np
import torch

from dgm.arrays import as_labels, as_matrix
from dgm.newton import solve, warn_no_maximum
from dgm.validate import shapes


@shapes(z="...")
def sigmoid(z: torch.Tensor) -> torch.Tensor:
    """The logistic function 1 / (1 + e^-z), from log-odds to a probability.

    Args:
        z: log-odds, any shape.

    Returns:
        Probabilities, the shape and dtype of `z`: 0 and 1 far out, and never NaN.

    Source: Hastie, Tibshirani and Friedman, Elements of Statistical Learning, eq. 4.17.
    Taught in: chapter 01.

    Example:
        >>> sigmoid(torch.tensor([-1000.0, 0.0, 1000.0])).tolist()
        [0.0, 0.5, 1.0]
    """
    zero = torch.zeros_like(z)
    # Above and below times e^min(z, 0): then no exponent is ever above 0.
    a = torch.exp(torch.minimum(z, zero))
    b = torch.exp(torch.minimum(-z, zero))
    return a / (a + b)


@shapes(theta="d: number", X="n d: number", y="n: binary")
def log_likelihood(theta: torch.Tensor, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The log-likelihood of labels given features, a sum over rows.

    sum_i y_i log sigmoid(z_i) + (1 - y_i) log sigmoid(-z_i) with z = X theta. The logarithm of a
    sigmoid that has become 0 is -inf: take both in one function.

    Args:
        theta: (d,) coefficients.
        X: (n, d) features, of the dtype of `theta`.
        y: (n,) labels, 0 or 1, integers or floats.

    Returns:
        A tensor without dimensions, in the dtype of `X`.

    Raises:
        ValueError: if shapes or dtypes do not agree, or `y` has other values than 0 and 1.

    Source: Elements of Statistical Learning, eq. 4.20. Taught in: chapter 01.

    Example:
        >>> theta, X, y = torch.zeros(1), torch.ones(2, 1), torch.tensor([1, 0])
        >>> round(log_likelihood(theta, X, y).exp().item(), 4)  # two fair coins
        0.25
    """
    sign = 2 * y.to(X.dtype) - 1  # -1 or 1
    margin = sign * (X @ theta)  # (n,)
    return torch.nn.functional.logsigmoid(margin).sum()


@shapes(theta="d: number", X="n d: number", y="n: binary")
def gradient(theta: torch.Tensor, X: torch.Tensor, y: torch.Tensor) -> torch.Tensor:
    """The gradient of `log_likelihood` in theta: sum_i (y_i - sigmoid(theta . x_i)) x_i.

    Args:
        theta: (d,) coefficients.
        X: (n, d) features, of the dtype of `theta`.
        y: (n,) labels, 0 or 1, integers or floats.

    Returns:
        (d,), in the dtype of `X`.

    Raises:
        ValueError: if shapes or dtypes do not agree, or `y` has other values than 0 and 1.

    Source: Elements of Statistical Learning, eq. 4.21. Taught in: chapter 01.

    Example:
        >>> gradient(torch.zeros(1), torch.tensor([[2.0], [4.0]]), torch.tensor([1, 0])).tolist()
        [-1.0]
    """
    residual = y.to(X.dtype) - sigmoid(X @ theta)  # (n,)
    return X.T @ residual  # (d,)


@shapes(theta="d: number", X="n d: number", y="n: binary", penalty="d: number, nonnegative")
def log_posterior(
    theta: torch.Tensor, X: torch.Tensor, y: torch.Tensor, penalty: torch.Tensor
) -> torch.Tensor:
    """The log of the posterior density of theta, up to a constant: what MAP maximises.

    The log-likelihood less 1/2 sum_j penalty_j theta_j^2. That is the log of a Gaussian prior
    on each theta_j, with mean 0 and variance 1 / penalty_j; 0 is a flat prior.

    Args:
        theta: (d,) coefficients.
        X: (n, d) features.
        y: (n,) labels, 0 or 1, integers or floats.
        penalty: (d,) one over the prior's variance; 0 is a flat prior, wherever it stands.

    Returns:
        A tensor without dimensions.

    Raises:
        ValueError: if shapes or dtypes do not agree, or a penalty is below 0.

    Source: Bishop, Pattern Recognition and Machine Learning, eq. 4.142. Taught in: chapter 01.

    Example:
        >>> theta, X, y = torch.tensor([2.0]), torch.zeros(1, 1), torch.tensor([1])
        >>> round(log_posterior(theta, X, y, torch.ones(1)).item(), 4)  # log 1/2, less 2
        -2.6931
    """
    return log_likelihood(theta, X, y) - (penalty * theta**2).sum() / 2


@shapes(theta="d: number", X="n d: number", penalty="d: number, nonnegative")
def information(theta: torch.Tensor, X: torch.Tensor, penalty: torch.Tensor) -> torch.Tensor:
    """Minus the Hessian of `log_posterior`: sum_i p_i (1 - p_i) x_i x_i^T + diag(penalty).

    Here p = sigmoid(X theta). No label is in it.

    Args:
        theta: (d,) coefficients.
        X: (n, d) features.
        penalty: (d,) as in `log_posterior`.

    Returns:
        (d, d), symmetric, with no eigenvalue below 0.

    Raises:
        ValueError: if shapes or dtypes do not agree, or a penalty is below 0.

    Source: Elements of Statistical Learning, eq. 4.22 and 4.25. Taught in: chapter 01.

    Example:
        >>> information(torch.zeros(1), torch.tensor([[2.0]]), torch.tensor([3.0])).tolist()
        [[4.0]]
    """
    p = sigmoid(X @ theta)
    weight = p * (1 - p)  # (n,)
    blocks = zip(X.split(1024), weight.split(1024), strict=True)  # rows that fit in the cache
    return sum(((x.T * w) @ x for x, w in blocks), start=penalty.diag())


@shapes(X="n d: number", y="n: binary", penalty="d: number, nonnegative")
def fit(
    X: torch.Tensor,
    y: torch.Tensor,
    penalty: torch.Tensor,
    tol: float = 1e-8,
    max_iter: int = 100,
    trace: list[float] | None = None,
) -> torch.Tensor:
    """Maximise `log_posterior` by Newton's method; with penalties of 0, the likelihood.

    From theta = 0: solve `information` step = gradient of the log-posterior, halve the step
    while it makes the log-posterior smaller, take it. Near the maximum each step squares the
    error, so stop after a step that moves no row's log-odds by more than sqrt(tol).

    Args:
        X: (n, d) features, with a column of ones for an intercept.
        y: (n,) labels, 0 or 1, integers or floats.
        penalty: (d,) as in `log_posterior`.
        tol: the error in the log-odds that is left, in size.
        max_iter: the most steps that are taken.
        trace: a list that is given, for each step, the largest change of a row's log-odds.

    Returns:
        (d,) theta.

    Raises:
        ValueError: if shapes or dtypes do not agree, or a penalty is below 0.

    Warns:
        ConvergenceWarning: if there is no maximum (the classes can be separated, and nothing
            is penalised), or it is not reached in `max_iter` steps.

    Source: Elements of Statistical Learning, eq. 4.23 to 4.28. Taught in: chapter 01.

    Example:
        >>> theta = fit(torch.ones(4, 1), torch.tensor([1, 1, 1, 0]), torch.zeros(1))
        >>> round(theta.exp().item(), 3)  # the odds
        3.0
    """
    theta = X.new_zeros(X.shape[1])
    value = log_posterior(theta, X, y, penalty)
    gain, slack = math.inf, 1 + 16 * torch.finfo(X.dtype).eps  # rounding is no step back
    for _ in range(max_iter):
        slope = gradient(theta, X, y) - penalty * theta
        step = solve(information(theta, X, penalty), slope)
        change = (X @ step).abs().max().item()
        gain = (slope @ step).item()
        while (new := log_posterior(theta + step, X, y, penalty)) < value * slack:
            step = step / 2
        theta, value = theta + step, new
        if trace is not None:
            trace.append(change)
        if change <= tol**0.5:
            return theta
        if gain <= tol and change > 0.5:  # nothing to gain, and yet the log-odds grow
            break
    all_right = bool(((X @ theta > 0) == (y == 1)).all())
    warn_no_maximum(separable=all_right or gain <= tol)
    return theta


class LogisticRegression:
    """Logistic regression for two classes, with scikit-learn's conventions.

    Args:
        l2: the penalty l2/2 ||coef||^2 on the summed log-likelihood, the C = 1/l2 of
            scikit-learn. The intercept is not penalised. 0 is maximum likelihood.

    Attributes:
        coef_, intercept_: (1, d) and (1,) arrays.
        classes_: (2,), sorted; the log-odds are those of `classes_[1]`.
        n_iter_: (1,), the number of Newton steps.
        converged_: False after a ConvergenceWarning.

    Source: Elements of Statistical Learning, 4.4. Taught in: chapter 01.

    Example:
        >>> model = LogisticRegression(l2=1.0).fit([[1.0], [2.0]], ["cat", "dog"])
        >>> model.predict([[0.0], [9.0]]).tolist()
        ['cat', 'dog']
    """

    classes_: np.ndarray
    coef_: np.ndarray
    intercept_: np.ndarray
    n_iter_: np.ndarray

    def __init__(self, l2: float = 0.0) -> None:
        self.l2 = l2

    def fit(self, X: Any, y: Any) -> Self:
        """Fit to features X (n, d) and labels y (n,) of two classes; returns self.

        Raises:
            ValueError: on bad input, and if there are not two classes.

        Warns:
            ConvergenceWarning: as `dgm.logistic.fit`.
        """
        if not 0 <= self.l2 < float("inf"):
            raise ValueError(f"l2 is {self.l2!r}, wanted a number of 0 or more")
        features = as_matrix(X)
        classes, index = as_labels(y, len(features))
        if len(classes) != 2:
            raise ValueError(
                f"y has {len(classes)} classes, wanted 2: keep two of them, or fit one "
                "model a class against the rest (GaussianNB takes any number)"
            )
        design = torch.cat([features, torch.ones_like(features[:, :1])], dim=1)  # (n, d + 1)
        penalty = features.new_tensor([self.l2] * features.shape[1] + [0.0])
        labels = torch.from_numpy(index).to(design)
        trace: list[float] = []
        theta = fit(design, labels, penalty, tol=1e-8, trace=trace).cpu().numpy()
        self.classes_ = classes
        self.coef_, self.intercept_ = theta[None, :-1], theta[-1:]
        self.n_iter_ = np.array([len(trace)], dtype=np.int32)
        self.converged_ = trace[-1] <= 1e-8**0.5
        return self

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities (n, 2) of the classes, in the order of `classes_`, for X (n, d)."""
        if not hasattr(self, "coef_"):
            raise ValueError("this LogisticRegression is not fitted: call fit(X, y) first")
        features = as_matrix(X, n_features=self.coef_.shape[1])
        theta = torch.from_numpy(np.append(self.coef_, self.intercept_)).to(features.device)
        z = features @ theta[:-1] + theta[-1]
        return sigmoid(torch.stack([-z, z], dim=1)).cpu().numpy()  # (n, 2)

    def predict(self, X: Any) -> np.ndarray:
        """The likelier class of each row of X (n, d), in the labels' own type."""
        likelier = self.predict_proba(X).argmax(axis=1)
        return self.classes_[likelier]
