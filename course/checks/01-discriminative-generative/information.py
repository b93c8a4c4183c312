"""TITLE."""

import numpy as np
import torch
import torch.nn.functional as F
from scipy.special import expit
from torch import Tensor

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.logistic import information as definition
from dgm.logistic import (
    log_posterior,  # log_posterior
    sigmoid,  # sigmoid
)


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_broadcast(theta, X, penalty):
    p = sigmoid(X @ theta)
    outer = X[:, :, None] * X[:, None, :]
    return ((p - p**2)[:, None, None] * outer).sum(0) + torch.eye(len(penalty)) * penalty


def right_cosh(theta, X, penalty):
    # s (1 - s) = 1 / (4 cosh(z / 2)^2)
    w = 0.25 / torch.cosh((X @ theta) / 2) ** 2
    return X.T @ torch.mul(X, w.view(-1, 1)) + penalty.diag()


def right_diagonal_matrix(theta: Tensor, X: Tensor, penalty: Tensor) -> Tensor:
    p = sigmoid(X @ theta)
    W = torch.diag(p * (1 - p))
    return X.T @ W @ X + torch.diag(penalty)


def right_einsum(theta, X, penalty):
    p = sigmoid(X @ theta)
    return torch.einsum("n,ni,nj->ij", p * (1 - p), X, X) + penalty.diag()


def right_entries(theta, X, penalty):
    n, d = X.shape
    p = sigmoid(X @ theta)
    w = p * (1 - p)
    H = torch.zeros(d, d)
    for j in range(d):
        for k in range(d):
            H[j, k] = (w * X[:, j] * X[:, k]).sum()
    return H + torch.diag(penalty)


def right_eye_in_dtype(theta, X, penalty):
    p = sigmoid(X @ theta)
    return (X.T * (p * (1 - p))) @ X + torch.eye(X.shape[1], dtype=X.dtype) * penalty


def right_fill_diagonal(theta, X, penalty):
    p = sigmoid(X @ theta)
    H = X.T @ (X * (p * (1 - p))[:, None])
    for j in range(len(penalty)):
        H[j, j] += penalty[j]
    return H


def right_func_hessian(theta, X, penalty):
    def loss(t):
        return F.softplus(X @ t).sum() + 0.5 * (penalty * t**2).sum()

    return torch.func.hessian(loss)(theta)


def right_hessian(theta, X, penalty):
    y = torch.zeros(len(X), dtype=X.dtype)  # any labels will do
    return -torch.autograd.functional.hessian(lambda t: log_posterior(t, X, y, penalty), theta)


def right_jacobian_of_slope(theta, X, penalty):
    def slope(t):
        return -X.T @ torch.sigmoid(X @ t) - penalty * t

    return -torch.autograd.functional.jacobian(slope, theta)


def right_numpy(theta, X, penalty):
    X, theta, penalty = (np.asarray(a, dtype=float) for a in (X, theta, penalty))
    p = expit(X @ theta)
    return torch.tensor(X.T @ np.diag(p * (1 - p)) @ X + np.diag(penalty))


def right_outer_loop(theta, X, penalty):
    H = torch.diag(penalty)
    for x in X:
        p = sigmoid(x @ theta)
        H = H + p * (1 - p) * torch.outer(x, x)
    return H


def right_root_weights(theta, X, penalty):
    z = X @ theta
    A = (sigmoid(z) * sigmoid(-z)).sqrt().unsqueeze(1) * X
    return A.T @ A + torch.diag_embed(penalty)


def right_weighted_rows(theta, X, penalty):
    p = sigmoid(X @ theta)
    weight = p * (1 - p)
    return X.T @ (weight[:, None] * X) + torch.diag(penalty)


# Mistakes, and what a student is told.


def wrong_diagonal_matrix_only(theta, X, penalty):
    """the diagonal only, zeros elsewhere"""
    # SAID: it is 0 off the diagonal; the features meet each other there
    p = sigmoid(X @ theta)
    return torch.diag((p * (1 - p)) @ X**2 + penalty)


def wrong_diagonal_only(theta, X, penalty):
    """the diagonal only, a vector"""
    # SAID: a (d, d) matrix is wanted, (3, 3) here; got (3,)
    p = sigmoid(X @ theta)
    return (p * (1 - p)) @ X**2 + penalty


def wrong_first_never_penalised(theta, X, penalty):
    """the first coefficient never penalised, whatever lambda says"""
    # SAID: [visible passes] AssertionError: wrong for (2, 5)
    p = sigmoid(X @ theta)
    lam = penalty.clone()
    lam[0] = 0
    return X.T @ ((p * (1 - p))[:, None] * X) + torch.diag(lam)


def wrong_gram(theta, X, penalty):
    """rows against rows, (n, n)"""
    # SAID: a (d, d) matrix is wanted, (3, 3) here; got (15, 15)
    p = sigmoid(X @ theta)
    A = (p * (1 - p)).sqrt()[:, None] * X
    return A @ A.T


