"""TITLE."""

import math

import torch
import torch.nn.functional as F
from scipy.special import log_expit
from torch import Tensor
from torch.distributions import Bernoulli
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid, softplus

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.logistic import log_likelihood as definition
from dgm.logistic import (
    sigmoid,  # sigmoid
)


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_bce(theta, X, y):
    return -binary_cross_entropy_with_logits(X @ theta, y.to(X.dtype), reduction="sum")


def right_bernoulli(theta, X, y):
    return Bernoulli(logits=X @ theta).log_prob(y.to(X.dtype)).sum()


def right_cross_entropy(theta, X, y):
    z = X @ theta
    logits = torch.stack([torch.zeros_like(z), z], dim=1)
    return -F.cross_entropy(logits, y.long(), reduction="sum")


def right_float32(theta, X, y):
    terms = []
    for z, label in zip((X @ theta).tolist(), y.tolist()):
        m = z if label == 1 else -z
        terms.append(min(m, 0) - math.log1p(math.exp(-abs(m))))
    return torch.tensor(terms).sum()


def right_item(theta, X, y):
    z = X @ theta
    return (y * z + torch.nn.functional.logsigmoid(-z)).sum().item()


def right_log_softmax(theta, X, y):
    z = X @ theta
    both = torch.log_softmax(torch.stack([torch.zeros_like(z), z], dim=1), dim=1)
    return both[torch.arange(len(y)), y.long()].sum()


def right_logaddexp(theta, X, y):
    z = (X * theta).sum(dim=1)
    zero = torch.zeros_like(z)
    log_p1 = -torch.logaddexp(zero, -z)
    log_p0 = -torch.logaddexp(zero, z)
    return torch.where(y.bool(), log_p1, log_p0).sum()


def right_loop_float(theta, X, y):
    total = 0.0
    for i in range(X.shape[0]):
        z = float(X[i] @ theta)
        m = z if y[i] == 1 else -z
        # log sigmoid(m), with no positive exponent
        if m > 0:
            total += -math.log1p(math.exp(-m))
        else:
            total += m - math.log1p(math.exp(m))
    return total


def right_loop_tensor(theta, X, y):
    logsig = torch.nn.functional.logsigmoid
    result = 0
    for x_i, y_i in zip(X, y):
        z_i = theta @ x_i
        result = result + y_i * logsig(z_i) + (1 - y_i) * logsig(-z_i)
    return result


def right_margin(theta: Tensor, X: Tensor, y: Tensor) -> Tensor:
    z = X @ theta
    margin = torch.where(y == 1, z, -z)
    return torch.nn.functional.logsigmoid(margin).sum()


def right_max_trick(theta, X, y):
    z = X @ theta
    softplus = z.clamp(min=0) + torch.log1p(torch.exp(-z.abs()))
    return torch.dot(y.to(z.dtype), z) - softplus.sum()


def right_scipy(theta, X, y):
    z = X.numpy() @ theta.numpy()
    y = y.numpy()
    return torch.tensor((y * log_expit(z) + (1 - y) * log_expit(-z)).sum())


def right_softplus(theta, X, y):
    z = torch.mv(X, theta)
    return (y * z - softplus(z)).sum()


def right_split_by_class(theta, X, y):
    ones = F.logsigmoid(X[y == 1] @ theta).sum()
    zeros = F.logsigmoid(-X[y == 0] @ theta).sum()
    return ones + zeros


def right_two_terms(theta, X, y):
    y = y.to(X.dtype)
    z = X @ theta
    return (y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z)).sum()


def right_two_terms_no_cast(theta, X, y):
    z = X @ theta
    return (y * F.logsigmoid(z) + (1 - y) * F.logsigmoid(-z)).sum()


def right_y_float(theta, X, y):
    y = y.float()
    z = X @ theta
    return torch.sum(y * logsigmoid(z) + (1 - y) * logsigmoid(-z))


# Mistakes, and what a student is told.


def wrong_bce_default(theta, X, y):
    """binary cross-entropy as it comes: a mean, and with the other sign"""
    # SAID: the log of a probability is not above 0; at theta = 0 you get 0.6931. A sign? No logarithm?
    z = X @ theta
    return binary_cross_entropy_with_logits(z, y.to(z.dtype))


def wrong_bce_of_probabilities(theta, X, y):
    """binary_cross_entropy of probabilities, which stops at -100"""
    # SAID: two rows, each wrong by log-odds of 1000: wanted -2000, got -200.0000. A probability kept away from 0 is not exact
    p = sigmoid(X @ theta)
    return -torch.nn.functional.binary_cross_entropy(p, y.to(p.dtype), reduction="sum")


def wrong_clamp(theta, X, y):
    """probabilities clamped to 1e-7: -16 in place of -1000"""
    # SAID: two rows, each wrong by log-odds of 1000: wanted -2000, got -32.2362. A probability kept away from 0 is not exact
    p = sigmoid(X @ theta).clamp(1e-7, 1 - 1e-7)
    return (y * p.log() + (1 - y) * (1 - p).log()).sum()


