"""TITLE."""

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.gan import optimal_discriminator as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_log_odds(p, q):
    """the sigmoid of the log-odds"""
    d = torch.sigmoid(torch.log(p) - torch.log(q))
    d[torch.isnan(d)] = 0.5
    return d


def right_loop(p, q):
    out = []
    for a, b in zip(p.flatten().tolist(), q.flatten().tolist()):
        out.append(a / (a + b) if a + b > 0 else 0.5)
    return torch.tensor(out, dtype=p.dtype).reshape(p.shape)


def right_masked(p, q):
    d = torch.full_like(p, 1 / 2)
    seen = (p != 0) | (q != 0)
    d[seen] = p[seen] / (p[seen] + q[seen])
    return d


def right_nan_to_num(p, q):
    return torch.nan_to_num(p / (p + q), nan=0.5)


def right_numpy(p, q):
    p, q = np.asarray(p), np.asarray(q)
    d = np.full(p.shape, 0.5, dtype=p.dtype)
    np.divide(p, p + q, out=d, where=(p + q) > 0)
    return torch.from_numpy(d)


def right_one_over(p, q):
    """1 / (1 + q / p), with the places where p is 0 put right"""
    d = 1 / (1 + q / p)
    d = torch.where(p == 0, torch.zeros_like(d), d)
    return torch.where((p == 0) & (q == 0), torch.full_like(d, 0.5), d)


def right_where(p, q):
    both = p + q
    return torch.where(both > 0, p / both, torch.full_like(p, 0.5))


# Mistakes, and what a student is told.


def wrong_clamped(p, q):
    """the denominator is kept away from 0"""
    return p / (p + q).clamp(min=1e-10)


def wrong_epsilon(p, q):
    """a small number in the denominator"""
    return p / (p + q + 1e-8)


def wrong_flat(p, q):
    """right only for a grid along a line"""
    pairs = zip(p.flatten(), q.flatten())
    return torch.stack([a / (a + b) if a + b > 0 else a + 0.5 for a, b in pairs])


def wrong_half_where_either_is_zero(p, q):
    """1/2 wherever one of them is 0"""
    return torch.where((p > 0) & (q > 0), p / (p + q), torch.full_like(p, 0.5))


def wrong_half_where_p_is_zero(p, q):
    """1/2 wherever p is 0"""
    return torch.where(p > 0, p / (p + q), torch.full_like(p, 0.5))


def wrong_half_where_small(p, q):
    """1/2 wherever both are small, not only where both are 0"""
    both = p + q
    return torch.where(both > 1e-6, p / both, torch.full_like(p, 0.5))


def wrong_hard(p, q):
    """this is a decision; the probability is wanted"""
    return torch.where(p == q, torch.full_like(p, 0.5), (p > q).to(p.dtype))


def wrong_in_place(p, q):
    """optimal_discriminator has changed the densities it was given: no `/=`, work on a copy"""
    p /= p + q
    p[p.isnan()] = 0.5
    return p


def wrong_log_ratio(p, q):
    """this is the log of the odds: it still wants a sigmoid"""
    return torch.nan_to_num(p.log() - q.log(), nan=0.5)


def wrong_mixture(p, q):
    """twice too much: divide by the sum p + q, not by their mean"""
    return torch.nan_to_num(p / ((p + q) / 2), nan=0.5)


def wrong_nan(p, q):
    """NaN where both densities are 0: 0 / 0 should be 1/2"""
    return p / (p + q)


def wrong_no_return(p, q):
    """forgot to return"""
    torch.nan_to_num(p / (p + q), nan=0.5)


def wrong_normalised(p, q):
    """nothing is made to add up to 1: p and q are densities at these points"""
    p, q = p / p.sum(), q / q.sum()
    return torch.nan_to_num(p / (p + q), nan=0.5)


def wrong_one(p, q):
    """0 / 0 becomes 1"""
    return torch.where(p + q == 0, torch.ones_like(p), p / (p + q))


def wrong_ratio(p, q):
    """p / q are the odds; the probability is p / (p + q)"""
    return torch.nan_to_num(p / q, nan=0.5, posinf=1.0)


def wrong_sigmoid_of_difference(p, q):
    """a softmax or sigmoid takes logarithms, and these are densities already"""
    return torch.sigmoid(p - q)


def wrong_softmax(p, q):
    """a softmax or sigmoid takes logarithms, and these are densities already"""
    return torch.softmax(torch.stack([p, q]), dim=0)[0]


def wrong_squares(p, q):
    """no squares: p / (p + q)"""
    return torch.nan_to_num(p**2 / (p**2 + q**2), nan=0.5)


def wrong_sums(p, q):
    """each point has its own denominator"""
    return p / (p.sum() + q.sum())


def wrong_swapped(p, q):
    """this is the probability of being generated: real is 1, so p stands on top"""
    both = p + q
    return torch.where(both > 0, q / both, torch.full_like(p, 0.5))


def wrong_two_epsilons(p, q):
    """a small number on both: 1/2 at 0/0, but wrong in the tails"""
    return (p + 1e-12) / (p + q + 2e-12)


def wrong_zero(p, q):
    """0 / 0 becomes 0"""
    return torch.nan_to_num(p / (p + q))
