"""4.1 The best discriminator."""

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.gan import optimal_discriminator as definition


def cases(g):
    rule = {"tensor": False, "dtype": False}
    p, q = 0.1 + 3 * draw.uniform(g, 3, 2), 0.1 + draw.uniform(g, 3, 2)
    yield Call(p, q).but(**rule)
    p = torch.tensor([0.0, 2.0, 0.0], dtype=draw.DOUBLE)
    q = torch.tensor([0.0, 0.0, 3.0], dtype=draw.DOUBLE)
    yield Call(p, q).but(**rule)
    p = torch.tensor([1e-9, 3e-40, 3e-307], dtype=draw.DOUBLE)
    q = torch.tensor([3e-9, 1e-40, 1e-307], dtype=draw.DOUBLE)
    clue = "Small is not 0. Is there an epsilon, a clamp or a threshold?"
    yield Call(p, q).but(words="far out in the tails", clue=clue, **rule)


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


def right_softmax_of_logs(p, q):
    return torch.nan_to_num(torch.softmax(torch.stack([p.log(), q.log()]), dim=0)[0], nan=0.5)


# Mistakes, and what a student is told.

QUOTIENT = "p / total"
WHOLE = "torch.where(total > 0, p / total, 0.5)"
LOGS = "a softmax or sigmoid takes logarithms, and these are densities already"
EPSILON = "a small number is added: in the tails it outweighs the densities"
THRESHOLD = (
    "small is not 0: 1/2 belongs only where both densities are 0, and the ratio of two small ones "
    "counts"
)

wrong_clamped = change(
    "0 / 0 should be 1/2, and the denominator is kept away from 0: the tails are lost too",
    WHOLE,
    "p / total.clamp(min=1e-10)",
)
wrong_clamped_densities = change(
    THRESHOLD,
    "total = p + q",
    "total = p.clamp(min=1e-12) + q.clamp(min=1e-12)",
    QUOTIENT,
    "p.clamp(min=1e-12) / total",
)
wrong_epsilon = change(EPSILON, WHOLE, "p / (total + 1e-8)")
wrong_half_where_either_is_zero = change(
    "where one density is 0 nothing is open: only p means 1, only q means 0",
    "total > 0",
    "(p > 0) & (q > 0)",
)
wrong_half_where_p_is_zero = change(
    "where only p is 0 the point is surely generated: 0, not 1/2", "total > 0", "p > 0"
)
wrong_half_where_q_is_zero = change(
    "where only q is 0 the point is surely real: 1, not 1/2", "total > 0", "q > 0"
)
wrong_half_where_small = change(THRESHOLD, "total > 0", "total > 1e-6")
wrong_half_where_tiny = change(THRESHOLD, "total > 0", "total > 1e-30")
wrong_hard = change(
    "this is a decision; the probability is wanted",
    WHOLE,
    "torch.where(p == q, torch.full_like(p, 0.5), (p > q).to(p.dtype))",
)
wrong_in_place_of_q = change(
    "q is changed in place: work on a copy", "total = p + q", "total = q.add_(p)"
)
wrong_log_ratio = change(
    "this is the log of the odds: it still wants a sigmoid",
    WHOLE,
    "torch.nan_to_num(p.log() - q.log(), nan=0.5)",
)
wrong_mixture = change(
    "twice too much: divide by the sum p + q, not by their mean", QUOTIENT, "p / (total / 2)"
)
wrong_nan = change("NaN where both densities are 0: 0 / 0 should be 1/2", WHOLE, QUOTIENT)
wrong_no_return = change("forgot to return", "return torch", "torch")
wrong_normalised = change(
    "nothing is made to add up to 1: p and q are densities at these points",
    "    total =",
    "    p, q = p / p.sum(), q / q.sum()\n    total =",
)
wrong_one = change("0 / 0 becomes 1: it should be 1/2", "0.5)\n", "1.0)\n")
wrong_one_decision = change(
    "`if` wants one answer, and each point has its own: torch.where(condition, a, b) chooses",
    f"return {WHOLE}",
    "return p / total if total > 0 else torch.full_like(p, 0.5)",
)
wrong_ratio = change(
    "p / q are the odds; the probability is p / (p + q)",
    WHOLE,
    "torch.nan_to_num(p / q, nan=0.5, posinf=1.0)",
)
wrong_sigmoid_of_difference = change(LOGS, WHOLE, "torch.sigmoid(p - q)")
wrong_single_precision = change(
    "computed in float32, in which 1e-307 is 0: keep the dtype of p",
    "total = p + q",
    "total = (p := p.float()) + q.float()",
)
wrong_softmax = change(LOGS, WHOLE, "torch.softmax(torch.stack([p, q]), dim=0)[0]")
wrong_squares = change(
    "no squares: p / (p + q)", WHOLE, "torch.nan_to_num(p**2 / (p**2 + q**2), nan=0.5)"
)
wrong_sums = change("each point has its own denominator", WHOLE, "p / total.sum()")
wrong_swapped = change(
    "this is the probability of being generated: real is 1, so p stands on top",
    QUOTIENT,
    "q / total",
)
wrong_two_epsilons = change(
    "a small number on both: 1/2 at 0 / 0, but wrong in the tails",
    WHOLE,
    "(p + 1e-12) / (total + 2e-12)",
)
wrong_zero = change("0 / 0 becomes 0: it should be 1/2", "0.5)\n", "0.0)\n")


def wrong_flat(p, q):
    """right only for a grid along a line: the result has the shape of p"""
    pairs = zip(p.flatten(), q.flatten())
    return torch.stack([a / (a + b) if a + b > 0 else a + 0.5 for a, b in pairs])


def wrong_in_place(p, q):
    """p is changed in place: no `/=`, work on a copy"""
    p /= p + q
    p[p.isnan()] = 0.5
    return p
