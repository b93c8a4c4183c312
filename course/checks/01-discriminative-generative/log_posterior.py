"""1.4 A prior, and what it does to the objective."""

import torch
from torch import Tensor
from torch.distributions import Normal
from torch.nn.functional import binary_cross_entropy_with_logits

from course.checks import draw
from course.checks.cases import Call, Doing
from course.checks.exercise import change
from dgm.logistic import log_likelihood
from dgm.logistic import log_posterior as definition


def between(g, n, penalty, spread=1.0, dtype=draw.DOUBLE):
    """A call for its shape, and how the value changes between two thetas: a constant is free."""
    d = len(penalty)
    X, y = draw.normal(g, n, d, dtype=dtype), (draw.uniform(g, n) < 0.5).long()
    a, b = spread * draw.normal(g, d, dtype=dtype), spread * draw.normal(g, d, dtype=dtype)
    penalty = penalty.to(dtype)
    yield Call(a, X, y, penalty).but(values=False, dtype="float")

    def play(answer):
        return {"": answer(a.clone(), X.clone(), y.clone(), penalty.clone())
            - answer(b.clone(), X.clone(), y.clone(), penalty.clone())}  # fmt: skip

    lambdas = [round(v, 2) for v in penalty.tolist()] if d < 6 else f"{d} of them"
    words = f"the change from one theta to another, penalty = {lambdas}, X of shape {(n, d)}"
    yield Doing(words, play).but(dtype=False, rtol=1e-4, atol=1e-4)


def cases(g):
    for n, *penalty in ((25, 0.0, 1.3, 4.0, 0.6), (12, 2.5, 0.7, 0.0), (8, 1.7, 3.1)):
        yield from between(g, n, torch.tensor(penalty))


# Right, in ways that differ.


def right_bce(theta, X, y, penalty):
    nll = binary_cross_entropy_with_logits(X @ theta, y.to(X.dtype), reduction="sum")
    reg = torch.sum(penalty * theta.pow(2)) / 2
    return -(nll + reg)


def right_dot(theta: Tensor, X: Tensor, y: Tensor, penalty: Tensor) -> Tensor:
    return log_likelihood(theta, X, y) - penalty @ theta.square() / 2


def right_einsum(theta, X, y, penalty):
    log_prior = -0.5 * torch.einsum("j,j,j->", penalty, theta, theta)
    return log_prior + log_likelihood(theta, X, y)


def right_float32(theta, X, y, penalty):
    total = log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).sum()
    return total.float()


def right_loop(theta, X, y, penalty):
    value = log_likelihood(theta, X, y)
    for lam, t in zip(penalty, theta):
        value = value - lam * t * t / 2
    return value


def right_loop_float(theta, X, y, penalty):
    value = float(log_likelihood(theta, X, y))
    for j in range(len(theta)):
        value -= 0.5 * float(penalty[j]) * float(theta[j]) ** 2
    return torch.tensor(value)


def right_normal_log_prob(theta, X, y, penalty):
    # with the prior's own constant, which does not depend on theta
    log_prior = 0.0
    for t, lam in zip(theta, penalty):
        if lam > 0:
            log_prior = log_prior + Normal(0.0, 1 / lam.sqrt()).log_prob(t)
    return log_likelihood(theta, X, y) + log_prior


def right_normal_without_its_constant(theta, X, y, penalty):
    # N(0, 1/lambda), less its value at 0; flat where lambda is 0
    on = penalty > 0
    prior = Normal(torch.zeros_like(theta[on]), 1 / penalty[on].sqrt())
    log_prior = prior.log_prob(theta[on]) - prior.log_prob(torch.zeros_like(theta[on]))
    return log_likelihood(theta, X, y) + log_prior.sum()


def right_quadratic_form(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - 0.5 * theta @ torch.diag(penalty) @ theta


def right_scaled_norm(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - (penalty.sqrt() * theta).norm() ** 2 / 2


def right_vectorised(theta, X, y, penalty):
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).sum()


def right_relative_to_zero(theta, X, y, penalty):
    """less its value at theta = 0, which is a constant"""
    start = log_likelihood(torch.zeros_like(theta), X, y)
    return log_likelihood(theta, X, y) - start - torch.inner(penalty, theta**2) * 0.5


# Mistakes, and what a student is told.


wrong_half_missing = change("the half before the penalty is missing", ".sum() / 2", ".sum()")
wrong_mean_penalty = change("the penalties are averaged: their sum is wanted", ".sum()", ".mean()")
wrong_no_penalty = change("the penalty is missing", " - (penalty * theta**2).sum() / 2", "")
wrong_plus = change("the penalty is added: take it off", "- (penalty", "+ (penalty")


def wrong_bce_mean(theta, X, y, penalty):
    """the log-likelihood is a sum over rows, not a mean"""
    bce = binary_cross_entropy_with_logits(X @ theta, y.to(X.dtype))
    return -bce - 0.5 * (penalty * theta**2).sum()


def wrong_brackets(theta, X, y, penalty):
    """the half is of the penalty alone: mind the brackets"""
    return (log_likelihood(theta, X, y) - (penalty * theta**2).sum()) / 2


def wrong_divided_by_rows(theta, X, y, penalty):
    """the penalty is taken off whole, not divided by the number of rows"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).sum() / len(y)


def wrong_first_never_penalised(theta, X, y, penalty):
    """the first coefficient is never penalised: its lambda may be any"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty[1:] * theta[1:] ** 2).sum()


def wrong_in_place(theta, X, y, penalty):
    """theta is changed in place"""
    value = log_likelihood(theta, X, y)
    theta.pow_(2)
    return value - 0.5 * (penalty * theta).sum()


def wrong_in_place_penalty(theta, X, y, penalty):
    """penalty is changed in place"""
    penalty *= theta**2
    return log_likelihood(theta, X, y) - penalty.sum() / 2


def wrong_intercept_penalised(theta, X, y, penalty):
    """the first coefficient has a lambda of its own, not that of the second"""
    lam = penalty.clone()
    lam[0] = lam[1]
    return log_likelihood(theta, X, y) - 0.5 * (lam * theta**2).sum()


def wrong_l1(theta, X, y, penalty):
    """absolute values: squares are wanted"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta.abs()).sum()


def wrong_last_never_penalised(theta, X, y, penalty):
    """the last coefficient is never penalised: its lambda may be any"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty[:-1] * theta[:-1] ** 2).sum()


def wrong_last_penalty(theta, X, y, penalty):
    """each coefficient has a lambda of its own; here the last serves for all but the first"""
    return log_likelihood(theta, X, y) - 0.5 * penalty[-1] * (theta[1:] ** 2).sum()


def wrong_loss(theta, X, y, penalty):
    """the sign of the whole is turned: this is a loss"""
    return -log_likelihood(theta, X, y) + 0.5 * (penalty * theta**2).sum()


def wrong_loss_minus_penalty(theta, X, y, penalty):
    """the sign of the log-likelihood is turned"""
    bce = binary_cross_entropy_with_logits(X @ theta, y.to(X.dtype), reduction="sum")
    return bce - 0.5 * (penalty * theta**2).sum()


def wrong_mean_likelihood(theta, X, y, penalty):
    """the log-likelihood is a sum over rows, not a mean"""
    return log_likelihood(theta, X, y) / X.shape[0] - 0.5 * (penalty * theta**2).sum()


def wrong_no_return(theta, X, y, penalty):
    """forgot to return"""
    result = log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).sum()


def wrong_no_square(theta, X, y, penalty):
    """theta is not squared"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta).sum()


def wrong_norm(theta, X, y, penalty):
    """the norm is not squared"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty.sqrt() * theta).norm()