def wrong_double_only(theta, X, y):
    """labels made float64, whatever the type of X"""
    # SAID: RuntimeError: dot : expected both vectors to have same dtype, but found Double and Float
    # RAISES: RuntimeError
    z = X @ theta
    y = y.double()
    logsig = torch.nn.functional.logsigmoid
    return y @ logsig(z) + (1 - y) @ logsig(-z)


def wrong_double_sigmoid(theta, X, y):
    """probabilities in place of log-odds"""
    # SAID: at theta = 0 each of the 20 rows, be y 0 or 1, adds -log 2, in all -13.8629; got -15.4815
    p = sigmoid(X @ theta)
    return -binary_cross_entropy_with_logits(p, y.to(p.dtype), reduction="sum")


def wrong_eps(theta, X, y):
    """a small number added inside of the logarithm"""
    # SAID: two rows, each wrong by log-odds of 1000: wanted -2000, got -46.0517. A probability kept away from 0 is not exact
    p = sigmoid(X @ theta)
    return (y * torch.log(p + 1e-10) + (1 - y) * torch.log(1 - p + 1e-10)).sum()


def wrong_first_term_only(theta, X, y):
    """rows with y = 0 do not count"""
    # SAID: at theta = 0 each of the 20 rows, be y 0 or 1, adds -log 2, in all -13.8629; got -5.5452
    return (y * torch.nn.functional.logsigmoid(X @ theta)).sum()


def wrong_in_place_features(theta, X, y):
    """the caller's features change sign where y = 0"""
    # SAID: log_likelihood has changed the X it was given: work on a copy
    X[y == 0] *= -1
    return torch.nn.functional.logsigmoid(X @ theta).sum()


def wrong_in_place_labels(theta, X, y):
    """the caller's labels become -1 and 1"""
    # SAID: log_likelihood has changed the y it was given: work on a copy
    y *= 2
    y -= 1
    return torch.nn.functional.logsigmoid(y * (X @ theta)).sum()


def wrong_intercept_added(theta, X, y):
    """a column of ones is added, though X has one"""
    # SAID: row by row it is -12.949382, got -13.232886: is a row with y = 0 worth log sigmoid(-z)?
    z = X @ theta + theta[0]
    return torch.nn.functional.logsigmoid((2 * y - 1) * z).sum()


def wrong_labels_as_signs(theta, X, y):
    """the labels 0 and 1 taken for -1 and 1"""
    # SAID: row by row it is -12.949382, got -14.447019: is a row with y = 0 worth log sigmoid(-z)?
    return torch.nn.functional.logsigmoid(y * (X @ theta)).sum()


def wrong_labels_swapped(theta, X, y):
    """the labels 0 and 1 swapped"""
    # SAID: the labels are the wrong way round: log sigmoid(z) belongs to y = 1
    z = X @ theta
    logsig = torch.nn.functional.logsigmoid
    return ((1 - y) * logsig(z) + y * logsig(-z)).sum()


def wrong_likelihood(theta, X, y):
    """the likelihood, without the logarithm"""
    # SAID: the log of a probability is not above 0; at theta = 0 you get 0.0000. A sign? No logarithm?
    p = sigmoid(X @ theta)
    return torch.where(y == 1, p, 1 - p).prod()


def wrong_linear(theta, X, y):
    """log-odds in place of the log-probability"""
    # SAID: the log of a probability is not above 0; at theta = 0 you get 0.0000. A sign? No logarithm?
    z = X @ theta
    return (y * z - (1 - y) * z).sum()


def wrong_log2(theta, X, y):
    """logarithms to base 2"""
    # SAID: at theta = 0 each of the 20 rows, be y 0 or 1, adds -log 2, in all -13.8629; got -20.0000
    z = X @ theta
    return torch.nn.functional.logsigmoid((2 * y - 1) * z).sum() / math.log(2)


def wrong_log_of_product(theta, X, y):
    """the logarithm of a product that underflows"""
    # SAID: at log-odds of 1000 the log-likelihood is -inf: take the log of the sigmoid in one step
    p = sigmoid(X @ theta)
    return torch.log(torch.prod(p**y * (1 - p) ** (1 - y)))


def wrong_log_of_sigmoid(theta, X, y):
    """the logarithm of a sigmoid that has become 0"""
    # SAID: at log-odds of 1000 the log-likelihood is -inf: take the log of the sigmoid in one step
    p = sigmoid(X @ theta)
    return (y * torch.log(p) + (1 - y) * torch.log(1 - p)).sum()


