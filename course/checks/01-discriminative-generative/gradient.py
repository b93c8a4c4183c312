"""1.3 Its gradient."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from scipy.special import expit
from torch import Tensor
from torch.nn.functional import binary_cross_entropy_with_logits

from course.checks import draw
from course.checks.cases import Call, Doing
from dgm.logistic import gradient as definition
from dgm.logistic import log_likelihood, sigmoid


def cases(g):
    for n, d, dtype, labels in (
        (30, 4, draw.DOUBLE, torch.int64),
        (9, 3, draw.SINGLE, torch.int64),
        (3, 5, draw.DOUBLE, draw.DOUBLE),
        (1, 2, draw.SINGLE, draw.SINGLE),
    ):
        theta, X = draw.normal(g, d, dtype=dtype), draw.normal(g, n, d, dtype=dtype)
        y = (draw.uniform(g, n) < 0.5).to(labels)
        yield Call(theta, X, y)

    def play(answer, theta=draw.normal(g, 2), X=draw.normal(g, 5, 2)):
        theta, y = theta.clone(), torch.tensor([1, 0, 0, 1, 1])
        first = answer(theta, X.clone(), y.clone()).detach().clone()
        again = answer(theta, X.clone(), y.clone())
        return {"the gradient": first, "the same again": again, "theta.requires_grad": theta.requires_grad}  # fmt: skip

    yield Doing("two calls with the same theta", play)
    X = torch.tensor([[1000.0], [-1000.0]], dtype=torch.float64)
    yield Call(torch.ones(1).double(), X, torch.tensor([0, 1])).but(
        words="log-odds of 1000 and -1000", clue="The slope there is -2000"
    )


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
    return torch.tensor(out, dtype=X.dtype)


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
    return torch.from_numpy(Xn.T.dot(y.numpy() - expit(Xn.dot(theta.numpy())))).to(X.dtype)


def right_split_by_class(theta, X, y):
    X1, X0 = X[y == 1], X[y == 0]
    return X1.T @ torch.sigmoid(-X1 @ theta) - X0.T @ torch.sigmoid(X0 @ theta)


def right_transposed(theta, X, y):
    return X.T @ (y - sigmoid(X @ theta))


def right_vector_times_matrix(theta, X, y):
    r = y.to(X) - sigmoid(X @ theta)
    return r @ X


def right_weighted_rows(theta: Tensor, X: Tensor, y: Tensor) -> Tensor:
    residual = y.to(X.dtype) - torch.sigmoid(X @ theta)
    return (residual[:, None] * X).sum(dim=0)


def right_outer_sum(theta, X, y):
    p = torch.softmax(torch.outer(X @ theta, X.new_tensor([0.0, 1.0])), dim=1)[:, 1]
    return (y - p).unsqueeze(0).mm(X).squeeze(0)


# Mistakes, and what a student is told.


def wrong_abs(theta, X, y):
    """the residuals have lost their sign"""
    return X.T @ (y - sigmoid(X @ theta)).abs()


def wrong_column(theta, X, y):
    """a column, (d, 1): shape (d,) is wanted"""
    residual = y.to(X.dtype) - sigmoid(X @ theta)
    return X.T @ residual[:, None]


def wrong_double_only(theta, X, y):
    """the labels are made float64: bring them to the dtype of X"""
    return X.T @ (y.double() - sigmoid(X @ theta))


def wrong_finite_differences(theta, X, y):
    """a difference quotient over a step of 0.1 is not the slope"""
    out = torch.zeros_like(theta)
    for j in range(len(theta)):
        moved = theta.clone()
        moved[j] += 0.1
        out[j] = (log_likelihood(moved, X, y) - log_likelihood(theta, X, y)) / 0.1
    return out


def wrong_four_features(theta, X, y):
    """written out for four features: X has d of them"""
    residual = y - sigmoid(X @ theta)
    return torch.stack([(residual * X[:, j]).sum() for j in range(4)])


def wrong_grad_accumulates(theta, X, y):
    """theta.grad adds up from call to call: work on theta.clone()"""
    theta.requires_grad_(True)
    log_likelihood(theta, X, y).backward()
    return theta.grad


def wrong_half(theta, X, y):
    """half of it"""
    return 0.5 * X.T @ (y - sigmoid(X @ theta))


def wrong_hard_coded_rows(theta, X, y):
    """a fifth of it: divide by nothing"""
    return X.T @ (y - sigmoid(X @ theta)) / 5


def wrong_in_place_features(theta, X, y):
    """X is changed in place"""
    X *= (y - sigmoid(X @ theta))[:, None]
    return X.sum(0)


def wrong_in_place_labels(theta, X, y):
    """y is changed in place"""
    y -= sigmoid(X @ theta)
    return X.T @ y


def wrong_in_place_theta(theta, X, y):
    """theta is changed in place"""
    g = X.T @ (y - sigmoid(X @ theta))
    theta += 0.1 * g
    return g


def wrong_labels_as_signs(theta, X, y):
    """the labels are 0 and 1 here, not -1 and 1"""
    return X.T @ ((2 * y - 1) - sigmoid(X @ theta))


def wrong_labels_only(theta, X, y):
    """the prediction is missing: a row's weight is y - sigmoid(z)"""
    return X.T @ y.to(X.dtype)