def wrong_normal_of_flat_prior(theta, X, y, penalty):
    """-inf: a penalty of 0 is a flat prior, which adds nothing"""
    prior = Normal(0.0, 1 / penalty.sqrt())
    return log_likelihood(theta, X, y) + prior.log_prob(theta).sum()


def wrong_not_summed(theta, X, y, penalty):
    """the penalty is not summed: one number is wanted"""
    return log_likelihood(theta, X, y) - penalty * theta**2 / 2


def wrong_one_penalty_for_all(theta, X, y, penalty):
    """each coefficient has a lambda of its own; here the largest serves for all"""
    return log_likelihood(theta, X, y) - 0.5 * penalty.max() * (theta @ theta)


def wrong_outer(theta, X, y, penalty):
    """each lambda meets its own theta: multiply first, then sum"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty[:, None] * theta**2).sum()


def wrong_penalty_sum(theta, X, y, penalty):
    """each lambda meets its own theta: multiply first, then sum"""
    return log_likelihood(theta, X, y) - 0.5 * penalty.sum() * (theta**2).sum()


def wrong_per_row(theta, X, y, penalty):
    """the penalty is taken off once, not once a row"""
    z = X @ theta
    rows = torch.nn.functional.logsigmoid((2 * y - 1) * z) - 0.5 * (penalty * theta**2).sum()
    return rows.sum()


def wrong_posterior(theta, X, y, penalty):
    """this is the density: its logarithm is wanted"""
    return torch.exp(log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).sum())


def wrong_prior_only(theta, X, y, penalty):
    """the log-likelihood is missing"""
    return -0.5 * (penalty * theta**2).sum()


def wrong_product_with_prior(theta, X, y, penalty):
    """the two logarithms are multiplied: a product's logarithm is their sum"""
    return log_likelihood(theta, X, y) * (-0.5 * (penalty * theta**2).sum())


def wrong_square_of_sum(theta, X, y, penalty):
    """the square of a sum: the sum of squares is wanted"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta).sum() ** 2


def wrong_square_of_weighted_sum(theta, X, y, penalty):
    """the square of a sum, with the root of lambda: the sum of squares is wanted"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty.sqrt() @ theta) ** 2


def wrong_standard_deviation(theta, X, y, penalty):
    """lambda is squared too: it is one over a variance, not over a standard deviation"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta).square().sum()


def wrong_variance(theta, X, y, penalty):
    """lambda is one over the variance: multiply by it, do not divide"""
    return log_likelihood(theta, X, y) - 0.5 * (theta**2 / penalty).sum()


def wrong_variance_where_positive(theta, X, y, penalty):
    """lambda is one over the variance: multiply by it, do not divide"""
    on = penalty > 0
    return log_likelihood(theta, X, y) - 0.5 * (theta[on] ** 2 / penalty[on]).sum()


def wrong_as_log_variance(theta, X, y, penalty):
    """lambda is one over the variance, not its logarithm"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty.exp() * theta**2).sum()


def wrong_centred(theta, X, y, penalty):
    """the prior's mean is 0, not the mean of theta"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty * (theta - theta.mean()) ** 2).sum()


def wrong_first_lambda(theta, X, y, penalty):
    """each coefficient has a lambda of its own; here the first serves for all"""
    return log_likelihood(theta, X, y) - 0.5 * penalty[0] * (theta @ theta)


def wrong_item(theta, X, y, penalty):
    """a Python number comes back: a tensor without dimensions is wanted, so no .item()"""
    return (log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).sum()).item()


def wrong_keepdim(theta, X, y, penalty):
    """a tensor of one entry comes back: one without dimensions is wanted"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).sum(0, keepdim=True)


def wrong_penalty_floor(theta, X, y, penalty):
    """a penalty of 0 is a flat prior: no smallest lambda"""
    return log_likelihood(theta, X, y) - 0.5 * (penalty.clamp(min=0.01) * theta**2).sum()