def wrong_gram_plus_penalty(theta, X, penalty):
    """rows against rows, (n, n), which does not fit to the penalty"""
    # SAID: RuntimeError: The size of tensor a (15) must match the size of tensor b (3) at non-singleton dimension 1
    # RAISES: RuntimeError
    p = sigmoid(X @ theta)
    A = (p * (1 - p)).sqrt()[:, None] * X
    return A @ A.T + torch.diag(penalty)


def wrong_in_place_features(theta, X, penalty):
    """the caller's features are multiplied by the weights"""
    # SAID: information has changed the X it was given: work on a copy
    p = sigmoid(X @ theta)
    X *= (p * (1 - p)).sqrt()[:, None]
    return X.T @ X + torch.diag(penalty)


def wrong_in_place_penalty(theta, X, penalty):
    """the caller's penalty becomes the diagonal of the result"""
    # SAID: information has changed the penalty it was given: work on a copy
    p = sigmoid(X @ theta)
    H = X.T @ ((p * (1 - p))[:, None] * X)
    penalty += H.diagonal()
    H.diagonal().copy_(penalty)
    return H


def wrong_inverse(theta, X, penalty):
    """the inverse: a covariance"""
    # SAID: autograd's Hessian is another matrix: is a row's weight p (1 - p), once? Is the penalty on the diagonal only?
    p = sigmoid(X @ theta)
    return torch.linalg.inv(X.T @ ((p * (1 - p))[:, None] * X) + torch.diag(penalty))


def wrong_last_penalty(theta, X, penalty):
    """the last lambda for every coefficient but the first"""
    # SAID: right off the diagonal; on it, add each lambda itself, once
    p = sigmoid(X @ theta)
    eye = torch.eye(len(theta))
    eye[0, 0] = 0
    return X.T @ ((p * (1 - p))[:, None] * X) + penalty[-1] * eye


def wrong_mean(theta, X, penalty):
    """mean over rows in place of the sum"""
    # SAID: a mean over rows in place of the sum
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) / len(X) + torch.diag(penalty)


def wrong_mean_of_all(theta, X, penalty):
    """everything divided by the number of rows"""
    # SAID: a mean over rows in place of the sum
    p = sigmoid(X @ theta)
    return (X.T @ ((p * (1 - p))[:, None] * X) + torch.diag(penalty)) / X.shape[0]


def wrong_mean_weight(theta, X, penalty):
    """one weight for all rows, their mean"""
    # SAID: autograd's Hessian is another matrix: is a row's weight p (1 - p), once? Is the penalty on the diagonal only?
    p = sigmoid(X @ theta)
    return (p * (1 - p)).mean() * X.T @ X + torch.diag(penalty)


def wrong_no_penalty(theta, X, penalty):
    """the penalty is missing"""
    # SAID: the penalty is missing on the diagonal
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X)


def wrong_no_return(theta, X, penalty):
    """no return"""
    # SAID: information returned None: did you forget `return`?
    p = sigmoid(X @ theta)
    H = X.T @ ((p * (1 - p))[:, None] * X) + torch.diag(penalty)


def wrong_no_weights(theta, X, penalty):
    """the rows' weights are missing"""
    # SAID: the rows' weights are missing: this is X^T X
    return X.T @ X + torch.diag(penalty)


def wrong_number(theta, X, penalty):
    """summed to one number"""
    # SAID: a (d, d) matrix is wanted, (3, 3) here; got ()
    p = sigmoid(X @ theta)
    return ((p * (1 - p))[:, None] * X**2).sum() + penalty.sum()


def wrong_one_penalty(theta, X, penalty):
    """the last lambda for every coefficient, the intercept too"""
    # SAID: right off the diagonal; on it, add each lambda itself, once
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + penalty[-1] * torch.eye(len(theta))


def wrong_outer_of_slopes(theta, X, penalty):
    """the outer products of the rows' slopes, with every label 0"""
    # SAID: autograd's Hessian is another matrix: is a row's weight p (1 - p), once? Is the penalty on the diagonal only?
    g = sigmoid(X @ theta)[:, None] * X
    return g.T @ g + torch.diag(penalty)


def wrong_penalty_doubled(theta, X, penalty):
    """twice the penalty"""
    # SAID: right off the diagonal; on it, add each lambda itself, once
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + 2 * torch.diag(penalty)


def wrong_penalty_everywhere(theta, X, penalty):
    """the penalty added to every row of the matrix, not on the diagonal"""
    # SAID: the penalty belongs on the diagonal only: make a matrix of it
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + penalty


def wrong_penalty_half(theta, X, penalty):
    """half of the penalty"""
    # SAID: right off the diagonal; on it, add each lambda itself, once
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + torch.diag(penalty) / 2


def wrong_penalty_minus(theta, X, penalty):
    """the penalty taken off"""
    # SAID: right off the diagonal; on it, add each lambda itself, once
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) - torch.diag(penalty)


def wrong_penalty_on_design(theta, X, penalty):
    """the penalty taken for one more row of X"""
    # SAID: autograd's Hessian is another matrix: is a row's weight p (1 - p), once? Is the penalty on the diagonal only?
    A = torch.cat([X, penalty[None]])
    p = sigmoid(A @ theta)
    return A.T @ ((p * (1 - p))[:, None] * A)


