"""TITLE."""

import torch
from torch import Tensor
from torch.distributions import Normal
from torch.nn.functional import binary_cross_entropy_with_logits

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.logistic import log_likelihood
from dgm.logistic import log_posterior as definition


def cases(g):
    raise NotImplementedError


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
    return torch.tensor([total])


def right_loop(theta, X, y, penalty):
    value = log_likelihood(theta, X, y)
    for lam, t in zip(penalty, theta):
        value = value - lam * t * t / 2
    return value


def right_loop_float(theta, X, y, penalty):
    value = float(log_likelihood(theta, X, y))
    for j in range(len(theta)):
        value -= 0.5 * float(penalty[j]) * float(theta[j]) ** 2
    return value


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


# Mistakes, and what a student is told.


def wrong_bce_mean(theta, X, y, penalty):
    """a mean over rows, by the default of the library's loss"""
    # SAID: the log-likelihood is a sum over rows, not a mean
    bce = binary_cross_entropy_with_logits(X @ theta, y.to(X.dtype))
    return -bce - 0.5 * (penalty * theta**2).sum()


def wrong_brackets(theta, X, y, penalty):
    """brackets: half of the whole"""
    # SAID: between two thetas it should change by 14.332038, got 9.726162. Each theta is squared, then multiplied by its own lambda, then all are added
    return (log_likelihood(theta, X, y) - (penalty * theta**2).sum()) / 2


def wrong_divided_by_rows(theta, X, y, penalty):
    """the penalty divided by the number of rows"""
    # SAID: the penalty is taken off whole, not divided by the number of rows
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).sum() / len(y)


def wrong_first_never_penalised(theta, X, y, penalty):
    """the first coefficient never penalised, whatever lambda says"""
    # SAID: [visible passes] AssertionError: wrong for X of shape (4, 6)
    return log_likelihood(theta, X, y) - 0.5 * (penalty[1:] * theta[1:] ** 2).sum()


def wrong_half_missing(theta, X, y, penalty):
    """the half is missing"""
    # SAID: the penalty counts twice as much as it should: is the half there?
    return log_likelihood(theta, X, y) - (penalty * theta**2).sum()


def wrong_in_place(theta, X, y, penalty):
    """the caller's theta is squared"""
    # SAID: log_posterior has changed the theta it was given: work on a copy
    value = log_likelihood(theta, X, y)
    theta.pow_(2)
    return value - 0.5 * (penalty * theta).sum()


def wrong_in_place_penalty(theta, X, y, penalty):
    """the caller's penalty is multiplied"""
    # SAID: log_posterior has changed the penalty it was given: work on a copy
    penalty *= theta**2
    return log_likelihood(theta, X, y) - penalty.sum() / 2


def wrong_intercept_penalised(theta, X, y, penalty):
    """the first coefficient penalised like the second, whatever lambda says"""
    # SAID: between two thetas it should change by 14.332038, got 15.248162. Each theta is squared, then multiplied by its own lambda, then all are added
    lam = penalty.clone()
    lam[0] = lam[1]
    return log_likelihood(theta, X, y) - 0.5 * (lam * theta**2).sum()


def wrong_l1(theta, X, y, penalty):
    """absolute values in place of squares"""
    # SAID: between two thetas it should change by 14.332038, got 11.146326. Each theta is squared, then multiplied by its own lambda, then all are added
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta.abs()).sum()


def wrong_last_never_penalised(theta, X, y, penalty):
    """the last coefficient never penalised, whatever lambda says"""
    # SAID: between two thetas it should change by 14.332038, got 14.308268. Each theta is squared, then multiplied by its own lambda, then all are added
    return log_likelihood(theta, X, y) - 0.5 * (penalty[:-1] * theta[:-1] ** 2).sum()


def wrong_last_penalty(theta, X, y, penalty):
    """the last lambda for all but the first coefficient"""
    # SAID: between two thetas it should change by 14.332038, got 11.687065. Each theta is squared, then multiplied by its own lambda, then all are added
    return log_likelihood(theta, X, y) - 0.5 * penalty[-1] * (theta[1:] ** 2).sum()


def wrong_loss(theta, X, y, penalty):
    """the sign of the whole turned: a loss"""
    # SAID: the sign of the whole is turned: this is a loss
    return -log_likelihood(theta, X, y) + 0.5 * (penalty * theta**2).sum()


def wrong_loss_minus_penalty(theta, X, y, penalty):
    """the sign of the likelihood turned"""
    # SAID: the sign of the log-likelihood is turned
    bce = binary_cross_entropy_with_logits(X @ theta, y.to(X.dtype), reduction="sum")
    return bce - 0.5 * (penalty * theta**2).sum()


def wrong_mean_likelihood(theta, X, y, penalty):
    """the mean of the log-likelihood over rows"""
    # SAID: the log-likelihood is a sum over rows, not a mean
    return log_likelihood(theta, X, y) / X.shape[0] - 0.5 * (penalty * theta**2).sum()


def wrong_mean_penalty(theta, X, y, penalty):
    """the mean of the penalties in place of their sum"""
    # SAID: between two thetas it should change by 14.332038, got 10.491823. Each theta is squared, then multiplied by its own lambda, then all are added
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).mean()


def wrong_no_penalty(theta, X, y, penalty):
    """no penalty"""
    # SAID: the penalty has no effect
    return log_likelihood(theta, X, y)