def wrong_labels_swapped(theta, X, y):
    """the labels are the wrong way round: a row's weight is y - sigmoid(z)"""
    return X.T @ ((1 - y) - sigmoid(X @ theta))


def wrong_loop_overwrites(theta, X, y):
    """this is the last row alone: add the rows up, with +="""
    for i in range(len(y)):
        total = (y[i] - sigmoid(X[i] @ theta)) * X[i]
    return total


def wrong_loss_backward(theta, X, y):
    """the sign is turned: this is the slope of the loss"""
    t = theta.clone().requires_grad_()
    loss = binary_cross_entropy_with_logits(X @ t, y.to(X.dtype), reduction="sum")
    loss.backward()
    return t.grad


def wrong_mean(theta, X, y):
    """a mean in place of the sum over rows"""
    return X.T @ (y - sigmoid(X @ theta)) / len(y)


def wrong_mean_dim(theta, X, y):
    """a mean in place of the sum over rows"""
    return ((y - sigmoid(X @ theta))[:, None] * X).mean(0)


def wrong_mean_loss_backward(theta, X, y):
    """a mean in place of the sum over rows"""
    t = theta.clone().requires_grad_()
    (-binary_cross_entropy_with_logits(X @ t, y.to(X.dtype))).backward()
    return t.grad


def wrong_mean_over_features(theta, X, y):
    """divided by the number of features: divide by nothing"""
    return X.T @ (y - sigmoid(X @ theta)) / X.shape[1]


def wrong_no_return(theta, X, y):
    """forgot to return"""
    residual = y - sigmoid(X @ theta)
    X.T @ residual


def wrong_no_sigmoid(theta, X, y):
    """these are log-odds in place of the probability: the sigmoid is missing"""
    return X.T @ (y - X @ theta)


def wrong_no_transpose(theta, X, y):
    """X in place of its transpose"""
    return X @ (y - sigmoid(X @ theta))


def wrong_normalised(theta, X, y):
    """this is its direction, of length 1"""
    g = X.T @ (y - sigmoid(X @ theta))
    return g / g.norm()


def wrong_not_summed(theta, X, y):
    """one slope a row, (n, d): sum over the rows"""
    return (y - sigmoid(X @ theta)).unsqueeze(1) * X


def wrong_overflow(theta, X, y):
    """NaN at log-odds of 1000, inf / inf: use your sigmoid"""
    e = torch.exp(X @ theta)
    return X.T @ (y - e / (1 + e))


def wrong_penalty(theta, X, y):
    """a penalty is in it; that comes with the next exercise"""
    return X.T @ (y - sigmoid(X @ theta)) - theta


def wrong_perceptron(theta, X, y):
    """this takes the likelier class: its probability is wanted"""
    return X.T @ (y - (X @ theta > 0).to(X.dtype))


def wrong_residual(theta, X, y):
    """these are the residuals, (n,): weigh the rows of X by them, and add"""
    return y - sigmoid(X @ theta)


def wrong_sign(theta, X, y):
    """the sign is turned: this is the slope of the loss"""
    return X.T @ (sigmoid(X @ theta) - y)


def wrong_squared_error(theta, X, y):
    """this is the slope of the squared error: no factor p (1 - p)"""
    p = sigmoid(X @ theta)
    return X.T @ ((y - p) * p * (1 - p))


def wrong_summed_over_all(theta, X, y):
    """summed over rows and features: over rows alone"""
    return ((y - sigmoid(X @ theta))[:, None] * X).sum()


def wrong_summed_over_features(theta, X, y):
    """summed over features: over rows"""
    return ((y - sigmoid(X @ theta))[:, None] * X).sum(dim=1)


def wrong_sums_multiplied(theta, X, y):
    """each row has its own weight: multiply first, then sum over the rows"""
    return (y - sigmoid(X @ theta)).sum() * X.sum(0)


def wrong_always_float32(theta, X, y):
    """float32 comes back, whatever comes in: the result has the dtype of X"""
    return (X.T @ (y - sigmoid(X @ theta))).float()


def wrong_always_float64(theta, X, y):
    """float64 comes back, whatever comes in: the result has the dtype of X"""
    return X.double().T @ (y - sigmoid(X @ theta)).double()


def wrong_clipped(theta, X, y):
    """long slopes are clipped: the whole sum is wanted"""
    return (X.T @ (y - sigmoid(X @ theta))).clamp(-100, 100)


def wrong_infinity_made_zero(theta, X, y):
    """rows where the sigmoid is NaN are left out: use your sigmoid"""
    e = torch.exp(X @ theta)
    return X.T @ torch.nan_to_num(y - e / (1 + e))


def wrong_squeezed(theta, X, y):
    """an axis of one entry is lost: shape (d,) is wanted"""
    return (X.T @ (y - sigmoid(X @ theta))).squeeze()


def wrong_theta_wants_gradients(theta, X, y):
    """theta is left with requires_grad: work on theta.clone()"""
    theta.requires_grad_()
    return torch.autograd.grad(log_likelihood(theta, X, y), theta)[0]
