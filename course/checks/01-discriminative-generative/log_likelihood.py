"""1.2 The log-likelihood."""

import math

import torch
import torch.nn.functional as F
from scipy.special import log_expit
from torch import Tensor
from torch.distributions import Bernoulli
from torch.nn.functional import binary_cross_entropy_with_logits, logsigmoid, softplus

from course.checks import draw
from course.checks.cases import Call
from dgm.logistic import log_likelihood as definition
from dgm.logistic import sigmoid


def cases(g):
    for n, d, dtype, labels in (
        (20, 3, draw.DOUBLE, torch.int64),
        (9, 4, draw.DOUBLE, draw.DOUBLE),
        (15, 2, draw.SINGLE, torch.int64),
        (1, 5, draw.SINGLE, draw.SINGLE),
    ):
        theta, X = draw.normal(g, d, dtype=dtype), draw.normal(g, n, d, dtype=dtype)
        y = draw.uniform(g, n) < 0.4
        y[:2] = torch.tensor([False, True])[:n]
        yield Call(theta, X, y.to(labels))
    one, X = torch.ones(1).double(), torch.tensor([[1000.0], [-1000.0], [2500.0]]).double()
    for y in (torch.tensor([0, 1, 0]), torch.tensor([1, 0, 1])):
        yield Call(one, X, y).but(
            words=f"log-odds of 1000, -1000 and 2500, y = {y.tolist()}",
            clue="A row that is sure and wrong adds -|z|, one that is sure and right 0",
        )


# Right, in ways that differ.


def right_bce(theta, X, y):
    return -binary_cross_entropy_with_logits(X @ theta, y.to(X.dtype), reduction="sum")


def right_bernoulli(theta, X, y):
    return Bernoulli(logits=X @ theta).log_prob(y.to(X.dtype)).sum()


def right_cross_entropy(theta, X, y):
    z = X @ theta
    logits = torch.stack([torch.zeros_like(z), z], dim=1)
    return -F.cross_entropy(logits, y.long(), reduction="sum")


def right_list_of_terms(theta, X, y):
    terms = []
    for z, label in zip((X @ theta).tolist(), y.tolist()):
        m = z if label == 1 else -z
        terms.append(min(m, 0) - math.log1p(math.exp(-abs(m))))
    return torch.tensor(terms, dtype=X.dtype).sum()


def right_item(theta, X, y):
    z = X @ theta
    value = (y * z + torch.nn.functional.logsigmoid(-z)).sum().item()
    return torch.tensor(value, dtype=X.dtype)


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
    return X.new_tensor(total)


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
    return torch.tensor((y * log_expit(z) + (1 - y) * log_expit(-z)).sum(), dtype=X.dtype)


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
    """this is the mean loss: the log-likelihood is minus the sum over rows"""
    z = X @ theta
    return binary_cross_entropy_with_logits(z, y.to(z.dtype))


def wrong_bce_of_probabilities(theta, X, y):
    """binary_cross_entropy cuts each row's logarithm at -100: it has to be exact"""
    p = sigmoid(X @ theta)
    return -torch.nn.functional.binary_cross_entropy(p, y.to(p.dtype), reduction="sum")


def wrong_clamp(theta, X, y):
    """probabilities are kept away from 0 by 1e-7, so a row adds no less than -16: it has to be
    exact"""
    p = sigmoid(X @ theta).clamp(1e-7, 1 - 1e-7)
    return (y * p.log() + (1 - y) * (1 - p).log()).sum()


def wrong_double_only(theta, X, y):
    """the labels are made float64: bring them to the dtype of X"""
    z = X @ theta
    y = y.double()
    logsig = torch.nn.functional.logsigmoid
    return y @ logsig(z) + (1 - y) @ logsig(-z)


def wrong_double_sigmoid(theta, X, y):
    """the sigmoid is taken twice: the loss takes log-odds, not probabilities"""
    p = sigmoid(X @ theta)
    return -binary_cross_entropy_with_logits(p, y.to(p.dtype), reduction="sum")


def wrong_eps(theta, X, y):
    """a small number inside the logarithm keeps it from being exact"""
    p = sigmoid(X @ theta)
    return (y * torch.log(p + 1e-10) + (1 - y) * torch.log(1 - p + 1e-10)).sum()


def wrong_first_term_only(theta, X, y):
    """rows with y = 0 add log(1 - sigmoid(z)): that term is missing"""
    return (y * torch.nn.functional.logsigmoid(X @ theta)).sum()


def wrong_in_place_features(theta, X, y):
    """X is changed in place"""
    X[y == 0] *= -1
    return torch.nn.functional.logsigmoid(X @ theta).sum()


def wrong_in_place_labels(theta, X, y):
    """y is changed in place"""
    y *= 2
    y -= 1
    return torch.nn.functional.logsigmoid(y * (X @ theta)).sum()


def wrong_intercept_added(theta, X, y):
    """an intercept is added: where there is one, it is a column of X"""
    z = X @ theta + theta[0]
    return torch.nn.functional.logsigmoid((2 * y - 1) * z).sum()


def wrong_labels_as_signs(theta, X, y):
    """the labels are 0 and 1 here, not -1 and 1"""
    return torch.nn.functional.logsigmoid(y * (X @ theta)).sum()


def wrong_labels_swapped(theta, X, y):
    """the labels are the wrong way round: log sigmoid(z) belongs to y = 1"""
    z = X @ theta
    logsig = torch.nn.functional.logsigmoid
    return ((1 - y) * logsig(z) + y * logsig(-z)).sum()


def wrong_likelihood(theta, X, y):
    """this is the likelihood, a product of probabilities: a sum of their logarithms is wanted"""
    p = sigmoid(X @ theta)
    return torch.where(y == 1, p, 1 - p).prod()


