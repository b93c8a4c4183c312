"""1.6 Fit."""

import numpy as np
import torch
from scipy.optimize import minimize
from scipy.special import expit
from sklearn.linear_model import LogisticRegression as SklearnLogisticRegression
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from course.checks import draw
from course.checks.cases import Doing
from dgm.logistic import fit as definition
from dgm.logistic import gradient, information, log_posterior, sigmoid, solve


def problem(g, n, penalty, ones=True, labels=torch.int64):
    """Where an answer arrives: labels drawn from a model, so that no line separates them."""
    penalty = torch.tensor(penalty, dtype=torch.float64)
    X = draw.normal(g, n, len(penalty))
    X[:, -1] += 0.8 * X[:, -2]
    if ones:
        X[:, 0] = 1
    truth = torch.linspace(0.5, -1.5, len(penalty), dtype=torch.float64)
    y = (draw.uniform(g, n) < torch.special.expit(X @ truth)).to(labels)

    def play(answer):
        mine = X.clone(), y.clone(), penalty.clone()
        return {"theta": answer(*mine), **dict(zip(["X after it", "y after it", "penalty after it"], mine))}  # fmt: skip

    words = f"X of shape {tuple(X.shape)}, penalty = {[round(v, 2) for v in penalty.tolist()]}"
    return Doing(words, play).but(dtype="float", rtol=2e-3, atol=2e-3)


def cases(g):
    yield problem(g, 300, [0.0, 5.0, 20.0])
    yield problem(g, 60, [6.0, 3.0, 12.0, 4.0], ones=False, labels=draw.DOUBLE)
    yield problem(g, 200, [0.0, 0.0])


def newton(X, y, penalty, steps=30, sign=1):
    """Newton's method without halving."""
    theta = X.new_zeros(X.shape[1])
    for _ in range(steps):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + sign * solve(information(theta, X, penalty), slope)
    return theta


def climb(slope, X, rate, steps):
    """Steps of one length along `slope`."""
    theta = X.new_zeros(X.shape[1])
    for _ in range(steps):
        theta = theta + rate * slope(theta)
    return theta


def spread(X):
    """The largest eigenvalue of X^T X."""
    return torch.linalg.eigvalsh(X.T @ X).max()


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


def right_random_start(X, y, penalty, **_):
    start = torch.randn(X.shape[1], dtype=X.dtype)
    found = minimize(
        lambda t: -log_posterior(torch.tensor(t), X, y, penalty).item(), start, tol=1e-9
    )
    return torch.as_tensor(found.x)


def right_sklearn(X, y, penalty, **_):
    """features divided by the root of lambda have a penalty of 1 each; a small one for none"""
    root = penalty.clamp(min=1e-6).sqrt()
    model = SklearnLogisticRegression(
        C=1.0, fit_intercept=False, solver="newton-cholesky", tol=1e-9
    )
    return torch.tensor(model.fit((X / root).numpy(), y.numpy()).coef_[0]) / root


# Mistakes, and what a student is told.


def wrong_adam_hundred_steps(X, y, penalty, **_):
    """not at the top yet: go on until the slope is 0"""
    theta = X.new_zeros(X.shape[1]).requires_grad_()
    optimiser = torch.optim.Adam([theta])
    for _ in range(100):
        optimiser.zero_grad()
        (-log_posterior(theta, X, y, penalty)).backward()
        optimiser.step()
    return theta.detach()


