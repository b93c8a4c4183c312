"""Gaussian naive Bayes: within a class, the features are independent Gaussians.

    p(x, y=k) = prior_k prod_j N(x_j; mean_kj, var_kj),    p(y=k | x) = p(x, y=k) / p(x).

A model of the joint distribution, so it can be sampled. With variances shared by the classes it
is the generative partner of logistic regression. Taught in: chapter 01.
"""

import math
from typing import Any, Self

import numpy as np
import torch

from dgm.arrays import as_labels, as_matrix
from dgm.validate import shapes

Parameters = tuple[torch.Tensor, torch.Tensor, torch.Tensor]


@shapes(X="n d: number", y="n: int < n_classes")
def class_statistics(
    X: torch.Tensor, y: torch.Tensor, n_classes: int, shared_variance: bool = False
) -> tuple[torch.Tensor, torch.Tensor, torch.Tensor]:
    """The maximum-likelihood estimates: each class's share, and its features' mean and variance.

    The variance of a class is the mean over its rows of (x - mean)^2, divided by the number of
    rows and not by one less. The shared variance is that mean over all rows, each about the mean
    of its own class: the mean of the classes' variances, weighted by their shares.

    Args:
        X: (n, d) features.
        y: (n,) int64 labels 0..K-1. A class without rows has a mean of NaN.
        n_classes: K.
        shared_variance: one variance a feature for all classes.

    Returns:
        prior (K,), mean (K, d), var (K, d). With a shared variance the rows of var are the same.

    Raises:
        ValueError: if shapes or dtypes do not agree, or a label is out of range.

    Source: Ng and Jordan 2001, section 2. Taught in: chapter 01.

    Example:
        >>> X, y = torch.tensor([[0.0], [2.0], [5.0], [5.0]]), torch.tensor([0, 0, 1, 1])
        >>> [a.tolist() for a in class_statistics(X, y, n_classes=2)]
        [[0.5, 0.5], [[1.0], [5.0]], [[1.0], [0.0]]]
    """
    member = torch.nn.functional.one_hot(y, n_classes).to(X.dtype)  # (n, K)
    count = member.sum(dim=0)[:, None]  # (K, 1)
    mean = member.T @ X / count  # (K, d)
    square = (X - mean[y]).square_()  # (n, d), in place: no second copy of X
    var = member.T @ square / count  # (K, d)
    prior = count[:, 0] / len(X)  # (K,)
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)
    return prior, mean, var


@shapes(
    X="n d: number",
    prior="K: number, nonnegative",
    mean="K d: number",
    var="K d: number, positive",
)
def joint_log_prob(
    X: torch.Tensor, prior: torch.Tensor, mean: torch.Tensor, var: torch.Tensor
) -> torch.Tensor:
    """The log of the joint density, log p(x, y=k), for each row and each class.

    log prior_k - 1/2 sum_j [log(2 pi var_kj) + (x_j - mean_kj)^2 / var_kj].

    Args:
        X: (n, d), prior: (K,), mean: (K, d), var: (K, d), as `class_statistics` gives them.

    Returns:
        (n, K).

    Raises:
        ValueError: if shapes or dtypes do not agree, or a variance is not above 0.

    Source: Hastie, Tibshirani and Friedman, Elements of Statistical Learning, 6.6.3.
    Taught in: chapter 01.

    Example:
        >>> prior, alike = torch.tensor([0.25, 0.75]), torch.ones(2, 1)
        >>> round(joint_log_prob(torch.zeros(1, 1), prior, alike, alike).diff().exp().item(), 4)
        3.0
    """
    distance = torch.stack(
        [((X - m) ** 2 / v).sum(dim=1) for m, v in zip(mean, var, strict=True)], dim=1
    )  # (n, K)
    return prior.log() - (torch.log(2 * math.pi * var).sum(dim=1) + distance) / 2


@shapes(
    X="n d: number",
    prior="K: number, nonnegative",
    mean="K d: number",
    var="K d: number, positive",
)
def posterior_log_prob(
    X: torch.Tensor, prior: torch.Tensor, mean: torch.Tensor, var: torch.Tensor
) -> torch.Tensor:
    """The log of the posterior, log p(y=k | x), by Bayes' rule in log space.

    log p(x, y=k) - log sum_l p(x, y=l). In many dimensions every density underflows to 0, so
    the sum is taken by log-sum-exp.

    Args:
        X: (n, d), prior: (K,), mean: (K, d), var: (K, d), as `class_statistics` gives them.

    Returns:
        (n, K); the exponentials of a row add up to 1.

    Raises:
        ValueError: if shapes or dtypes do not agree, or a variance is not above 0.

    Source: Ng and Jordan 2001, section 2. Taught in: chapter 01.

    Example:
        >>> prior, alike = torch.tensor([0.25, 0.75]), torch.ones(2, 1)
        >>> posterior_log_prob(torch.zeros(1, 1), prior, alike, alike).exp()
        tensor([[0.2500, 0.7500]])
    """
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint, dim=1, keepdim=True)


@shapes(prior="K: number, nonnegative", mean="K d: number", var="K d: number, nonnegative")
def sample_joint(
    n: int,
    prior: torch.Tensor,
    mean: torch.Tensor,
    var: torch.Tensor,
    generator: torch.Generator | None = None,
) -> tuple[torch.Tensor, torch.Tensor]:
    """Draw pairs (x, y) from the joint distribution: first y from the prior, then x given y.

    Args:
        n: how many pairs.
        prior: (K,), mean: (K, d), var: (K, d), as `class_statistics` gives them.
        generator: where the randomness comes from; on the device of `mean`.

    Returns:
        X (n, d) and y (n,) int64.

    Raises:
        ValueError: if shapes or dtypes do not agree, or a variance is below 0.

    Source: Bishop, Pattern Recognition and Machine Learning, 8.1.2 (ancestral sampling).
    Taught in: chapter 01.

    Example:
        >>> prior, mean = torch.tensor([0.0, 1.0]), torch.tensor([[3.0], [5.0]])
        >>> [a.tolist() for a in sample_joint(2, prior, mean, torch.zeros(2, 1))]
        [[[5.0], [5.0]], [1, 1]]
    """
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn((n, mean.shape[1]), generator=generator, dtype=mean.dtype, device=mean.device)
    return mean[y] + var[y].sqrt() * eps, y


