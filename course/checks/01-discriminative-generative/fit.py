"""TITLE."""

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression as SklearnLogisticRegression
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.logistic import fit as definition
from dgm.logistic import (
    gradient,  # gradient
    information,  # information
    log_likelihood,  # log_likelihood
    log_posterior,  # log_posterior
    sigmoid,  # sigmoid
    solve,
    warn_no_maximum,
)


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_adam(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    optimiser = torch.optim.Adam([theta], lr=0.1)
    for _ in range(500):
        theta.grad = penalty * theta.detach() - gradient(theta.detach(), X, y)
        if theta.grad.abs().max() < 1e-3:
            break
        optimiser.step()
    return theta.detach()


def right_gradient_ascent(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    steepest = torch.linalg.eigvalsh(X.T @ X).max() / 4 + penalty.max()
    theta = torch.zeros(X.shape[1], dtype=X.dtype)
    for _ in range(20000):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + slope / steepest
        if slope.abs().max() < 1e-4:
            break
    return theta


def right_lbfgs(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    optimiser = torch.optim.LBFGS([theta], max_iter=500, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = -log_posterior(theta, X, y, penalty)
        loss.backward()
        return loss

    optimiser.step(closure)
    return theta.detach()


def right_lbfgs_with_graph(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = torch.nn.Parameter(torch.zeros(X.shape[1], dtype=X.dtype))
    optimiser = torch.optim.LBFGS([theta], lr=1, max_iter=200, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        z = X @ theta
        nll = binary_cross_entropy_with_logits(z, y.to(X.dtype), reduction="sum")
        loss = nll + 0.5 * (penalty * theta**2).sum()
        loss.backward()
        return loss

    for _ in range(5):
        optimiser.step(closure)
    return theta


def right_line_search(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """Gradient ascent, with a step size that is halved until the value grows enough."""
    theta, rate = X.new_zeros(X.shape[1]), 1.0
    for _ in range(5000):
        slope = gradient(theta, X, y) - penalty * theta
        here = log_posterior(theta, X, y, penalty)
        while rate > 1e-9 and (
            log_posterior(theta + rate * slope, X, y, penalty) < here + 0.5 * rate * slope @ slope
        ):
            rate /= 2
        theta = theta + rate * slope
        if slope.norm() < 1e-4:
            break
        rate *= 2
    return theta


def right_momentum(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    L = torch.linalg.matrix_norm(X, 2) ** 2 / 4 + penalty.max()
    theta = torch.zeros_like(X[0])
    ahead = theta
    for k in range(10000):
        new = ahead + (gradient(ahead, X, y) - penalty * ahead) / L
        if (new - ahead) @ (new - theta) < 0:
            ahead = new  # uphill no more: start again without momentum
        else:
            ahead = new + k / (k + 3) * (new - theta)
        done = (new - theta).norm() < 1e-7
        theta = new
        if done:
            break
    return theta


def right_newton(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    theta = torch.zeros(X.shape[1], dtype=X.dtype)
    value = log_posterior(theta, X, y, penalty)
    for _ in range(max_iter):
        s = gradient(theta, X, y) - penalty * theta
        delta = solve(information(theta, X, penalty), s)
        for _ in range(50):
            if log_posterior(theta + delta, X, y, penalty) >= value:
                break
            delta = delta / 2
        theta = theta + delta
        value = log_posterior(theta, X, y, penalty)
        if delta.abs().max() < 1e-6:
            break
    return theta


def right_newton_halving_slope(
    X: Tensor, y: Tensor, penalty: Tensor, tol=1e-8, max_iter=100, trace=None
) -> Tensor:
    theta = torch.zeros_like(penalty)
    for i in range(max_iter):
        slope = gradient(theta, X, y) - penalty * theta
        step = solve(information(theta, X, penalty), slope)
        here = log_posterior(theta, X, y, penalty)
        t = 1.0
        while log_posterior(theta + t * step, X, y, penalty) < here and t > 1e-6:
            t *= 0.5
        theta = theta + t * step
        if trace is not None:
            trace.append((t * X @ step).abs().max().item())
        if slope.norm() < 1e-5:
            return theta
    warn_no_maximum(theta, X, y)
    return theta


def right_newton_linalg(X, y, penalty, **unused):
    theta = torch.zeros(X.shape[1], dtype=X.dtype)
    for _ in range(25):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + torch.linalg.solve(information(theta, X, penalty), slope)
    return theta


def right_one_coordinate_at_a_time(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    d = X.shape[1]
    theta = X.new_zeros(d)
    bound = (X**2).sum(0) / 4 + penalty  # curvature is never above it
    z = X @ theta
    for sweep in range(3000):
        largest = 0.0
        for j in range(d):
            slope = X[:, j] @ (y - torch.sigmoid(z)) - penalty[j] * theta[j]
            move = slope / bound[j]
            theta[j] += move
            z = z + move * X[:, j]
            largest = max(largest, move.abs().item())
        if largest < 1e-6:
            break
    return theta


def right_reweighted_least_squares(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    # each step is a weighted least squares with a working response
    y = y.to(X.dtype)
    theta = X.new_zeros(X.shape[1])
    for _ in range(max_iter):
        z = X @ theta
        p = sigmoid(z)
        w = (p * (1 - p)).clamp(min=1e-12)
        response = z + (y - p) / w
        A = X.T @ (w[:, None] * X) + torch.diag(penalty)
        new = torch.linalg.solve(A, X.T @ (w * response))
        moved = (new - theta).abs().max()
        theta = new
        if moved < 1e-7:
            break
    return theta


def right_scipy_bfgs(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    A, b, lam = X.numpy().astype(float), y.numpy().astype(float), penalty.numpy().astype(float)

    def loss(t):
        z = A @ t
        return np.logaddexp(0, z).sum() - b @ z + 0.5 * lam @ t**2

    def slope(t):
        return A.T @ (expit(A @ t) - b) + lam * t

    found = minimize(loss, np.zeros(A.shape[1]), jac=slope, method="BFGS")
    return torch.tensor(found.x, dtype=X.dtype)


def right_scipy_newton_float64(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    X, penalty = X.double(), penalty.double()
    result = minimize(
        lambda t: -log_posterior(torch.tensor(t), X, y, penalty).item(),
        torch.zeros(X.shape[1]).double().numpy(),
        jac=lambda t: (penalty * torch.tensor(t) - gradient(torch.tensor(t), X, y)).numpy(),
        hess=lambda t: information(torch.tensor(t), X, penalty).numpy(),
        method="trust-exact",
    )
    return torch.tensor(result.x)


# Mistakes, and what a student is told.


def wrong_adam_hundred_steps(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [4.0896, -12.2529, -87.0312]. More
    steps? Has each coefficient its own penalty, taken off?"""
    theta = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    optimiser = torch.optim.Adam([theta])
    for _ in range(max_iter):
        optimiser.zero_grad()
        (-log_posterior(theta, X, y, penalty)).backward()
        optimiser.step()
    return theta.detach()


def wrong_batches(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [2.1019, 1.8081, -0.0952]. More steps?
    Has each coefficient its own penalty, taken off?"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(500):
        rows = torch.randint(len(X), (16,))
        theta = theta + 0.1 * (gradient(theta, X[rows], y[rows]) / 16 - penalty * theta / len(X))
    return theta


def wrong_column(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """a column, (d, 1)"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(20):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta[:, None]


def wrong_descent(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """this is lower than theta = 0: down in place of up, or steps that are too long?"""
    rate = 1 / torch.linalg.eigvalsh(X.T @ X).max()
    theta = X.new_zeros(X.shape[1])
    for _ in range(100):
        theta = theta - rate * (gradient(theta, X, y) - penalty * theta)
    return theta


def wrong_extra_ones(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """a second column of ones is added, so theta is one longer"""
    X = torch.cat([X.new_ones(len(X), 1), X], dim=1)
    penalty = torch.cat([penalty.new_zeros(1), penalty])
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta


def wrong_first_never_penalised(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """the first coefficient never penalised, whatever lambda says"""
    lam = penalty.clone()
    lam[0] = 0
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        slope = gradient(theta, X, y) - lam * theta
        theta = theta + solve(information(theta, X, lam), slope)
    return theta


def wrong_in_place_penalty(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """fit has changed the penalty it was given: work on a copy"""
    n = len(X)
    penalty /= n
    rate = 1 / (torch.linalg.eigvalsh(X.T @ X).max() / (4 * n) + penalty.max())
    theta = X.new_zeros(X.shape[1])
    for _ in range(1000):
        theta = theta + rate * (gradient(theta, X, y) / n - penalty * theta)
    return theta


def wrong_in_place_standardised(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """fit has changed the X it was given: work on a copy"""
    X[:, 1:] -= X[:, 1:].mean(0)
    X[:, 1:] /= X[:, 1:].std(0)
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta


def wrong_intercept_penalised(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [3.5631, 4.349, -0.0]. More steps? Has
    each coefficient its own penalty, taken off?"""
    lam = torch.full_like(penalty, penalty[-1].item())
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        slope = gradient(theta, X, y) - lam * theta
        theta = theta + solve(information(theta, X, lam), slope)
    return theta


def wrong_intercept_penalised_by_one(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """the first coefficient is not at its top: is the intercept penalised? penalty[0] is 0"""
    lam = penalty.clone()
    lam[0] += 1
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        slope = gradient(theta, X, y) - lam * theta
        theta = theta + solve(information(theta, X, lam), slope)
    return theta


def wrong_labels_swapped(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """this is lower than theta = 0: down in place of up, or steps that are too long?"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        slope = gradient(theta, X, 1 - y) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta


def wrong_largest_penalty(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [0.0, 4.2905, -0.0]. More steps? Has
    each coefficient its own penalty, taken off?"""
    lam = torch.full_like(penalty, penalty.max().item())
    lam[0] = 0
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        slope = gradient(theta, X, y) - lam * theta
        theta = theta + solve(information(theta, X, lam), slope)
    return theta


def wrong_least_squares(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [-29.275, -22.7476, -85.4195]. More
    steps? Has each coefficient its own penalty, taken off?"""
    return torch.linalg.solve(X.T @ X + torch.diag(penalty), X.T @ y.to(X.dtype))


def wrong_linear_gradient(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [-29.275, -22.7476, -85.4195]. More
    steps? Has each coefficient its own penalty, taken off?"""
    rate = 1 / (torch.linalg.eigvalsh(X.T @ X).max() + penalty.max())
    theta = X.new_zeros(X.shape[1])
    for _ in range(1000):
        theta = theta + rate * (X.T @ (y - X @ theta) - penalty * theta)
    return theta


def wrong_mean_slope_with_whole_penalty(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """this is the top for 300 times the penalty. A half? A mean over rows in one place, a sum in
    the other?"""
    n = len(X)
    rate = 1 / (torch.linalg.eigvalsh(X.T @ X).max() / (4 * n) + penalty.max())
    theta = X.new_zeros(X.shape[1])
    for _ in range(1000):
        theta = theta + rate * (gradient(theta, X, y) / n - penalty * theta)
    return theta


def wrong_minimises_posterior(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """this is lower than theta = 0: down in place of up, or steps that are too long?"""
    theta = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    optimiser = torch.optim.Adam([theta], lr=0.1)
    for _ in range(300):
        optimiser.zero_grad()
        log_posterior(theta, X, y, penalty).backward()
        optimiser.step()
    return theta.detach()


def wrong_newton_backwards(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """this is lower than theta = 0: down in place of up, or steps that are too long?"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(10):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta - solve(information(theta, X, penalty), slope)
    return theta


def wrong_no_return(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """no return"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(20):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)


def wrong_no_zero_grad(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """this is lower than theta = 0: down in place of up, or steps that are too long?"""
    theta = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    optimiser = torch.optim.SGD([theta], lr=0.01)
    for _ in range(300):
        (-log_posterior(theta, X, y, penalty)).backward()
        optimiser.step()
    return theta.detach()


def wrong_one_newton_step(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [1.0617, -5.7573, -18.258]. More steps?
    Has each coefficient its own penalty, taken off?"""
    theta = X.new_zeros(X.shape[1])
    slope = gradient(theta, X, y) - penalty * theta
    return theta + solve(information(theta, X, penalty), slope)


def wrong_penalty_doubled(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """this is the top for 2 times the penalty. A half? A mean over rows in one place, a sum in
    the other?"""
    theta = torch.zeros(X.shape[1], dtype=X.dtype, requires_grad=True)
    optimiser = torch.optim.LBFGS([theta], max_iter=500, line_search_fn="strong_wolfe")

    def closure():
        optimiser.zero_grad()
        loss = -log_likelihood(theta, X, y) + (penalty * theta**2).sum()
        loss.backward()
        return loss

    optimiser.step(closure)
    return theta.detach()


def wrong_penalty_half(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """this is the top for 0.5 times the penalty. A half? A mean over rows in one place, a sum in
    the other?"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(50):
        slope = gradient(theta, X, y) - penalty * theta / 2
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta


def wrong_penalty_ignored(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """this is the top of the likelihood: is the penalty in the slope?"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        H = information(theta, X, torch.zeros_like(penalty))
        theta = theta + solve(H, gradient(theta, X, y))
    return theta


def wrong_penalty_not_in_slope(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """this is the top of the likelihood: is the penalty in the slope?"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(100):
        theta = theta + solve(information(theta, X, penalty), gradient(theta, X, y))
    return theta


def wrong_penalty_sign(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """this is lower than theta = 0: down in place of up, or steps that are too long?"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(50):
        slope = gradient(theta, X, y) + penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta


def wrong_penalty_without_theta(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """this is lower than theta = 0: down in place of up, or steps that are too long?"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(50):
        slope = gradient(theta, X, y) - penalty
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta


def wrong_perceptron(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [17.7626, -15.3346, -78.6155]. More
    steps? Has each coefficient its own penalty, taken off?"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(10):
        for x, label in zip(X, y):
            theta = theta + 0.1 * (label - (x @ theta > 0).to(X.dtype)) * x
    return theta


def wrong_rate_too_large(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """NaN or infinity in theta: the steps grew. Halve them when the objective falls"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(500):
        theta = theta + 1.0 * (gradient(theta, X, y) - penalty * theta)
    return theta


def wrong_return_in_loop(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [1.0617, -5.7573, -18.258]. More steps?
    Has each coefficient its own penalty, taken off?"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(max_iter):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
        return theta


def wrong_returns_value(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """the height of the top in place of where it is"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(20):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
    return log_posterior(theta, X, y, penalty)


def wrong_sklearn_default(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [0.282, -3.2103, 27.939]. More steps?
    Has each coefficient its own penalty, taken off?"""
    model = SklearnLogisticRegression(fit_intercept=False).fit(X.numpy(), y.numpy())
    return torch.tensor(model.coef_[0], dtype=X.dtype)


def wrong_standardised(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [7.8126, 12.642, 15.7065]. More steps?
    Has each coefficient its own penalty, taken off?"""
    Z = X.clone()
    Z[:, 1:] = (X[:, 1:] - X[:, 1:].mean(0)) / X[:, 1:].std(0)
    theta = X.new_zeros(X.shape[1])
    for _ in range(30):
        slope = gradient(theta, Z, y) - penalty * theta
        theta = theta + solve(information(theta, Z, penalty), slope)
    return theta


def wrong_start_returned(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [9.0, -24.3453, -109.2635]. More steps?
    Has each coefficient its own penalty, taken off?"""
    theta = X.new_zeros(X.shape[1])
    new = theta
    for _ in range(max_iter):
        slope = gradient(theta, X, y) - penalty * theta
        new = theta + solve(information(theta, X, penalty), slope)
    return theta


def wrong_stops_early(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [3.1071, 7.8555, -6.9275]. More steps?
    Has each coefficient its own penalty, taken off?"""
    rate = 0.1 / torch.linalg.eigvalsh(X.T @ X).max()
    theta = X.new_zeros(X.shape[1])
    for _ in range(100000):
        step = rate * (gradient(theta, X, y) - penalty * theta)
        theta = theta + step
        if step.abs().max() < 1e-3:
            break
    return theta


def wrong_ten_small_steps(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [0.3446, 3.5511, -2.1101]. More steps?
    Has each coefficient its own penalty, taken off?"""
    rate = 4 / torch.linalg.eigvalsh(X.T @ X).max()
    theta = X.new_zeros(X.shape[1])
    for _ in range(10):
        theta = theta + rate * (gradient(theta, X, y) - penalty * theta)
    return theta


def wrong_three_coefficients(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """the number of features is written down"""
    theta = torch.zeros(3, dtype=X.dtype)
    for _ in range(30):
        slope = X.T @ (y - torch.sigmoid(X @ theta)) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta


def wrong_tiny_rate(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [9.5508, -11.9422, -79.8595]. More
    steps? Has each coefficient its own penalty, taken off?"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(500):
        theta = theta + 0.001 * (gradient(theta, X, y) - penalty * theta) / len(X)
    return theta


def wrong_two_newton_steps(X, y, penalty, tol=1e-8, max_iter=100, trace=None):
    """not at the top: the slope there should be 0, it is [0.1169, -0.5782, -1.5119]. More steps?
    Has each coefficient its own penalty, taken off?"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(2):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta
