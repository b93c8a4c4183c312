"""TITLE."""

import math

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.naive_bayes import (
    joint_log_prob,  # joint_log_prob
    posterior_log_prob,  # posterior_log_prob
)
from dgm.naive_bayes import logistic_coefficients as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_autograd(prior, mean, var):
    x = torch.zeros(1, mean.shape[1], dtype=mean.dtype, requires_grad=True)
    joint = joint_log_prob(x, prior, mean, var)[0]
    odds = joint[1] - joint[0]
    (grad,) = torch.autograd.grad(odds, x)
    return grad[0], odds.detach()


def right_divided_by_both_rows(prior, mean, var):
    scaled = mean / var
    coef = scaled[1] - scaled[0]
    halves = 0.5 * (mean * scaled).sum(1)
    intercept = prior.log().diff().squeeze() - halves[1] + halves[0]
    return coef, intercept


def right_evaluate(prior, mean, var):
    # a linear function is known from its values at 0 and at the unit vectors
    d = mean.shape[1]
    points = torch.cat([torch.zeros(1, d), torch.eye(d)]).to(mean.dtype)
    p = posterior_log_prob(points, prior, mean, var)
    odds = p[:, 1] - p[:, 0]
    return odds[1:] - odds[0], odds[0]


def right_formula(prior, mean, var):
    w = (mean[1] - mean[0]) / var[0]
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()
    return w, b


def right_loop(prior, mean, var):
    w = []
    b = math.log(prior[1]) - math.log(prior[0])
    for j in range(mean.shape[1]):
        m0, m1, v = float(mean[0, j]), float(mean[1, j]), float(var[0, j])
        w.append((m1 - m0) / v)
        b += (m0**2 - m1**2) / (2 * v)
    return torch.tensor(w), torch.tensor(b)


def right_middle(prior, mean, var):
    coef = (mean[1] - mean[0]) / var.mean(dim=0)
    middle = mean.mean(dim=0)
    return coef, torch.logit(prior[1] / prior.sum()) - coef @ middle


def right_numpy(prior, mean, var):
    p, m, v = prior.numpy(), mean.numpy(), var.numpy()[0]
    w = np.subtract(m[1], m[0]) / v
    b = np.log(p[1] / p[0]) - np.dot(w, m[0] + m[1]) / 2
    return torch.from_numpy(w), torch.tensor(b)


def right_two_dots(prior, mean, var):
    inverse = torch.diag(1 / var[1])
    m0, m1 = mean
    intercept = -0.5 * m1 @ inverse @ m1 + 0.5 * m0 @ inverse @ m0
    intercept += torch.log(prior[1]) - torch.log(prior[0])
    return [inverse @ (m1 - m0), intercept]


# Mistakes, and what a student is told.


def wrong_both_rows(prior, mean, var):
    """divided by the whole table var: coefficients of shape (2, d)"""
    coef = (mean[1] - mean[0]) / var
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var)).sum()
    return coef, b


def wrong_changes_mean(prior, mean, var):
    """your function changed mean or var, which are the caller's: work on a copy"""
    mean /= var.sqrt()
    coef = (mean[1] - mean[0]) / var[0].sqrt()
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / 2).sum()
    return coef, b


def wrong_changes_var(prior, mean, var):
    """your function changed mean or var, which are the caller's: work on a copy"""
    coef = (mean[1] - mean[0]) / var[0]
    var *= 2
    return coef, torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / var[0]).sum()


def wrong_coef_sign(prior, mean, var):
    """the coefficients have the wrong sign"""
    coef = (mean[0] - mean[1]) / var[0]
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()
    return coef, b


def wrong_double_coef(prior, mean, var):
    """the coefficients are doubled: the half before the square is forgotten"""
    coef = 2 * (mean[1] - mean[0]) / var[0]
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()
    return coef, b


def wrong_half_coef(prior, mean, var):
    """the coefficients are halved: the 2 of 2 x (m1 - m0) is forgotten"""
    coef = (mean[1] - mean[0]) / (2 * var[0])
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()
    return coef, b


def wrong_intercept_mean(prior, mean, var):
    """the intercept averages the features and does not add them"""
    coef = (mean[1] - mean[0]) / var[0]
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).mean()
    return coef, b


def wrong_intercept_not_summed(prior, mean, var):
    """one intercept: sum over the features; got shape (3,)"""
    coef = (mean[1] - mean[0]) / var[0]
    return coef, torch.log(prior[1] / prior[0]) + (mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])


