"""3.4 Between any two Gaussians."""

import math

import torch
from torch.distributions import Normal
from torch.distributions import kl_divergence as divergence

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.distributions import kl_normal as definition
from dgm.distributions import kl_standard_normal


def cases(g):
    loose = {"dtype": False, "rtol": 1e-4, "atol": 1e-5}
    for shape in ((5, 3), (3, 2, 4)):
        yield Call(*draw.normal(g, 4, *shape)).but(gradient=True, **loose)
    mu, logvar = draw.normal(g, 2, 4, 2)
    yield Call(mu, logvar, mu, logvar).but(words="where q is p, and the divergence 0", **loose)
    q, p = (torch.tensor([[a, b]]).double() for a, b in ((-32.0, 26.0), (-30.0, 24.0)))
    mu = torch.tensor([[4e-7, 3e5]]).double()
    yield Call(mu, q, 0 * mu, p).but(
        words="at log-variances of -30 and 25", clue="No epsilon, no clamp", **loose
    )


# Right, in ways that differ.


def right_by_standard(mu_q, logvar_q, mu_p, logvar_p):
    # measured in units of p, p is the standard normal
    return kl_standard_normal((mu_q - mu_p) * torch.exp(-logvar_p / 2), logvar_q - logvar_p)


def right_cross_entropy(mu_q, logvar_q, mu_p, logvar_p):
    c = math.log(2 * math.pi)
    entropy = (c + 1 + logvar_q) / 2
    cross = (c + logvar_p + ((mu_q - mu_p).square() + logvar_q.exp()) / logvar_p.exp()) / 2
    return (cross - entropy).reshape(len(mu_q), -1).sum(-1)


def right_distributions(mu_q, logvar_q, mu_p, logvar_p):
    q = Normal(mu_q, torch.exp(logvar_q / 2))
    p = Normal(mu_p, torch.exp(logvar_p / 2))
    return divergence(q, p).sum(dim=tuple(range(1, mu_q.ndim)))


def right_loop(mu_q, logvar_q, mu_p, logvar_p):
    rows = []
    for i in range(len(mu_q)):
        s_q, s_p = torch.exp(logvar_q[i] / 2), torch.exp(logvar_p[i] / 2)
        row = torch.log(s_p) - torch.log(s_q)
        row = row + (s_q**2 + (mu_q[i] - mu_p[i]) ** 2) / (2 * s_p**2) - 0.5
        rows.append(row.sum())
    return torch.stack(rows)


def right_matrices(mu_q, logvar_q, mu_p, logvar_p):
    out = []
    for m_q, l_q, m_p, l_p in zip(*(t.flatten(1) for t in (mu_q, logvar_q, mu_p, logvar_p))):
        cov_q, cov_p = torch.diag(l_q.exp()), torch.diag(l_p.exp())
        inverse = torch.linalg.inv(cov_p)
        d = m_p - m_q
        log_det = torch.logdet(cov_p) - torch.logdet(cov_q)
        out.append((torch.trace(inverse @ cov_q) + d @ inverse @ d - len(d) + log_det) / 2)
    return torch.stack(out)


def right_vectorised(mu_q, logvar_q, mu_p, logvar_p):
    var_q, var_p = logvar_q.exp(), logvar_p.exp()
    each = 0.5 * (torch.log(var_p / var_q) + (var_q + (mu_q - mu_p) ** 2) / var_p - 1)
    return each.flatten(1).sum(1)


# Mistakes, and what a student is told.

SUM = "each.reshape(len(each), -1).sum(1)"
RATIO, SCALE = "torch.expm1(logvar_q - logvar_p)", "torch.exp(-logvar_p)"
ONE_AXIS = "the sum runs over one axis of the event; it runs over all axes but the first"

