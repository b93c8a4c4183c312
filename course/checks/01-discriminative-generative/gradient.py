"""TITLE."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from scipy.special import expit
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.logistic import gradient as definition
from dgm.logistic import (
    log_likelihood,  # log_likelihood
    sigmoid,  # sigmoid
)


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_autograd(theta, X, y):
    t = theta.detach().clone().requires_grad_(True)
    value = log_likelihood(t, X, y)
    value.backward()
    return t.grad


def right_autograd_grad_bce(theta, X, y):
    theta = theta.clone().requires_grad_()
    loss = binary_cross_entropy_with_logits(X @ theta, y.to(X.dtype), reduction="sum")
    return -torch.autograd.grad(loss, theta)[0]


def right_double_loop(theta, X, y):
    n, d = X.shape
    out = [0.0] * d
    for i in range(n):
        z = sum(X[i, j].item() * theta[j].item() for j in range(d))
        p = 1 / (1 + math.exp(-z)) if z > 0 else math.exp(z) / (1 + math.exp(z))
        for j in range(d):
            out[j] += (y[i].item() - p) * X[i, j].item()
    return torch.tensor(out)


def right_einsum(theta, X, y):
    z = torch.einsum("nd,d->n", X, theta)
    return torch.einsum("n,nd->d", y - 1 / (1 + torch.exp(-z)), X)


def right_func_grad(theta, X, y):
    sign = torch.where(y == 1, 1, -1)
    return torch.func.grad(lambda t: F.logsigmoid(sign * (X @ t)).sum())(theta)


def right_loop(theta, X, y):
    total = torch.zeros_like(theta)
    for x_i, y_i in zip(X, y):
        total = total + (y_i - sigmoid(x_i @ theta)) * x_i
    return total


def right_margin(theta, X, y):
    # d/dm log sigmoid(m) = sigmoid(-m), and m = sign z
    sign = 2 * y.to(X.dtype) - 1
    return X.T @ (sign * sigmoid(-sign * (X @ theta)))


def right_numpy(theta, X, y):
    Xn = X.numpy().astype(np.float64)
    return torch.from_numpy(Xn.T.dot(y.numpy() - expit(Xn.dot(theta.numpy()))))


def right_split_by_class(theta, X, y):
    X1, X0 = X[y == 1], X[y == 0]
    return X1.T @ sigmoid(-X1 @ theta) - X0.T @ sigmoid(X0 @ theta)


def right_transposed(theta, X, y):
    return X.T @ (y - sigmoid(X @ theta))


def right_vector_times_matrix(theta, X, y):
    r = y.to(X) - sigmoid(X @ theta)
    return r @ X


def right_weighted_rows(theta: Tensor, X: Tensor, y: Tensor) -> Tensor:
    residual = y.to(X.dtype) - torch.sigmoid(X @ theta)
    return (residual[:, None] * X).sum(dim=0)


# Mistakes, and what a student is told.


def wrong_abs(theta, X, y):
    """the size of the residual, without its sign"""
    # SAID: autograd says [-2.0817, -10.0647, 8.01, -5.2919], got [-4.6279, 2.1028, -4.1443, 5.9935]: is a row's weight y - sigmoid(z)?
    return X.T @ (y - sigmoid(X @ theta)).abs()


def wrong_column(theta, X, y):
    """a column, (d, 1)"""
    # SAID: one slope for each theta: wanted shape (4,), got (4, 1)
    residual = y.to(X.dtype) - sigmoid(X @ theta)
    return X.T @ residual[:, None]


def wrong_double_only(theta, X, y):
    """labels made float64, whatever the type of X"""
    # SAID: RuntimeError: addmv input tensors must have the same dtype, but got Double, Float, and Double
    # RAISES: RuntimeError
    return X.T @ (y.double() - sigmoid(X @ theta))


def wrong_finite_differences(theta, X, y):
    """a difference quotient of a step that is far too large"""
    # SAID: autograd says [-2.0817, -10.0647, 8.01, -5.2919], got [-2.2365, -10.1939, 7.8758, -5.5237]: is a row's weight y - sigmoid(z)?
    out = torch.zeros_like(theta)
    for j in range(len(theta)):
        moved = theta.clone()
        moved[j] += 0.1
        out[j] = (log_likelihood(moved, X, y) - log_likelihood(theta, X, y)) / 0.1
    return out


def wrong_four_features(theta, X, y):
    """the number of features is written down"""
    # SAID: [visible passes] AssertionError: wrong for X of shape (3, 8)
    residual = y - sigmoid(X @ theta)
    return torch.stack([(residual * X[:, j]).sum() for j in range(4)])


def wrong_grad_accumulates(theta, X, y):
    """theta.grad is never emptied: a second call gives the sum of both"""
    # SAID: a second call with the same input gives something else: does theta.grad add up? Work on theta.clone()
    theta.requires_grad_(True)
    log_likelihood(theta, X, y).backward()
    return theta.grad


def wrong_half(theta, X, y):
    """a half too many"""
    # SAID: the right direction, but 0.5 times as long as it should be
    return 0.5 * X.T @ (y - sigmoid(X @ theta))


def wrong_hard_coded_rows(theta, X, y):
    """divided by a number of rows that is written down"""
    # SAID: the right direction, but 0.2 times as long as it should be
    return X.T @ (y - sigmoid(X @ theta)) / 5


def wrong_in_place_features(theta, X, y):
    """the caller's features are multiplied by the residuals"""
    # SAID: gradient has changed the X it was given: work on a copy
    X *= (y - sigmoid(X @ theta))[:, None]
    return X.sum(0)


