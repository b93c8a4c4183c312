"""TITLE."""

import math

import torch
from scipy.special import xlog1py, xlogy

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.gan import game_value as definition
from dgm.gan import (
    optimal_discriminator,  # optimal_discriminator
)


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_einsum(d, p, q, dx):
    weights = torch.cat([p.flatten(), q.flatten()])
    logs = torch.cat([d.flatten(), 1 - d.flatten()]).log()
    keep = weights != 0
    return torch.einsum("i,i->", weights[keep], logs[keep]) * dx


def right_loop_float(d, p, q, dx):
    def times_log(a, b):
        if a == 0:
            return 0.0
        return a * math.log(b) if b > 0 else -math.inf

    total = 0.0
    for di, pi, qi in zip(d.flatten().tolist(), p.flatten().tolist(), q.flatten().tolist()):
        total += (times_log(pi, di) + times_log(qi, 1 - di)) * dx
    return total


def right_masked_sums(d, p, q, dx):
    data, fake = p > 0, q > 0
    value = (p[data] * d[data].log()).sum() + (q[fake] * (1 - d[fake]).log()).sum()
    return value * dx


def right_nan_to_num(d, p, q, dx):
    """the only NaN is 0 log 0"""
    terms = torch.stack([p * d.log(), q * (1 - d).log()])
    return torch.where(terms.isnan(), 0.0, terms).sum().mul(dx)


def right_nansum(d, p, q, dx):
    """where a term is 0 log 0, the other term is 0 as well"""
    return (p * d.log() + q * (1 - d).log()).nansum() * dx


def right_scipy(d, p, q, dx):
    d, p, q = d.numpy(), p.numpy(), q.numpy()
    return float((xlogy(p, d) + xlog1py(q, -d)).sum() * dx)


def right_where(d, p, q, dx):
    real = torch.where(p > 0, p * torch.log(d), torch.zeros_like(p))
    fake = torch.where(q > 0, q * torch.log1p(-d), torch.zeros_like(q))
    return torch.sum(real + fake) * dx


def right_xlogy(d, p, q, dx):
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum() * dx


# Mistakes, and what a student is told.


def wrong_bce(d, p, q, dx):
    """binary_cross_entropy stops its logarithm at -100"""
    f = torch.nn.functional.binary_cross_entropy
    real = f(d, torch.ones_like(d), reduction="none")
    fake = f(d, torch.zeros_like(d), reduction="none")
    return -(p * real + q * fake).sum() * dx


def wrong_clamped(d, p, q, dx):
    """d is kept away from 0 and 1"""
    d = d.clamp(1e-7, 1 - 1e-7)
    return (p * d.log() + q * (1 - d).log()).sum() * dx


def wrong_data_only(d, p, q, dx):
    """the second term is missing: q log(1 - d)"""
    return torch.xlogy(p, d).sum() * dx


def wrong_epsilon(d, p, q, dx):
    """a small number inside the logarithms"""
    return (p * (d + 1e-8).log() + q * (1 - d + 1e-8).log()).sum() * dx


def wrong_fakes_taken_off(d, p, q, dx):
    """the second expectation is added, not taken off"""
    return (torch.xlogy(p, d) - torch.xlogy(q, 1 - d)).sum() * dx


def wrong_half(d, p, q, dx):
    """half of it: the two expectations are added, not averaged"""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum() * dx / 2


def wrong_ignores_d(d, p, q, dx):
    """this is the value at the best discriminator; use the d that is given"""
    d = optimal_discriminator(p, q)
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum() * dx


def wrong_log2(d, p, q, dx):
    """natural logarithms are wanted"""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum() * dx / math.log(2)


def wrong_mean(d, p, q, dx):
    """a mean over the grid, not a sum times dx"""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).mean()


def wrong_mean_times_dx(d, p, q, dx):
    """a mean over the grid, not a sum"""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).mean() * dx


def wrong_minus_log_d(d, p, q, dx):
    """-log d is not log(1 - d): that is the generator's other loss"""
    return (torch.xlogy(p, d) - torch.xlogy(q, d)).sum() * dx


def wrong_nan(d, p, q, dx):
    """NaN where a sure D is right: 0 log 0 should be 0"""
    return (p * d.log() + q * (1 - d).log()).sum() * dx


def wrong_no_densities(d, p, q, dx):
    """the densities are missing: they weigh the logarithms"""
    return (d[p > 0].log().sum() + (1 - d[q > 0]).log().sum()) * dx


def wrong_no_dx(d, p, q, dx):
    """the sum is not multiplied by dx"""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum()


def wrong_no_return(d, p, q, dx):
    """forgot to return"""
    (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum() * dx


def wrong_not_summed(d, p, q, dx):
    """the integrand, one number for each place"""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)) * dx


def wrong_one_axis(d, p, q, dx):
    """sums over the last axis alone"""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum(-1) * dx


def wrong_one_minus_log(d, p, q, dx):
    """the log of 1 - d is wanted, not 1 minus the log of d"""
    return (torch.xlogy(p, d) + q * (1 - torch.where(q > 0, d, 1.0).log())).sum() * dx


def wrong_places_left_out(d, p, q, dx):
    """every place where d is 0 or 1 is left out, also where it costs"""
    keep = (d > 0) & (d < 1)
    d, p, q = d[keep], p[keep], q[keep]
    return (p * d.log() + q * (1 - d).log()).sum() * dx


def wrong_plus_log_4(d, p, q, dx):
    """log 4 is added: the value itself is wanted"""
    return (torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum() * dx + math.log(4)


def wrong_sigmoid(d, p, q, dx):
    """d is a probability already: no sigmoid"""
    d = torch.sigmoid(d)
    return (p * d.log() + q * (1 - d).log()).sum() * dx


def wrong_sign(d, p, q, dx):
    """the sign is turned: this is what D makes small"""
    return -(torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).sum() * dx


def wrong_swapped(d, p, q, dx):
    """p and q have changed places: log d is weighed by p"""
    return (torch.xlogy(q, d) + torch.xlogy(p, 1 - d)).sum() * dx


def wrong_trapezoid(d, p, q, dx):
    """a trapezoid rule, which gives the ends half their weight"""
    return torch.trapezoid((torch.xlogy(p, d) + torch.xlogy(q, 1 - d)).flatten(), dx=dx)