@shapes(prior="2: number, positive", mean="2 d: number", var="2 d: number, positive, same rows")
def logistic_coefficients(
    prior: torch.Tensor, mean: torch.Tensor, var: torch.Tensor
) -> tuple[torch.Tensor, torch.Tensor]:
    """The logistic model that the posterior of two classes with shared variances is.

    p(y=1 | x) = sigmoid(coef . x + intercept), exactly and for every x.

    Args:
        prior: (2,).
        mean: (2, d).
        var: (2, d), with two rows that are the same.

    Returns:
        coef (d,) and intercept, a tensor without dimensions.

    Raises:
        ValueError: if shapes or dtypes do not agree, or the two rows of `var` differ.

    Source: Elements of Statistical Learning, eq. 4.9, with a diagonal covariance.
    Taught in: chapter 01.

    Example:
        >>> prior, mean = torch.tensor([0.5, 0.5]), torch.tensor([[0.0], [2.0]])
        >>> [a.item() for a in logistic_coefficients(prior, mean, torch.ones(2, 1))]
        [2.0, -2.0]
    """
    coef = (mean[1] - mean[0]) / var[0]
    middle = (mean[0] + mean[1]) / 2
    return coef, prior[1].log() - prior[0].log() - (coef * middle).sum()


class GaussianNB:
    """Gaussian naive Bayes, with scikit-learn's conventions.

    Args:
        var_smoothing: this share of the largest variance of a feature is added to all variances.
        shared_variance: one variance a feature for all classes. The posterior is then a logistic
            model of the features.

    Attributes:
        classes_: (K,), sorted.
        class_prior_: (K,), the share of each class.
        theta_, var_: (K, d) means and smoothed variances; a shared variance stands in each row.

    Source: Ng and Jordan 2001. Taught in: chapter 01.

    Example:
        >>> model = GaussianNB().fit([[0.0], [2.0], [7.0], [9.0]], ["cat", "cat", "dog", "dog"])
        >>> model.predict([[1.0], [8.0]]).tolist(), model.theta_.tolist()
        (['cat', 'dog'], [[1.0], [8.0]])
    """

    classes_: np.ndarray
    class_prior_: np.ndarray
    theta_: np.ndarray
    var_: np.ndarray

    def __init__(self, var_smoothing: float = 1e-9, shared_variance: bool = False) -> None:
        self.var_smoothing = var_smoothing
        self.shared_variance = shared_variance

    def fit(self, X: Any, y: Any) -> Self:
        """Fit to features X (n, d) and labels y (n,) of any number of classes; returns self.

        Raises:
            ValueError: on bad input, and if a variance is 0 in spite of the smoothing.
        """
        if not 0 <= self.var_smoothing < math.inf:
            raise ValueError(f"var_smoothing is {self.var_smoothing!r}, wanted 0 or more")
        features = as_matrix(X)
        classes, index = as_labels(y, len(features))
        labels = torch.from_numpy(index).to(features.device)
        prior, mean, var = class_statistics(features, labels, len(classes), self.shared_variance)
        total = prior @ (var + (mean - prior @ mean) ** 2)  # the variance over all classes
        var = var + self.var_smoothing * total.max()
        if (var <= 0).any():
            raise ValueError(
                "X has a feature that is constant in a class, with variance 0: "
                "raise var_smoothing, or drop the feature"
            )
        self.classes_ = classes
        self.class_prior_, self.theta_ = prior.cpu().numpy(), mean.cpu().numpy()
        self.var_ = var.cpu().numpy()
        return self

    def _parameters(self, device: torch.device | None = None) -> Parameters:
        if not hasattr(self, "var_"):
            raise ValueError("this GaussianNB is not fitted: call fit(X, y) first")
        arrays = (self.class_prior_, self.theta_, self.var_)
        prior, mean, var = (torch.from_numpy(a).to(device) for a in arrays)
        return prior, mean, var

    def predict_log_proba(self, X: Any) -> np.ndarray:
        """Log-probabilities (n, K) of the classes, in the order of `classes_`, for X (n, d)."""
        width = self._parameters()[1].shape[1]
        features = as_matrix(X, n_features=width)
        return posterior_log_prob(features, *self._parameters(features.device)).cpu().numpy()

    def predict_proba(self, X: Any) -> np.ndarray:
        """Probabilities (n, K) of the classes, in the order of `classes_`, for X (n, d)."""
        return np.exp(self.predict_log_proba(X))

    def predict(self, X: Any) -> np.ndarray:
        """The likeliest class of each row of X (n, d), in the labels' own type."""
        likeliest = self.predict_log_proba(X).argmax(axis=1)
        return self.classes_[likeliest]

    def sample(
        self, n: int, generator: torch.Generator | None = None
    ) -> tuple[np.ndarray, np.ndarray]:
        """Draw n pairs from the joint: X (n, d), and y (n,) in the labels' own type."""
        if n < 1:
            raise ValueError(f"n is {n}, wanted 1 or more")
        X, y = sample_joint(n, *self._parameters(), generator=generator)
        return X.numpy(), self.classes_[y.numpy()]