wrong_clamped = change(
    "a log-variance is clamped; it may be any number",
    "ratio =",
    "logvar_q, logvar_p = logvar_q.clamp(-10, 10), logvar_p.clamp(-10, 10)\n    ratio =",
)
wrong_distance_not_divided = change(
    "the distance of the means is not divided; its unit is the variance of p", f" * {SCALE}", ""
)
wrong_distance_not_squared = change(
    "the distance of the means is squared", "(mu_q - mu_p) ** 2", "(mu_q - mu_p).abs()"
)
wrong_divided_by_q = change(
    "the distance is divided by the variance of p, not of q", SCALE, "torch.exp(-logvar_q)"
)
wrong_divided_by_sigma = change(
    "the distance is divided by the variance of p, not its sigma", SCALE, "torch.exp(-logvar_p / 2)"
)
wrong_epsilon = change(
    "a small number is added to the variance of p",
    "ratio =",
    "logvar_p = (logvar_p.exp() + 1e-3).log()\n    ratio =",
)
wrong_first_axis_only = change(ONE_AXIS, SUM, "each.sum(1)")
wrong_half_missing = change("the half is missing", ".sum(1) / 2", ".sum(1)")
wrong_ignores_logvar_p = change(
    "logvar_p is not used: p is any Gaussian", "ratio =", "logvar_p = 0 * logvar_p\n    ratio ="
)
wrong_ignores_p = change(
    "mu_p and logvar_p are not used: p is any Gaussian",
    "ratio =",
    "mu_p, logvar_p = 0 * mu_p, 0 * logvar_p\n    ratio =",
)
wrong_in_place = change(
    "mu_q is changed in place: it is the caller's, so work on a copy",
    "(mu_q - mu_p) ** 2",
    "mu_q.sub_(mu_p) ** 2",
)
wrong_last_axis = change(ONE_AXIS, SUM, "each.sum(-1)")
wrong_log_turned = change(
    "the logarithm is that of var_p / var_q", "logvar_p - logvar_q +", "logvar_q - logvar_p +"
)
wrong_logs_divided = change(
    "the log of a ratio is a difference of logs", "logvar_p - logvar_q +", "logvar_p / logvar_q +"
)
wrong_mean = change(
    "this is a mean over the dimensions; the divergence is their sum", ".sum(1)", ".mean(1)"
)
wrong_no_one = change("the -1 is missing", "torch.expm1", "torch.exp")
wrong_no_return = change("nothing came back: is a `return` missing?", "return each", "each")
wrong_p_detached = change(
    "no gradient reaches mu_p and logvar_p: no .detach()",
    "ratio =",
    "mu_p, logvar_p = mu_p.detach(), logvar_p.detach()\n    ratio =",
)
wrong_ratio_of_sigmas = change(
    "the ratio is that of the variances, not of the sigmas",
    RATIO,
    "torch.expm1((logvar_q - logvar_p) / 2)",
)
wrong_ratio_turned = change(
    "the ratio is upside down: it is var_q / var_p", RATIO, "torch.expm1(logvar_p - logvar_q)"
)
wrong_sign = change("the sign is turned: a KL is 0 or more", ".sum(1) / 2", ".sum(1) / -2")
wrong_sum_over_batch = change(
    "the sum runs over the batch too: one number for each row, shape (B,)", ".sum(1)", ".sum()"
)


def wrong_difference(mu_q, logvar_q, mu_p, logvar_p):
    """the difference of two KLs from the standard normal is not the KL of the two"""
    return kl_standard_normal(mu_q, logvar_q) - kl_standard_normal(mu_p, logvar_p)


def wrong_log_sigma(mu_q, logvar_q, mu_p, logvar_p):
    """logvar is the log of the variance, not of sigma: sigma is exp(logvar / 2)"""
    return definition(mu_q, 2 * logvar_q, mu_p, 2 * logvar_p)


def wrong_swapped(mu_q, logvar_q, mu_p, logvar_p):
    """this is KL(p || q); the expectation is over q: KL(q || p)"""
    return definition(mu_p, logvar_p, mu_q, logvar_q)


def wrong_symmetric(mu_q, logvar_q, mu_p, logvar_p):
    """this is the mean of both directions; the KL has one"""
    four = mu_q, logvar_q, mu_p, logvar_p
    return (definition(*four) + definition(*four[2:], *four[:2])) / 2
