"""1.5 The curvature."""

import numpy as np
import torch
import torch.nn.functional as F
from scipy.special import expit
from torch import Tensor

from course.checks import draw
from course.checks.cases import Call
from dgm.logistic import information as definition
from dgm.logistic import log_posterior, sigmoid


def cases(g):
    for n, dtype, *penalty in (
        (15, draw.DOUBLE, 0.0, 2.0, 0.5),
        (11, draw.DOUBLE, 1.7, 0.4, 0.0, 3.1),
        (4, draw.DOUBLE, 0.3, 1.9, 2.3, 0.7, 1.1),
        (9, draw.SINGLE, 0.6, 2.6),
    ):
        d = len(penalty)
        theta, X = draw.normal(g, d, dtype=dtype), draw.normal(g, n, d, dtype=dtype)
        yield Call(theta, X, torch.tensor(penalty, dtype=dtype)).but(dtype="float", atol=1e-5)
    far = torch.tensor([[1000.0], [-1000.0]], dtype=torch.float64)
    one = torch.ones(1, dtype=torch.float64)
    yield Call(one, far, one).but(dtype="float", words="log-odds of 1000 and -1000")


def rows(theta, X, weight=lambda p: p * (1 - p)):
    """The sum over rows, without the penalty."""
    return X.T @ (weight(sigmoid(X @ theta))[:, None] * X)


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


def right_start_from_penalty(theta, X, penalty):
    H = torch.diag(penalty).clone()
    p = torch.sigmoid(X @ theta)
    return torch.addmm(H, X.T, X * (p - p.square()).unsqueeze(-1))


# Mistakes, and what a student is told.


def wrong_diagonal_matrix_only(theta, X, penalty):
    """0 off the diagonal; the features meet each other there"""
    return torch.diag(rows(theta, X).diagonal() + penalty)


def wrong_diagonal_only(theta, X, penalty):
    """this is the diagonal alone: a (d, d) matrix is wanted"""
    return rows(theta, X).diagonal() + penalty


def wrong_first_never_penalised(theta, X, penalty):
    """the first coefficient is never penalised: its lambda may be any"""
    lam = penalty.clone()
    lam[0] = 0
    return rows(theta, X) + torch.diag(lam)


def wrong_gram(theta, X, penalty):
    """rows against rows, (n, n): features against features, (d, d)"""
    p = sigmoid(X @ theta)
    A = (p * (1 - p)).sqrt()[:, None] * X
    return A @ A.T


def wrong_gram_plus_penalty(theta, X, penalty):
    """rows against rows, (n, n): features against features, (d, d)"""
    p = sigmoid(X @ theta)
    A = (p * (1 - p)).sqrt()[:, None] * X
    return A @ A.T + torch.diag(penalty)


def wrong_in_place_features(theta, X, penalty):
    """X is changed in place"""
    p = sigmoid(X @ theta)
    X *= (p * (1 - p)).sqrt()[:, None]
    return X.T @ X + torch.diag(penalty)


def wrong_in_place_penalty(theta, X, penalty):
    """penalty is changed in place"""
    H = rows(theta, X)
    penalty += H.diagonal()
    H.diagonal().copy_(penalty)
    return H


def wrong_inverse(theta, X, penalty):
    """this is the inverse of H"""
    return torch.linalg.inv(rows(theta, X) + torch.diag(penalty))


def wrong_last_penalty(theta, X, penalty):
    """each coefficient has a lambda of its own; here the last serves for all but the first"""
    eye = torch.eye(len(theta))
    eye[0, 0] = 0
    return rows(theta, X) + penalty[-1] * eye


def wrong_mean(theta, X, penalty):
    """the rows are summed, not averaged"""
    return rows(theta, X) / len(X) + torch.diag(penalty)


def wrong_mean_of_all(theta, X, penalty):
    """all is divided by the number of rows: divide by nothing"""
    return (rows(theta, X) + torch.diag(penalty)) / X.shape[0]


def wrong_mean_weight(theta, X, penalty):
    """each row has a weight of its own, p (1 - p); here all have the mean"""
    p = sigmoid(X @ theta)
    return (p * (1 - p)).mean() * X.T @ X + torch.diag(penalty)


def wrong_no_penalty(theta, X, penalty):
    """the penalty is missing on the diagonal"""
    return rows(theta, X)


def wrong_no_return(theta, X, penalty):
    """forgot to return"""
    H = rows(theta, X) + torch.diag(penalty)


def wrong_no_weights(theta, X, penalty):
    """the rows' weights p (1 - p) are missing: this is X^T X"""
    return X.T @ X + torch.diag(penalty)


def wrong_number(theta, X, penalty):
    """summed to one number: a (d, d) matrix is wanted"""
    return rows(theta, X).trace() + penalty.sum()


def wrong_one_penalty(theta, X, penalty):
    """each coefficient has a lambda of its own; here the last serves for all"""
    return rows(theta, X) + penalty[-1] * torch.eye(len(theta))


def wrong_outer_of_slopes(theta, X, penalty):
    """each row's weight is p (1 - p), not p^2"""
    slopes = sigmoid(X @ theta)[:, None] * X
    return slopes.T @ slopes + torch.diag(penalty)