def wrong_in_place_labels(theta, X, y):
    """the caller's labels become residuals"""
    # SAID: RuntimeError: result type Double can't be cast to the desired output type Long
    # RAISES: RuntimeError
    y -= sigmoid(X @ theta)
    return X.T @ y


def wrong_in_place_theta(theta, X, y):
    """theta is moved by the slope"""
    # SAID: gradient has changed the theta it was given: work on a copy
    g = X.T @ (y - sigmoid(X @ theta))
    theta += 0.1 * g
    return g


def wrong_labels_as_signs(theta, X, y):
    """labels -1 and 1 in a formula for 0 and 1"""
    # SAID: autograd says [-2.0817, -10.0647, 8.01, -5.2919], got [2.9257, -14.7826, 12.9621, -12.4434]: is a row's weight y - sigmoid(z)?
    return X.T @ ((2 * y - 1) - sigmoid(X @ theta))


def wrong_labels_only(theta, X, y):
    """the prediction is missing"""
    # SAID: autograd says [-2.0817, -10.0647, 8.01, -5.2919], got [-3.8353, 3.9765, -0.3065, 3.7388]: is a row's weight y - sigmoid(z)?
    return X.T @ y.to(X.dtype)


def wrong_labels_swapped(theta, X, y):
    """the labels 0 and 1 swapped"""
    # SAID: autograd says [-2.0817, -10.0647, 8.01, -5.2919], got [-3.2538, -9.3234, 3.3644, -1.8792]: is a row's weight y - sigmoid(z)?
    return X.T @ ((1 - y) - sigmoid(X @ theta))


def wrong_loop_overwrites(theta, X, y):
    """= in place of += in the loop: the last row only"""
    # SAID: autograd says [-2.0817, -10.0647, 8.01, -5.2919], got [0.099, -1.3809, 0.8063, 0.8474]: is a row's weight y - sigmoid(z)?
    for i in range(len(y)):
        total = (y[i] - sigmoid(X[i] @ theta)) * X[i]
    return total


def wrong_loss_backward(theta, X, y):
    """autograd of the loss, which has the other sign"""
    # SAID: the sign is turned: this is the slope of the loss, not of the log-likelihood
    t = theta.clone().requires_grad_()
    loss = binary_cross_entropy_with_logits(X @ t, y.to(X.dtype), reduction="sum")
    loss.backward()
    return t.grad


def wrong_mean(theta, X, y):
    """mean over rows in place of the sum"""
    # SAID: a mean over rows; the log-likelihood is a sum
    return X.T @ (y - sigmoid(X @ theta)) / len(y)


def wrong_mean_dim(theta, X, y):
    """mean over rows in place of the sum, by .mean(0)"""
    # SAID: a mean over rows; the log-likelihood is a sum
    return ((y - sigmoid(X @ theta))[:, None] * X).mean(0)


def wrong_mean_loss_backward(theta, X, y):
    """autograd of a mean over rows"""
    # SAID: a mean over rows; the log-likelihood is a sum
    t = theta.clone().requires_grad_()
    (-binary_cross_entropy_with_logits(X @ t, y.to(X.dtype))).backward()
    return t.grad