def wrong_linear(theta, X, y):
    """these are log-odds: the sigmoid and its logarithm are missing"""
    z = X @ theta
    return (y * z - (1 - y) * z).sum()


def wrong_log2(theta, X, y):
    """the logarithm to base 2: the natural one is wanted"""
    z = X @ theta
    return torch.nn.functional.logsigmoid((2 * y - 1) * z).sum() / math.log(2)


def wrong_log_of_product(theta, X, y):
    """the log of a probability that has become 0: take the log of the sigmoid in one step"""
    p = sigmoid(X @ theta)
    return torch.log(torch.prod(p**y * (1 - p) ** (1 - y)))


def wrong_log_of_sigmoid(theta, X, y):
    """the log of a probability that has become 0: take the log of the sigmoid in one step"""
    p = sigmoid(X @ theta)
    return (y * torch.log(p) + (1 - y) * torch.log(1 - p)).sum()


def wrong_log_of_sigmoid_where(theta, X, y):
    """the log of a probability that has become 0: take the log of the sigmoid in one step"""
    p = sigmoid(X @ theta)
    return torch.where(y == 1, p, 1 - p).log().sum()


def wrong_loop_returns_early(theta, X, y):
    """this is the first row alone: is the return inside the loop?"""
    total = 0
    for i in range(len(y)):
        z = X[i] @ theta
        total += torch.nn.functional.logsigmoid(z if y[i] == 1 else -z)
        return total


def wrong_mean(theta, X, y):
    """a mean in place of the sum over rows"""
    z = X @ theta
    return torch.nn.functional.logsigmoid((2 * y - 1) * z).mean()


def wrong_minus_bce_default(theta, X, y):
    """a mean in place of the sum over rows"""
    z = X @ theta
    return -binary_cross_entropy_with_logits(z, y.to(z.dtype))


def wrong_neginf_dropped(theta, X, y):
    """rows with -inf are left out: they are worth -|z|"""
    p = sigmoid(X @ theta)
    logs = torch.where(y == 1, p, 1 - p).log()
    return logs[torch.isfinite(logs)].sum()


def wrong_neginf_replaced(theta, X, y):
    """each row is cut at -1000: one that is sure and wrong is worth -|z|, whatever z is"""
    p = sigmoid(X @ theta)
    logs = torch.where(y == 1, p, 1 - p).log()
    return torch.nan_to_num(logs, neginf=-1000.0).sum()


def wrong_no_minus_in_second_term(theta, X, y):
    """a row with y = 0 adds log(1 - sigmoid(z)), that is log sigmoid(-z)"""
    z = X @ theta
    logsig = torch.nn.functional.logsigmoid
    return (y * logsig(z) + (1 - y) * logsig(z)).sum()


def wrong_no_return(theta, X, y):
    """forgot to return"""
    z = X @ theta
    result = torch.nn.functional.logsigmoid((2 * y - 1) * z).sum()


def wrong_no_sum(theta, X, y):
    """one number a row: sum them"""
    y = y.to(X.dtype)
    return y * (X @ theta) - torch.nn.functional.softplus(X @ theta)


def wrong_one_minus_log(theta, X, y):
    """1 - log sigmoid(z) is not log(1 - sigmoid(z)), which is log sigmoid(-z)"""
    z = X @ theta
    logsig = torch.nn.functional.logsigmoid
    return (y * logsig(z) + (1 - y) * (1 - logsig(z))).sum()


def wrong_sign(theta, X, y):
    """the sign is turned: this is the loss"""
    z = X @ theta
    return binary_cross_entropy_with_logits(z, y.to(z.dtype), reduction="sum")


def wrong_softplus_threshold(theta, X, y):
    """log(1 + e^z) is infinite at z = 1000: softplus, or logaddexp"""
    z = X @ theta
    return (y * z - torch.log(1 + torch.exp(z))).sum()


def wrong_squared_error(theta, X, y):
    """this is minus the squared error: logarithms of probabilities are wanted"""
    return -((y - sigmoid(X @ theta)) ** 2).sum()


def wrong_two_features(theta, X, y):
    """written out for two features: X has d of them"""
    z = theta[0] * X[:, 0] + theta[1] * X[:, 1]
    return torch.nn.functional.logsigmoid((2 * y - 1) * z).sum()


def wrong_y_twice(theta, X, y):
    """both terms have the factor y: the second has 1 - y"""
    z = X @ theta
    logsig = torch.nn.functional.logsigmoid
    return (y * logsig(z) + y * logsig(-z)).sum()


def wrong_always_float32(theta, X, y):
    """float32 comes back, whatever comes in: the result has the dtype of X"""
    return logsigmoid((2 * y - 1) * (X @ theta)).sum().float()


def wrong_clamped_log(theta, X, y):
    """each row is cut at -1000: one that is sure and wrong is worth -|z|, whatever z is"""
    return logsigmoid((2 * y - 1) * (X @ theta)).clamp(min=-1000).sum()


def wrong_clamped_log_odds(theta, X, y):
    """the log-odds are cut at 500: the result has to be exact"""
    return logsigmoid((2 * y - 1) * (X @ theta).clamp(-500, 500)).sum()


def wrong_float_labels_only(theta, X, y):
    """right for labels that are floats alone: bring them to the dtype of X"""
    return -binary_cross_entropy_with_logits(X @ theta, y, reduction="sum")


def wrong_item(theta, X, y):
    """a Python number comes back: a tensor without dimensions is wanted, so no .item()"""
    return logsigmoid((2 * y - 1) * (X @ theta)).sum().item()


def wrong_keepdim(theta, X, y):
    """a tensor of one entry comes back: one without dimensions is wanted"""
    return logsigmoid((2 * y - 1) * (X @ theta)).sum(0, keepdim=True)