def wrong_penalty_doubled(theta, X, penalty):
    """the penalty is there twice"""
    return rows(theta, X) + 2 * torch.diag(penalty)


def wrong_penalty_everywhere(theta, X, penalty):
    """the penalty belongs on the diagonal alone: make a matrix of it"""
    return rows(theta, X) + penalty


def wrong_penalty_half(theta, X, penalty):
    """half of the penalty: the half of exercise 4 goes with the square when you differentiate"""
    return rows(theta, X) + torch.diag(penalty) / 2


def wrong_penalty_minus(theta, X, penalty):
    """the penalty is taken off: add it"""
    return rows(theta, X) - torch.diag(penalty)


def wrong_penalty_on_design(theta, X, penalty):
    """the penalty is no row of X: add it on the diagonal at the end"""
    A = torch.cat([X, penalty[None]])
    p = sigmoid(A @ theta)
    return A.T @ ((p * (1 - p))[:, None] * A)


def wrong_penalty_outer(theta, X, penalty):
    """the penalty belongs on the diagonal alone, and not squared: torch.diag, not torch.outer"""
    return rows(theta, X) + torch.outer(penalty, penalty)


def wrong_penalty_per_row(theta, X, penalty):
    """the penalty is added once, not once a row"""
    return rows(theta, X) + len(X) * torch.diag(penalty)


def wrong_penalty_sum_everywhere(theta, X, penalty):
    """the penalty belongs on the diagonal alone, and each lambda in its own place"""
    return rows(theta, X) + penalty.sum()


def wrong_penalty_times_theta(theta, X, penalty):
    """the penalty itself is added, not penalty times theta"""
    return rows(theta, X) + torch.diag(penalty * theta)


def wrong_penalty_variance(theta, X, penalty):
    """lambda itself is added, not one over it"""
    inverse = torch.where(penalty > 0, 1 / penalty, 0)
    return rows(theta, X) + torch.diag(inverse)


def wrong_sign(theta, X, penalty):
    """the sign is turned: H is minus the second derivative"""
    return -rows(theta, X) - torch.diag(penalty)


def wrong_three_features(theta, X, penalty):
    """written out for three features: X has d of them"""
    return rows(theta, X) + penalty * torch.eye(3)


def wrong_upper_triangle(theta, X, penalty):
    """only the upper triangle is filled: H is symmetric"""
    return rows(theta, X).triu() + torch.diag(penalty)


def wrong_weight_log_odds(theta, X, penalty):
    """a row's weight is p (1 - p), with p = sigmoid(z): the sigmoid is missing"""
    z = X @ theta
    return X.T @ ((z * (1 - z))[:, None] * X) + torch.diag(penalty)


def wrong_weight_on_columns(theta, X, penalty):
    """the weights run along the columns of X: each row has one, so weight[:, None]"""
    p = sigmoid(X @ theta)
    return X.T @ (p * (1 - p) * X) + torch.diag(penalty)


def wrong_weight_one_minus_p(theta, X, penalty):
    """each row's weight is p (1 - p), not 1 - p"""
    return rows(theta, X, lambda p: 1 - p) + torch.diag(penalty)


def wrong_weight_p(theta, X, penalty):
    """each row's weight is p (1 - p), not p"""
    return rows(theta, X, lambda p: p) + torch.diag(penalty)


def wrong_weight_p_squared(theta, X, penalty):
    """each row's weight is p (1 - p), not p^2"""
    return rows(theta, X, lambda p: p**2) + torch.diag(penalty)


def wrong_weight_quarter(theta, X, penalty):
    """each row has a weight of its own, p (1 - p); 1/4 is the largest"""
    return X.T @ X / 4 + torch.diag(penalty)


def wrong_weight_squared(theta, X, penalty):
    """each row's weight is there twice: weigh one of the two X"""
    return rows(theta, X, lambda p: (p * (1 - p)) ** 2) + torch.diag(penalty)


def wrong_nan_at_far_odds(theta, X, penalty):
    """NaN at log-odds of 1000, inf / inf: use your sigmoid"""
    e = torch.exp(X @ theta)
    return X.T @ ((e / (1 + e) ** 2)[:, None] * X) + torch.diag(penalty)


def wrong_ridge(theta, X, penalty):
    """each lambda itself is added, and no more on the diagonal"""
    return rows(theta, X) + torch.diag(penalty + 1e-3)


def wrong_penalty_root(theta, X, penalty):
    """lambda itself is added, not its root"""
    return rows(theta, X) + torch.diag(penalty.sqrt())


def wrong_squeezed(theta, X, penalty):
    """an axis of one entry is lost: shape (d, d) is wanted"""
    return (rows(theta, X) + torch.diag(penalty)).squeeze()


def wrong_weight_floor(theta, X, penalty):
    """a row that is sure has a weight of 0: no smallest weight"""
    return rows(theta, X, lambda p: (p * (1 - p)).clamp(min=1e-5)) + torch.diag(penalty)


def wrong_weight_root(theta, X, penalty):
    """a row's weight is p (1 - p), not its root"""
    return rows(theta, X, lambda p: (p * (1 - p)).sqrt()) + torch.diag(penalty)