def wrong_penalty_outer(theta, X, penalty):
    """the outer product of the penalty in place of its diagonal matrix"""
    # SAID: autograd's Hessian is another matrix: is a row's weight p (1 - p), once? Is the penalty on the diagonal only?
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + torch.outer(penalty, penalty)


def wrong_penalty_per_row(theta, X, penalty):
    """the penalty added once a row"""
    # SAID: right off the diagonal; on it, add each lambda itself, once
    H = 0
    for x in X:
        p = sigmoid(x @ theta)
        H = H + p * (1 - p) * torch.outer(x, x) + torch.diag(penalty)
    return H


def wrong_penalty_sum_everywhere(theta, X, penalty):
    """the sum of the penalties added to every entry"""
    # SAID: autograd's Hessian is another matrix: is a row's weight p (1 - p), once? Is the penalty on the diagonal only?
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + penalty.sum()


def wrong_penalty_times_theta(theta, X, penalty):
    """the slope of the penalty in place of its curvature"""
    # SAID: right off the diagonal; on it, add each lambda itself, once
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + torch.diag(penalty * theta)


def wrong_penalty_variance(theta, X, penalty):
    """lambda taken for the variance"""
    # SAID: right off the diagonal; on it, add each lambda itself, once
    p = sigmoid(X @ theta)
    inverse = torch.where(penalty > 0, 1 / penalty, 0)
    return X.T @ ((p * (1 - p))[:, None] * X) + torch.diag(inverse)


def wrong_sign(theta, X, penalty):
    """the matrix of second derivatives with its own sign"""
    # SAID: the sign is turned: H is *minus* the second derivative of the log-posterior
    p = sigmoid(X @ theta)
    return -X.T @ ((p * (1 - p))[:, None] * X) - torch.diag(penalty)


def wrong_three_features(theta, X, penalty):
    """the size of the identity is written down"""
    # SAID: [visible passes] RuntimeError: The size of tensor a (5) must match the size of tensor b (3) at non-singleton dimension 1
    # RAISES: RuntimeError
    p = sigmoid(X @ theta)
    return X.T @ ((p * (1 - p))[:, None] * X) + penalty * torch.eye(3)


def wrong_upper_triangle(theta, X, penalty):
    """the lower triangle is never filled"""
    # SAID: the matrix should be symmetric
    d = X.shape[1]
    p = sigmoid(X @ theta)
    H = torch.diag(penalty)
    for j in range(d):
        for k in range(j, d):
            H[j, k] += (p * (1 - p) * X[:, j] * X[:, k]).sum()
    return H


def wrong_weight_log_odds(theta, X, penalty):
    """weights z (1 - z): the sigmoid is missing"""
    # SAID: autograd's Hessian is another matrix: is a row's weight p (1 - p), once? Is the penalty on the diagonal only?
    z = X @ theta
    return X.T @ ((z * (1 - z))[:, None] * X) + torch.diag(penalty)


def wrong_weight_on_columns(theta, X, penalty):
    """the weights meet the columns of X, not its rows"""
    # SAID: RuntimeError: The size of tensor a (15) must match the size of tensor b (3) at non-singleton dimension 1
    # RAISES: RuntimeError
    p = sigmoid(X @ theta)
    return X.T @ (p * (1 - p) * X) + torch.diag(penalty)


def wrong_weight_one_minus_p(theta, X, penalty):
    """weights 1 - p in place of p (1 - p)"""
    # SAID: autograd's Hessian is another matrix: is a row's weight p (1 - p), once? Is the penalty on the diagonal only?
    p = sigmoid(X @ theta)
    return X.T @ ((1 - p)[:, None] * X) + torch.diag(penalty)


def wrong_weight_p(theta, X, penalty):
    """weights p in place of p (1 - p)"""
    # SAID: each row's weight is p; wanted p (1 - p)
    p = sigmoid(X @ theta)
    return X.T @ (p[:, None] * X) + torch.diag(penalty)


def wrong_weight_p_squared(theta, X, penalty):
    """weights p squared in place of p (1 - p)"""
    # SAID: autograd's Hessian is another matrix: is a row's weight p (1 - p), once? Is the penalty on the diagonal only?
    p = sigmoid(X @ theta)
    return X.T @ ((p * p)[:, None] * X) + torch.diag(penalty)


def wrong_weight_quarter(theta, X, penalty):
    """the largest weight, 1/4, for every row"""
    # SAID: autograd's Hessian is another matrix: is a row's weight p (1 - p), once? Is the penalty on the diagonal only?
    return X.T @ X / 4 + torch.diag(penalty)


def wrong_weight_squared(theta, X, penalty):
    """weights squared: both copies of X are weighted"""
    # SAID: autograd's Hessian is another matrix: is a row's weight p (1 - p), once? Is the penalty on the diagonal only?
    p = sigmoid(X @ theta)
    A = (p * (1 - p))[:, None] * X
    return A.T @ A + torch.diag(penalty)