def wrong_log_of_sigmoid_where(theta, X, y):
    """the logarithm of a sigmoid that has become 0, without 0 times infinity"""
    # SAID: at log-odds of 1000 the log-likelihood is -inf: take the log of the sigmoid in one step
    p = sigmoid(X @ theta)
    return torch.where(y == 1, p, 1 - p).log().sum()


def wrong_loop_returns_early(theta, X, y):
    """return inside of the loop: the first row only"""
    # SAID: at theta = 0 you get -log 2, one row's share: a mean in place of the sum?
    total = 0
    for i in range(len(y)):
        z = X[i] @ theta
        total += torch.nn.functional.logsigmoid(z if y[i] == 1 else -z)
        return total


def wrong_mean(theta, X, y):
    """mean over rows in place of the sum"""
    # SAID: at theta = 0 you get -log 2, one row's share: a mean in place of the sum?
    z = X @ theta
    return torch.nn.functional.logsigmoid((2 * y - 1) * z).mean()


def wrong_minus_bce_default(theta, X, y):
    """minus the binary cross-entropy, which is a mean"""
    # SAID: at theta = 0 you get -log 2, one row's share: a mean in place of the sum?
    z = X @ theta
    return -binary_cross_entropy_with_logits(z, y.to(z.dtype))


def wrong_neginf_dropped(theta, X, y):
    """rows with -inf count as 0"""
    # SAID: two rows, each wrong by log-odds of 1000: wanted -2000, got 0.0000. A probability kept away from 0 is not exact
    p = sigmoid(X @ theta)
    logs = torch.where(y == 1, p, 1 - p).log()
    return logs[torch.isfinite(logs)].sum()


def wrong_neginf_replaced(theta, X, y):
    """-inf replaced by -1000, which is right for one input only"""
    # SAID: [visible passes] AssertionError: sure and wrong: adds -|z|
    p = sigmoid(X @ theta)
    logs = torch.where(y == 1, p, 1 - p).log()
    return torch.nan_to_num(logs, neginf=-1000.0).sum()


def wrong_no_minus_in_second_term(theta, X, y):
    """sigmoid(z) in place of 1 - sigmoid(z) for y = 0"""
    # SAID: row by row it is -12.949382, got -19.009623: is a row with y = 0 worth log sigmoid(-z)?
    z = X @ theta
    logsig = torch.nn.functional.logsigmoid
    return (y * logsig(z) + (1 - y) * logsig(z)).sum()


def wrong_no_return(theta, X, y):
    """no return"""
    # SAID: log_likelihood returned None: did you forget `return`?
    # RAISES: TypeError
    z = X @ theta
    result = torch.nn.functional.logsigmoid((2 * y - 1) * z).sum()


def wrong_no_sum(theta, X, y):
    """one number a row, not summed"""
    # SAID: one number is wanted, got shape (20,): did you sum over the rows?
    # RAISES: ValueError
    y = y.to(X.dtype)
    return y * (X @ theta) - torch.nn.functional.softplus(X @ theta)


def wrong_one_minus_log(theta, X, y):
    """1 - log sigmoid in place of log(1 - sigmoid)"""
    # SAID: the log of a probability is not above 0; at theta = 0 you get 14.7726. A sign? No logarithm?
    z = X @ theta
    logsig = torch.nn.functional.logsigmoid
    return (y * logsig(z) + (1 - y) * (1 - logsig(z))).sum()


def wrong_sign(theta, X, y):
    """the negative log-likelihood"""
    # SAID: the log of a probability is not above 0; at theta = 0 you get 13.8629. A sign? No logarithm?
    z = X @ theta
    return binary_cross_entropy_with_logits(z, y.to(z.dtype), reduction="sum")


def wrong_softplus_threshold(theta, X, y):
    """log(1 + exp(z)), which overflows"""
    # SAID: at log-odds of 1000 the log-likelihood is -inf: take the log of the sigmoid in one step
    z = X @ theta
    return (y * z - torch.log(1 + torch.exp(z))).sum()


def wrong_squared_error(theta, X, y):
    """minus the squared error"""
    # SAID: at theta = 0 each of the 20 rows, be y 0 or 1, adds -log 2, in all -13.8629; got -5.0000
    return -((y - sigmoid(X @ theta)) ** 2).sum()


def wrong_two_features(theta, X, y):
    """written out for two features"""
    # SAID: row by row it is -12.949382, got -12.126149: is a row with y = 0 worth log sigmoid(-z)?
    # RAISES: IndexError
    z = theta[0] * X[:, 0] + theta[1] * X[:, 1]
    return torch.nn.functional.logsigmoid((2 * y - 1) * z).sum()


def wrong_y_twice(theta, X, y):
    """y in place of 1 - y in the second term"""
    # SAID: at theta = 0 each of the 20 rows, be y 0 or 1, adds -log 2, in all -13.8629; got -11.0904
    z = X @ theta
    logsig = torch.nn.functional.logsigmoid
    return (y * logsig(z) + y * logsig(-z)).sum()
