"""TITLE."""

import math

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.distributions import kl_normal as definition
from dgm.distributions import kl_standard_normal


def cases(g):
    raise NotImplementedError


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
    q = torch.distributions.Normal(mu_q, torch.exp(logvar_q / 2))
    p = torch.distributions.Normal(mu_p, torch.exp(logvar_p / 2))
    return torch.distributions.kl_divergence(q, p).sum(dim=tuple(range(1, mu_q.ndim)))


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
        out.append(
            (
                torch.trace(inverse @ cov_q)
                + d @ inverse @ d
                - len(d)
                + torch.logdet(cov_p)
                - torch.logdet(cov_q)
            )
            / 2
        )
    return torch.stack(out)


def right_vectorised(mu_q, logvar_q, mu_p, logvar_p):
    var_q, var_p = logvar_q.exp(), logvar_p.exp()
    each = 0.5 * (torch.log(var_p / var_q) + (var_q + (mu_q - mu_p) ** 2) / var_p - 1)
    return each.flatten(1).sum(1)


# Mistakes, and what a student is told.


def wrong_difference(mu_q, logvar_q, mu_p, logvar_p):
    """the difference of two KLs from the standard normal"""
    # SAID: torch.distributions says [2.279479447230453, 1.0002839892222808, 4.472738554740101, 15.05047373330948, 9.442015193827434], got [2.484352460375469, 0.5990579271162422, -0.8016162538670488, 1.5866105412598763, -2.2820027676382546]
    return kl_standard_normal(mu_q, logvar_q) - kl_standard_normal(mu_p, logvar_p)


def wrong_distance_not_divided(mu_q, logvar_q, mu_p, logvar_p):
    """the distance of the means is not divided by the variance of p"""
    # SAID: the distance of the means is divided by the variance of p
    each = logvar_p - logvar_q + logvar_q.exp() / logvar_p.exp() + (mu_q - mu_p) ** 2 - 1
    return 0.5 * each.flatten(1).sum(1)


def wrong_divided_by_q(mu_q, logvar_q, mu_p, logvar_p):
    """the distance of the means is divided by the variance of q"""
    # SAID: the distance of the means is divided by the variance of p, not of q
    each = (
        logvar_p - logvar_q + (logvar_q - logvar_p).exp() + (mu_q - mu_p) ** 2 / logvar_q.exp() - 1
    )
    return 0.5 * each.flatten(1).sum(1)


def wrong_epsilon(mu_q, logvar_q, mu_p, logvar_p):
    """a small number is added to the variance of p"""
    # SAID: torch.distributions says [2.279479447230453, 1.0002839892222808, 4.472738554740101, 15.05047373330948, 9.442015193827434], got [2.2779732019971606, 0.9994554055507492, 4.467251243596133, 14.60655899416272, 9.430734871374195]
    var_p = logvar_p.exp() + 1e-3
    each = var_p.log() - logvar_q + (logvar_q.exp() + (mu_q - mu_p) ** 2) / var_p - 1
    return 0.5 * each.flatten(1).sum(1)


def wrong_half_missing(mu_q, logvar_q, mu_p, logvar_p):
    """the half is missing"""
    # SAID: the half is missing
    each = logvar_p - logvar_q + (logvar_q.exp() + (mu_q - mu_p) ** 2) / logvar_p.exp() - 1
    return each.flatten(1).sum(1)


def wrong_ignores_p(mu_q, logvar_q, mu_p, logvar_p):
    """p is taken for the standard normal"""
    # SAID: mu_p and logvar_p are not used: p need not be the standard normal
    return 0.5 * (mu_q**2 + logvar_q.exp() - 1 - logvar_q).flatten(1).sum(1)