def wrong_batches(X, y, penalty, **_):
    """small batches with a constant step never come to rest: use all rows"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(500):
        rows = torch.randint(len(X), (16,))
        theta = theta + 0.1 * (gradient(theta, X[rows], y[rows]) / 16 - penalty * theta / len(X))
    return theta


def wrong_column(X, y, penalty, **_):
    """a column, (d, 1): shape (d,) is wanted"""
    return newton(X, y, penalty)[:, None]


def wrong_descent(X, y, penalty, **_):
    """downhill: the log-posterior is made large, so step along its slope"""
    return climb(lambda t: penalty * t - gradient(t, X, y), X, 1 / spread(X), 100)


def wrong_extra_ones(X, y, penalty, **_):
    """a second column of ones is added: where there is one, it is in X already"""
    X = torch.cat([X.new_ones(len(X), 1), X], dim=1)
    return newton(X, y, torch.cat([penalty.new_zeros(1), penalty]))


def wrong_first_never_penalised(X, y, penalty, **_):
    """the first coefficient is never penalised: its lambda may be any"""
    lam = penalty.clone()
    lam[0] = 0
    return newton(X, y, lam)


def wrong_in_place_penalty(X, y, penalty, **_):
    """penalty is changed in place"""
    penalty /= len(X)
    return newton(X, y, penalty * len(X))


def wrong_in_place_standardised(X, y, penalty, **_):
    """X is changed in place"""
    X[:, 1:] -= X[:, 1:].mean(0)
    X[:, 1:] /= X[:, 1:].std(0)
    return newton(X, y, penalty)


def wrong_intercept_penalised(X, y, penalty, **_):
    """each coefficient has a lambda of its own; here the last serves for all"""
    return newton(X, y, torch.full_like(penalty, penalty[-1].item()))


def wrong_intercept_penalised_by_one(X, y, penalty, **_):
    """the first coefficient is penalised by 1 too much"""
    lam = penalty.clone()
    lam[0] += 1
    return newton(X, y, lam)


def wrong_labels_swapped(X, y, penalty, **_):
    """the labels are the wrong way round"""
    return newton(X, 1 - y, penalty)


def wrong_largest_penalty(X, y, penalty, **_):
    """each coefficient has a lambda of its own; here the largest serves for all but the first"""
    lam = torch.full_like(penalty, penalty.max().item())
    lam[0] = 0
    return newton(X, y, lam)


def wrong_least_squares(X, y, penalty, **_):
    """this is least squares: the sigmoid is missing in the slope"""
    return torch.linalg.solve(X.T @ X + torch.diag(penalty), X.T @ y.to(X.dtype))


def wrong_linear_gradient(X, y, penalty, **_):
    """this is least squares: the sigmoid is missing in the slope"""
    rate = 1 / (spread(X) + penalty.max())
    return climb(lambda t: X.T @ (y - X @ t) - penalty * t, X, rate, 1000)


def wrong_mean_slope_with_whole_penalty(X, y, penalty, **_):
    """the slope is averaged over rows and the penalty is not: it is n times too strong"""
    n = len(X)
    rate = 1 / (spread(X) / (4 * n) + penalty.max())
    return climb(lambda t: gradient(t, X, y) / n - penalty * t, X, rate, 1000)


def wrong_minimises_posterior(X, y, penalty, **_):
    """downhill: an optimiser makes its loss small, so the loss is minus the log-posterior"""
    theta = X.new_zeros(X.shape[1]).requires_grad_()
    optimiser = torch.optim.Adam([theta], lr=0.1)
    for _ in range(300):
        optimiser.zero_grad()
        log_posterior(theta, X, y, penalty).backward()
        optimiser.step()
    return theta.detach()


def wrong_newton_backwards(X, y, penalty, **_):
    """the step is taken backwards: H is minus the second derivative, so add it"""
    return newton(X, y, penalty, 10, sign=-1)


def wrong_no_return(X, y, penalty, **_):
    """forgot to return"""
    theta = newton(X, y, penalty)


def wrong_no_zero_grad(X, y, penalty, **_):
    """the gradients of all steps add up: zero_grad comes before each backward"""
    theta = X.new_zeros(X.shape[1]).requires_grad_()
    optimiser = torch.optim.SGD([theta], lr=0.01)
    for _ in range(300):
        (-log_posterior(theta, X, y, penalty)).backward()
        optimiser.step()
    return theta.detach()


def wrong_one_newton_step(X, y, penalty, **_):
    """one step of Newton's method alone: repeat it; is the return inside the loop?"""
    return newton(X, y, penalty, 1)


def wrong_penalty_doubled(X, y, penalty, **_):
    """twice the penalty: the half is missing"""
    return newton(X, y, 2 * penalty)


def wrong_penalty_half(X, y, penalty, **_):
    """half of the penalty: its slope is penalty times theta"""
    return newton(X, y, penalty / 2)


def wrong_penalty_ignored(X, y, penalty, **_):
    """this is the top of the likelihood: the penalty belongs in the slope"""
    return newton(X, y, 0 * penalty)


def wrong_penalty_not_in_slope(X, y, penalty, **_):
    """this is the top of the likelihood: the penalty belongs in the slope"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(300):
        theta = theta + solve(information(theta, X, penalty), gradient(theta, X, y))
    return theta


def wrong_penalty_sign(X, y, penalty, **_):
    """the penalty's slope is added: take it off"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(50):
        slope = gradient(theta, X, y) + penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta


def wrong_penalty_without_theta(X, y, penalty, **_):
    """the penalty's slope is penalty times theta, not penalty alone"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(50):
        slope = gradient(theta, X, y) - penalty
        theta = theta + solve(information(theta, X, penalty), slope)
    return theta


def wrong_perceptron(X, y, penalty, **_):
    """this learns from the likelier class: its probability is wanted"""
    theta = X.new_zeros(X.shape[1])
    for x, label in list(zip(X, y)) * 10:
        theta = theta + 0.1 * (label - (x @ theta > 0).to(X.dtype)) * x
    return theta


def wrong_rate_too_large(X, y, penalty, **_):
    """the steps are too long, and throw theta to and fro: halve them when the log-posterior
    falls"""
    return climb(lambda t: X.T @ (y - torch.sigmoid(X @ t)) - penalty * t, X, 1.0, 500)


def wrong_return_in_loop(X, y, penalty, **_):
    """one step of Newton's method alone: repeat it; is the return inside the loop?"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(100):
        slope = gradient(theta, X, y) - penalty * theta
        theta = theta + solve(information(theta, X, penalty), slope)
        return theta


def wrong_returns_value(X, y, penalty, **_):
    """this is how high the top is: where it is is wanted"""
    return log_posterior(newton(X, y, penalty), X, y, penalty)


def wrong_sklearn_default(X, y, penalty, **_):
    """scikit-learn's own penalty of 1: use the one that is given"""
    model = SklearnLogisticRegression(fit_intercept=False).fit(X.numpy(), y.numpy())
    return torch.tensor(model.coef_[0], dtype=X.dtype)


def wrong_standardised(X, y, penalty, **_):
    """this is theta for standardised features: X is to be taken as it is"""
    Z = X.clone()
    Z[:, 1:] = (X[:, 1:] - X[:, 1:].mean(0)) / X[:, 1:].std(0)
    return newton(Z, y, penalty)


def wrong_start_returned(X, y, penalty, **_):
    """the start comes back: assign each new theta to theta"""
    return newton(X, y, penalty, 0)


def wrong_stops_early(X, y, penalty, **_):
    """not at the top yet: go on until the slope is 0"""
    theta, rate = X.new_zeros(X.shape[1]), 0.1 / spread(X)
    for _ in range(100000):
        step = rate * (gradient(theta, X, y) - penalty * theta)
        theta = theta + step
        if step.abs().max() < 1e-3:
            return theta


def wrong_ten_small_steps(X, y, penalty, **_):
    """not at the top yet: go on until the slope is 0"""
    return climb(lambda t: gradient(t, X, y) - penalty * t, X, 4 / spread(X), 10)


def wrong_three_coefficients(X, y, penalty, **_):
    """written out for three coefficients: X has d features"""
    return newton(X[:, :3], y, penalty[:3])


def wrong_tiny_rate(X, y, penalty, **_):
    """not at the top yet: go on until the slope is 0"""
    return climb(lambda t: (gradient(t, X, y) - penalty * t) / len(X), X, 0.001, 500)


def wrong_two_newton_steps(X, y, penalty, **_):
    """two steps of Newton's method alone: go on until the slope is 0"""
    return newton(X, y, penalty, 2)


def wrong_clipped_theta(X, y, penalty, **_):
    """theta is cut at 1: it may be any"""
    return newton(X, y, penalty).clamp(-1, 1)


def wrong_normalised(X, y, penalty, **_):
    """this is the direction of theta, of length 1: its length counts"""
    theta = newton(X, y, penalty)
    return theta / theta.norm()


def wrong_penalty_clamped(X, y, penalty, **_):
    """a penalty of 0 is a flat prior: no smallest lambda"""
    return newton(X, y, penalty.clamp(min=1.0))


def wrong_penalty_root(X, y, penalty, **_):
    """lambda is one over a variance, not over a standard deviation: its square is not wanted"""
    return newton(X, y, penalty**2)


def wrong_penalty_whole_slope_mean(X, y, penalty, **_):
    """the penalty is divided by the number of rows, and the slope is not"""
    return newton(X, y, penalty / len(X))


def wrong_signs_for_labels(X, y, penalty, **_):
    """the labels are 0 and 1 here, not -1 and 1"""
    theta = X.new_zeros(X.shape[1])
    for _ in range(200):
        slope = X.T @ (2 * y - 1 - torch.sigmoid(X @ theta)) - penalty * theta
        theta = theta + solve(information(theta, X, penalty + 1), slope)
    return theta