def wrong_no_return(theta, X, y, penalty):
    """no return"""
    # SAID: log_posterior returned None: did you forget `return`?
    # RAISES: TypeError
    result = log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).sum()


def wrong_no_square(theta, X, y, penalty):
    """no square at all"""
    # SAID: between two thetas it should change by 14.332038, got 10.351107. Each theta is squared, then multiplied by its own lambda, then all are added
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta).sum()


def wrong_norm(theta, X, y, penalty):
    """the norm, not squared"""
    # SAID: between two thetas it should change by 14.332038, got 10.548370. Each theta is squared, then multiplied by its own lambda, then all are added
    return log_likelihood(theta, X, y) - 0.5 * (penalty.sqrt() * theta).norm()


def wrong_normal_of_flat_prior(theta, X, y, penalty):
    """a normal density, whose logarithm is -inf where lambda is 0"""
    # SAID: got -inf: a penalty of 0 is a flat prior, which adds nothing
    prior = Normal(0.0, 1 / penalty.sqrt())
    return log_likelihood(theta, X, y) + prior.log_prob(theta).sum()


def wrong_not_summed(theta, X, y, penalty):
    """one number a coefficient: the penalty is not summed"""
    # SAID: one number is wanted, got shape (4,): is the penalty summed?
    # RAISES: ValueError
    return log_likelihood(theta, X, y) - penalty * theta**2 / 2


def wrong_one_penalty_for_all(theta, X, y, penalty):
    """the largest lambda for every coefficient"""
    # SAID: between two thetas it should change by 14.332038, got 32.678753. Each theta is squared, then multiplied by its own lambda, then all are added
    return log_likelihood(theta, X, y) - 0.5 * penalty.max() * (theta @ theta)


def wrong_outer(theta, X, y, penalty):
    """every pair of coefficients penalised"""
    # SAID: between two thetas it should change by 14.332038, got 41.478879. Each theta is squared, then multiplied by its own lambda, then all are added
    return log_likelihood(theta, X, y) - 0.5 * (penalty[:, None] * theta**2).sum()


def wrong_penalty_sum(theta, X, y, penalty):
    """lambda and theta summed each on its own"""
    # SAID: between two thetas it should change by 14.332038, got 41.478879. Each theta is squared, then multiplied by its own lambda, then all are added
    return log_likelihood(theta, X, y) - 0.5 * penalty.sum() * (theta**2).sum()


def wrong_per_row(theta, X, y, penalty):
    """the penalty taken off once a row"""
    # SAID: the penalty is taken off once, not once a row
    z = X @ theta
    rows = torch.nn.functional.logsigmoid((2 * y - 1) * z) - 0.5 * (penalty * theta**2).sum()
    return rows.sum()


def wrong_plus(theta, X, y, penalty):
    """the penalty added in place of taken off"""
    # SAID: the penalty is added; it is to be taken off
    return log_likelihood(theta, X, y) + 0.5 * (penalty * theta**2).sum()


def wrong_posterior(theta, X, y, penalty):
    """the density in place of its logarithm"""
    # SAID: between two thetas it should change by 14.332038, got 0.000000. Each theta is squared, then multiplied by its own lambda, then all are added
    return torch.exp(log_likelihood(theta, X, y) - 0.5 * (penalty * theta**2).sum())


def wrong_prior_only(theta, X, y, penalty):
    """the prior without the likelihood"""
    # SAID: the log-likelihood is missing
    return -0.5 * (penalty * theta**2).sum()


def wrong_product_with_prior(theta, X, y, penalty):
    """the logarithms multiplied in place of added"""
    # SAID: between two thetas it should change by 14.332038, got -159.823107. Each theta is squared, then multiplied by its own lambda, then all are added
    return log_likelihood(theta, X, y) * (-0.5 * (penalty * theta**2).sum())


def wrong_square_of_sum(theta, X, y, penalty):
    """the square of the sum in place of the sum of squares"""
    # SAID: between two thetas it should change by 14.332038, got 9.143645. Each theta is squared, then multiplied by its own lambda, then all are added
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta).sum() ** 2


def wrong_square_of_weighted_sum(theta, X, y, penalty):
    """the square of a sum, with the root of lambda"""
    # SAID: between two thetas it should change by 14.332038, got 10.929433. Each theta is squared, then multiplied by its own lambda, then all are added
    return log_likelihood(theta, X, y) - 0.5 * (penalty.sqrt() @ theta) ** 2


def wrong_standard_deviation(theta, X, y, penalty):
    """lambda taken for one over the standard deviation"""
    # SAID: between two thetas it should change by 14.332038, got 15.093873. Each theta is squared, then multiplied by its own lambda, then all are added
    return log_likelihood(theta, X, y) - 0.5 * (penalty * theta).square().sum()


def wrong_variance(theta, X, y, penalty):
    """lambda taken for the variance"""
    # SAID: got -inf: a penalty of 0 is a flat prior, which adds nothing
    return log_likelihood(theta, X, y) - 0.5 * (theta**2 / penalty).sum()


def wrong_variance_where_positive(theta, X, y, penalty):
    """lambda taken for the variance, with 0 left out"""
    # SAID: lambda is one over the variance, not the variance
    on = penalty > 0
    return log_likelihood(theta, X, y) - 0.5 * (theta[on] ** 2 / penalty[on]).sum()