def wrong_last_axis(mu_q, logvar_q, mu_p, logvar_p):
    """sums over the last axis alone: right for vectors only"""
    # SAID: [visible passes] AssertionError: wrong for tensors of shape (3, 2, 4, 5)
    each = logvar_p - logvar_q + (logvar_q.exp() + (mu_q - mu_p) ** 2) / logvar_p.exp() - 1
    return 0.5 * each.sum(-1)


def wrong_log_sigma(mu_q, logvar_q, mu_p, logvar_p):
    """log-variances read as logs of standard deviations"""
    # SAID: did you take logvar for the log of sigma?
    q = torch.distributions.Normal(mu_q, logvar_q.exp())
    p = torch.distributions.Normal(mu_p, logvar_p.exp())
    return torch.distributions.kl_divergence(q, p).flatten(1).sum(1)


def wrong_log_turned(mu_q, logvar_q, mu_p, logvar_p):
    """the log of the ratio is upside down"""
    # SAID: the logarithm is upside down: it is log(var_p / var_q)
    each = logvar_q - logvar_p + (logvar_q.exp() + (mu_q - mu_p) ** 2) / logvar_p.exp() - 1
    return 0.5 * each.flatten(1).sum(1)


def wrong_mean(mu_q, logvar_q, mu_p, logvar_p):
    """a mean over the dimensions"""
    # SAID: a mean over the dimensions; the divergence is their sum
    each = logvar_p - logvar_q + (logvar_q.exp() + (mu_q - mu_p) ** 2) / logvar_p.exp() - 1
    return 0.5 * each.flatten(1).mean(1)


def wrong_no_one(mu_q, logvar_q, mu_p, logvar_p):
    """the -1 is missing"""
    # SAID: the -1 is missing
    each = logvar_p - logvar_q + (logvar_q.exp() + (mu_q - mu_p) ** 2) / logvar_p.exp()
    return 0.5 * each.flatten(1).sum(1)


def wrong_p_detached(mu_q, logvar_q, mu_p, logvar_p):
    """no gradient reaches p"""
    # SAID: no gradient reaches mu_p
    mu_p, logvar_p = mu_p.detach(), logvar_p.detach()
    each = logvar_p - logvar_q + (logvar_q.exp() + (mu_q - mu_p) ** 2) / logvar_p.exp() - 1
    return 0.5 * each.flatten(1).sum(1)


def wrong_sign(mu_q, logvar_q, mu_p, logvar_p):
    """the sign is turned"""
    # SAID: the sign is turned: a KL is 0 or more
    each = logvar_p - logvar_q + (logvar_q.exp() + (mu_q - mu_p) ** 2) / logvar_p.exp() - 1
    return -0.5 * each.flatten(1).sum(1)


def wrong_sum_over_batch(mu_q, logvar_q, mu_p, logvar_p):
    """summed over the batch too"""
    # SAID: one number for each of the 5 rows, shape (5,), got (): sum over the event, not over the batch
    each = logvar_p - logvar_q + (logvar_q.exp() + (mu_q - mu_p) ** 2) / logvar_p.exp() - 1
    return 0.5 * each.sum()


def wrong_swapped(mu_q, logvar_q, mu_p, logvar_p):
    """KL(p || q) in place of KL(q || p)"""
    # SAID: this is KL(p || q): the expectation is over q
    q = torch.distributions.Normal(mu_q, torch.exp(logvar_q / 2))
    p = torch.distributions.Normal(mu_p, torch.exp(logvar_p / 2))
    return torch.distributions.kl_divergence(p, q).flatten(1).sum(1)


def wrong_symmetric(mu_q, logvar_q, mu_p, logvar_p):
    """the mean of both directions"""
    # SAID: the mean of both directions; the KL has one
    q = torch.distributions.Normal(mu_q, torch.exp(logvar_q / 2))
    p = torch.distributions.Normal(mu_p, torch.exp(logvar_p / 2))
    kl = torch.distributions.kl_divergence
    return ((kl(p, q) + kl(q, p)) / 2).flatten(1).sum(1)