def wrong_log_prior_one(prior, mean, var):
    """log prior_1 alone and not the ratio"""
    coef = (mean[1] - mean[0]) / var[0]
    b = torch.log(prior[1]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()
    return coef, b


def wrong_no_half(prior, mean, var):
    """the half of the intercept's squares is missing"""
    coef = (mean[1] - mean[0]) / var[0]
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / var[0]).sum()
    return coef, b


def wrong_no_prior(prior, mean, var):
    """the prior is missing"""
    coef = (mean[1] - mean[0]) / var[0]
    return coef, ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()


def wrong_no_return(prior, mean, var):
    """forgot to return"""
    coef = (mean[1] - mean[0]) / var[0]
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()


def wrong_no_variance(prior, mean, var):
    """not divided by the variance"""
    coef = mean[1] - mean[0]
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / 2).sum()
    return coef, b


def wrong_order(prior, mean, var):
    """the intercept first"""
    coef = (mean[1] - mean[0]) / var[0]
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()
    return b, coef


def wrong_prior_difference(prior, mean, var):
    """the difference of the priors and not of their logs"""
    coef = (mean[1] - mean[0]) / var[0]
    b = prior[1] - prior[0] + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()
    return coef, b


def wrong_prior_for_each_feature(prior, mean, var):
    """the prior is added once for each feature"""
    coef = (mean[1] - mean[0]) / var[0]
    b = (torch.log(prior[1] / prior[0]) + (mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()
    return coef, b


def wrong_prior_inverted(prior, mean, var):
    """the ratio of the priors is upside down"""
    coef = (mean[1] - mean[0]) / var[0]
    b = torch.log(prior[0] / prior[1]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()
    return coef, b


def wrong_prior_not_logged(prior, mean, var):
    """the ratio of the priors without its logarithm"""
    coef = (mean[1] - mean[0]) / var[0]
    b = prior[1] / prior[0] + ((mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])).sum()
    return coef, b


def wrong_square_of_difference(prior, mean, var):
    """the square of the difference and not the difference of the squares"""
    coef = (mean[1] - mean[0]) / var[0]
    b = torch.log(prior[1] / prior[0]) - ((mean[1] - mean[0]) ** 2 / (2 * var[0])).sum()
    return coef, b


def wrong_squares_added(prior, mean, var):
    """the squares of both means are added"""
    coef = (mean[1] - mean[0]) / var[0]
    b = torch.log(prior[1] / prior[0]) - ((mean[0] ** 2 + mean[1] ** 2) / (2 * var[0])).sum()
    return coef, b


def wrong_squares_sign(prior, mean, var):
    """the squares of the means have the wrong sign"""
    coef = (mean[1] - mean[0]) / var[0]
    b = torch.log(prior[1] / prior[0]) + ((mean[1] ** 2 - mean[0] ** 2) / (2 * var[0])).sum()
    return coef, b


def wrong_std(prior, mean, var):
    """divided by the standard deviation and not by the variance"""
    s = var[0].sqrt()
    coef = (mean[1] - mean[0]) / s
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * s)).sum()
    return coef, b


def wrong_sum_of_variances(prior, mean, var):
    """divided by the sum of the two rows of var"""
    v = var.sum(0)
    coef = (mean[1] - mean[0]) / v
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / (2 * v)).sum()
    return coef, b


def wrong_swapped(prior, mean, var):
    """the log-odds of class 0: all signs flipped"""
    coef = (mean[0] - mean[1]) / var[0]
    b = torch.log(prior[0] / prior[1]) + ((mean[1] ** 2 - mean[0] ** 2) / (2 * var[0])).sum()
    return coef, b


def wrong_three_features(prior, mean, var):
    """only the first three features are in the intercept"""
    coef = (mean[1] - mean[0]) / var[0]
    squares = (mean[0] ** 2 - mean[1] ** 2) / (2 * var[0])
    return coef, torch.log(prior[1] / prior[0]) + squares[:3].sum()


def wrong_times_variance(prior, mean, var):
    """multiplied by the variance and not divided"""
    coef = (mean[1] - mean[0]) * var[0]
    b = torch.log(prior[1] / prior[0]) + ((mean[0] ** 2 - mean[1] ** 2) / 2 * var[0]).sum()
    return coef, b
