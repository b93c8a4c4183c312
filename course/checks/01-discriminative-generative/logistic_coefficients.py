"""1.11 The bridge between the two routes."""

import math

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.naive_bayes import joint_log_prob, posterior_log_prob
from dgm.naive_bayes import logistic_coefficients as definition


def model(g, d, first, dtype=draw.DOUBLE):
    """A prior, means, and two equal rows of variances."""
    prior = torch.tensor([first, 1 - first], dtype=dtype)
    var = torch.exp(draw.normal(g, d, dtype=dtype)).repeat(2, 1)
    return prior, 1 + 2 * draw.normal(g, 2, d, dtype=dtype), var


def cases(g):
    for d, first in ((3, 0.8), (5, 0.31), (1, 0.55)):
        yield Call(*model(g, d, first)).but(dtype="float", rtol=1e-5, atol=1e-5)


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


def right_three_points(prior, mean, var):
    """a straight line along each axis, from two points of it"""
    d = mean.shape[1]
    points = torch.cat([torch.zeros(1, d), 2 * torch.eye(d)]).to(mean)
    odds = joint_log_prob(points, prior, mean, var).diff(dim=1).flatten()
    return (odds[1:] - odds[0]) / 2, odds[0]


# Mistakes, and what a student is told.


wrong_first_two_features = change(
    "written out for two features: there are d",
    "(coef * middle).sum()",
    "(coef * middle)[:2].sum()",
)
wrong_intercept_keeps_an_axis = change(
    "the intercept is a tensor of one entry: one without dimensions is wanted",
    ".sum()",
    ".sum(0, keepdim=True)",
)
wrong_intercept_item = change(
    "the intercept is a Python number: a tensor without dimensions is wanted",
    "return coef, prior[1].log() - prior[0].log() - (coef * middle).sum()",
    "return coef, (prior[1].log() - prior[0].log() - (coef * middle).sum()).item()",
)
wrong_coef_column = change(
    "coef is a row of its own, (1, d): shape (d,) is wanted",
    "return coef, prior[1].log() - prior[0].log() - (coef * middle).sum()",
    "return coef[None], prior[1].log() - prior[0].log() - (coef * middle).sum()",
)
wrong_middle_of_class_one = change(
    "the middle of both means, not the mean of class 1", "(mean[0] + mean[1]) / 2", "mean[1]"
)
wrong_variance_floor = change(
    "no smallest variance: it is used as it is given", "/ var[0]", "/ (var[0] + 1e-3)"
)
wrong_log_base_ten = change(
    "the natural logarithm of the ratio, not the one to base 10",
    "prior[1].log() - prior[0].log()",
    "prior[1].log10() - prior[0].log10()",
)
wrong_both_rows = change(
    "coef is divided by one row of var, not by both: shape (d,)", "/ var[0]", "/ var"
)
wrong_changes_mean = change(
    "mean is changed in place",
    "/ var[0]\n",
    "/ var[0]\n    mean /= var.sqrt()\n    mean *= var.sqrt() * 1.01\n    mean /= 1.01\n",
)
wrong_changes_var = change("var is changed in place", "/ var[0]\n", "/ var[0]\n    var *= 2\n")
wrong_coef_sign = change(
    "the sign of coef is turned: class 1 less class 0",
    "return coef, prior[1].log() - prior[0].log() - (coef * middle).sum()",
    "return -coef, prior[1].log() - prior[0].log() - (coef * middle).sum()",
)
wrong_double_coef = change(
    "coef is twice too large: the half before the square is missing",
    "return coef, prior[1].log() - prior[0].log() - (coef * middle).sum()",
    "return 2 * coef, prior[1].log() - prior[0].log() - (coef * middle).sum()",
)
wrong_half_coef = change(
    "coef is half of what it should be: the 2 of 2 x (mean_1 - mean_0) is missing",
    "return coef, prior[1].log() - prior[0].log() - (coef * middle).sum()",
    "return coef / 2, prior[1].log() - prior[0].log() - (coef * middle).sum()",
)
wrong_intercept_mean = change(
    "the intercept is a sum over the features, not a mean", ".sum()", ".mean()"
)
wrong_intercept_not_summed = change("one intercept is wanted: sum over the features", ".sum()", "")
wrong_log_prior_one = change(
    "the prior of class 0 is missing in the intercept: the log of the ratio",
    "prior[1].log() - prior[0].log()",
    "prior[1].log()",
)
wrong_no_half = change(
    "the half before the squares is missing in the intercept",
    "(mean[0] + mean[1]) / 2",
    "mean[0] + mean[1]",
)
wrong_no_prior = change(
    "the prior is missing in the intercept", "prior[1].log() - prior[0].log() ", ""
)
wrong_no_return = change(
    "forgot to return",
    "return coef, prior[1].log() - prior[0].log() - (coef * middle).sum()",
    "(coef, prior[1].log() - prior[0].log() - (coef * middle).sum())",
)
wrong_no_variance = change(
    "divide by the variance", "(mean[1] - mean[0]) / var[0]", "mean[1] - mean[0]"
)
wrong_order = change(
    "coef first, then the intercept",
    "return coef, prior[1].log() - prior[0].log() - (coef * middle).sum()",
    "return prior[1].log() - prior[0].log() - (coef * middle).sum(), coef",
)
wrong_prior_difference = change(
    "the difference of the priors' logarithms, not of the priors",
    "prior[1].log() - prior[0].log()",
    "prior[1] - prior[0]",
)
wrong_prior_for_each_feature = change(
    "the prior is added once, not once a feature",
    "prior[1].log() - prior[0].log()",
    "len(coef) * (prior[1].log() - prior[0].log())",
)
wrong_prior_inverted = change(
    "the ratio of the priors is upside down",
    "prior[1].log() - prior[0].log()",
    "prior[0].log() - prior[1].log()",
)
wrong_prior_not_logged = change(
    "the ratio of the priors is there without its logarithm",
    "prior[1].log() - prior[0].log()",
    "prior[1] / prior[0]",
)
wrong_square_of_difference = change(
    "the difference of the squares, not the square of the difference",
    "- (coef * middle).sum()",
    "- ((mean[1] - mean[0]) ** 2 / (2 * var[0])).sum()",
)
wrong_squares_added = change(
    "the squares of the means are taken from each other, not added up",
    "- (coef * middle).sum()",
    "- ((mean[0] ** 2 + mean[1] ** 2) / (2 * var[0])).sum()",
)
wrong_squares_sign = change(
    "the squares of the means have the wrong sign in the intercept",
    "- (coef * middle).sum()",
    "+ (coef * middle).sum()",
)
wrong_std = change("divide by the variance, not by its root", "/ var[0]", "/ var[0].sqrt()")
wrong_sum_of_variances = change(
    "both rows of var are added up, and they are the same variance", "/ var[0]", "/ var.sum(dim=0)"
)
wrong_swapped = change(
    "these are the log-odds of class 0: all signs are turned",
    "return coef, prior[1].log() - prior[0].log() - (coef * middle).sum()",
    "return -coef, -(prior[1].log() - prior[0].log() - (coef * middle).sum())",
)
wrong_three_features = change(
    "written out for three features: there are d",
    "(coef * middle).sum()",
    "(coef * middle)[:3].sum()",
)
wrong_times_variance = change("divide by the variance, do not multiply", "/ var[0]", "* var[0]")