def wrong_mean_over_features(theta, X, y):
    """divided by the number of features"""
    # SAID: the right direction, but 0.25 times as long as it should be
    return X.T @ (y - sigmoid(X @ theta)) / X.shape[1]


def wrong_no_return(theta, X, y):
    """no return"""
    # SAID: gradient returned None: did you forget `return`?
    residual = y - sigmoid(X @ theta)
    X.T @ residual


def wrong_no_sigmoid(theta, X, y):
    """log-odds in place of the probability: linear regression"""
    # SAID: autograd says [-2.0817, -10.0647, 8.01, -5.2919], got [-23.7893, -58.1379, 34.9853, -18.551]: is a row's weight y - sigmoid(z)?
    return X.T @ (y - X @ theta)


def wrong_no_transpose(theta, X, y):
    """X in place of its transpose"""
    # SAID: RuntimeError: size mismatch, got input (30), mat (30x4), vec (30)
    # RAISES: RuntimeError
    return X @ (y - sigmoid(X @ theta))


def wrong_normalised(theta, X, y):
    """the direction only, of length 1"""
    # SAID: the right direction, but 0.0711 times as long as it should be
    g = X.T @ (y - sigmoid(X @ theta))
    return g / g.norm()


def wrong_not_summed(theta, X, y):
    """one slope a row, (n, d), not summed"""
    # SAID: one slope for each theta: wanted shape (4,), got (30, 4)
    return (y - sigmoid(X @ theta)).unsqueeze(1) * X


def wrong_overflow(theta, X, y):
    """a sigmoid of its own that is inf / inf on the right"""
    # SAID: [visible passes] AssertionError: wrong at log-odds of 1000
    e = torch.exp(X @ theta)
    return X.T @ (y - e / (1 + e))


def wrong_penalty(theta, X, y):
    """a penalty of 1 that nobody asked for"""
    # SAID: autograd says [-2.0817, -10.0647, 8.01, -5.2919], got [-2.4155, -11.7091, 9.2635, -5.2328]: is a row's weight y - sigmoid(z)?
    return X.T @ (y - sigmoid(X @ theta)) - theta


def wrong_perceptron(theta, X, y):
    """the predicted class in place of its probability"""
    # SAID: autograd says [-2.0817, -10.0647, 8.01, -5.2919], got [-3.395, -12.076, 9.6411, -4.0264]: is a row's weight y - sigmoid(z)?
    return X.T @ (y - (X @ theta > 0).to(X.dtype))


def wrong_residual(theta, X, y):
    """the residuals, (n,), without the features"""
    # SAID: one slope for each theta: wanted shape (4,), got (30,)
    return y - sigmoid(X @ theta)


def wrong_sign(theta, X, y):
    """prediction minus label: the gradient of the loss"""
    # SAID: the sign is turned: this is the slope of the loss, not of the log-likelihood
    return X.T @ (sigmoid(X @ theta) - y)


def wrong_squared_error(theta, X, y):
    """the gradient of the squared error, with a factor p (1 - p) too many"""
    # SAID: autograd says [-2.0817, -10.0647, 8.01, -5.2919], got [0.0682, -0.3008, 0.8267, -0.6969]: is a row's weight y - sigmoid(z)?
    p = sigmoid(X @ theta)
    return X.T @ ((y - p) * p * (1 - p))


def wrong_summed_over_all(theta, X, y):
    """summed over rows and features to one number"""
    # SAID: one slope for each theta: wanted shape (4,), got ()
    return ((y - sigmoid(X @ theta))[:, None] * X).sum()


def wrong_summed_over_features(theta, X, y):
    """summed over features, (n,), in place of over rows"""
    # SAID: one slope for each theta: wanted shape (4,), got (30,)
    return ((y - sigmoid(X @ theta))[:, None] * X).sum(dim=1)


def wrong_sums_multiplied(theta, X, y):
    """the sum of residuals times the sum of rows"""
    # SAID: autograd says [-2.0817, -10.0647, 8.01, -5.2919], got [30.8878, -30.3695, 18.3682, -38.0401]: is a row's weight y - sigmoid(z)?
    return (y - sigmoid(X @ theta)).sum() * X.sum(0)
