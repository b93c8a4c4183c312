"""4.2 What the game is worth."""

import math

import torch
from scipy.special import xlog1py, xlogy

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.gan import game_value as definition


def cases(g):
    def case(d, p, q, dx, **more):
        return Call(d, p, q, dx).but(tensor=False, dtype=False, **more)

    for shape, dx in (((9,), 0.25), ((4, 3), 0.3)):
        p, q = 0.1 + draw.uniform(g, *shape), 0.1 + 2 * draw.uniform(g, *shape)
        yield case(draw.uniform(g, *shape, low=0.1, high=0.9), p, q, dx)
    one, none = torch.ones(2, dtype=draw.DOUBLE), torch.zeros(2, dtype=draw.DOUBLE)
    apart = torch.cat([one, none, none]), torch.cat([none, one, none])
    sure = torch.cat([one, none, one / 2])
    yield case(sure, *apart, 0.1, words="p and q apart, and D sure and right", clue="0 log 0 is 0")
    tiny = torch.tensor([1e-60, 0.5], dtype=draw.DOUBLE)
    clue = "No epsilon and no clamp; binary_cross_entropy stops its logarithm at -100"
    yield case(tiny, one, none, 1.0, words="p = (1, 1), q = 0, d = (1e-60, 1/2)", clue=clue)
    for d, real, words in (
        (0.0, 1.0, "data where d = 0"),
        (1.0, 0.0, "generated samples where d = 1"),
    ):
        clue = "The value is minus infinity: leave no point out, and let it be so"
        d, p, q = (torch.tensor([t, 0.5], dtype=draw.DOUBLE) for t in (d, real, 1 - real))
        yield case(d, p, q, 1.0, words=words, clue=clue)


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

REAL, FAKE = "torch.xlogy(p, d)", "torch.xlogy(q, 1 - d)"
BOTH = f"({REAL} + {FAKE})"
VALUE = f"{BOTH}.sum() * dx"
PLAIN = "(p * d.log() + q * (1 - d).log()).sum() * dx"

wrong_area_again = change(
    "dx is the area of a cell already, also on a grid with two axes: no power of it",
    VALUE,
    VALUE + " ** d.dim()",
)
wrong_clamped = change(
    "d is kept away from 0 and 1: it is to be taken as it is",
    "    return",
    "    d = d.clamp(1e-7, 1 - 1e-7)\n    return",
)
wrong_data_only = change("the second term is missing: q log(1 - d)", f" + {FAKE}", "")
wrong_epsilon = change(
    "a small number stands inside the logarithms: 0 log 0 is 0 without it, if you say so",
    VALUE,
    "(p * (d + 1e-8).log() + q * (1 - d + 1e-8).log()).sum() * dx",
)
wrong_fakes_only = change("the first term is missing: p log d", f"{REAL} + ", "")
wrong_fakes_taken_off = change(
    "the second expectation is added, not taken off", f"+ {FAKE}", f"- {FAKE}"
)
wrong_half = change(
    "half of it: the two expectations are added, not averaged", VALUE, VALUE + " / 2"
)
wrong_ignores_d = change(
    "this is the value at the best discriminator; use the d that is given",
    "    return",
    "    d = optimal_discriminator(p, q)\n    return",
)
wrong_in_place = change(
    "p and q are changed in place: work on copies", BOTH, "(p.xlogy_(d) + q.xlogy_(1 - d))"
)
wrong_infinity_cut = change(
    "minus infinity became a large number: what happens and was held to be impossible costs all",
    BOTH,
    "torch.nan_to_num(p * d.log() + q * (1 - d).log())",
)
wrong_infinity_left_out = change(
    "where D is sure and wrong the value is minus infinity: such a point is not left out",
    BOTH,
    "torch.nan_to_num(p * d.log() + q * (1 - d).log(), neginf=0.0)",
)
wrong_log2 = change("natural logarithms are wanted", VALUE, VALUE + " / 0.6931471805599453")
wrong_mean = change("a mean over the grid, not a sum times dx", VALUE, BOTH + ".mean()")
wrong_mean_times_dx = change("a mean over the grid, not a sum", ").sum()", ").mean()")
wrong_minus_log_d = change(
    "-log d is not log(1 - d): that is the generator's other loss",
    f"+ {FAKE}",
    "- torch.xlogy(q, d)",
)
wrong_nan = change("NaN where a sure D is right: 0 log 0 should be 0", VALUE, PLAIN)
wrong_no_densities = change(
    "the densities are missing: they weigh the logarithms",
    VALUE,
    "(d[p > 0].log().sum() + (1 - d[q > 0]).log().sum()) * dx",
)
wrong_no_dx = change("the sum is not multiplied by dx", f"{BOTH}.sum() * dx", f"{BOTH}.sum()")
wrong_no_return = change("forgot to return", "    return", "   ")
wrong_normalised = change(
    "nothing is made to add up to 1: p and q are densities, as they come",
    "    return",
    "    p, q = p / p.sum() / dx, q / q.sum() / dx\n    return",
)
wrong_not_summed = change("the integrand, one number for each point: add them up", ").sum()", ")")
wrong_one_axis = change("added up over the last axis alone: all points count", ".sum()", ".sum(-1)")
wrong_one_minus_log = change(
    "the log of 1 - d is wanted, not 1 minus the log of d",
    FAKE,
    "q * (1 - torch.where(q > 0, d, 1.0).log())",
)
wrong_plus_log_4 = change(
    "log 4 is added: the value itself is wanted", VALUE, VALUE + " + 1.3862943611"
)
wrong_sigmoid = change(
    "d is a probability already: no sigmoid", "    return", "    d = torch.sigmoid(d)\n    return"
)
wrong_sign = change("the sign is turned: this is what D makes small", "    return", "    return -")
wrong_single_precision = change(
    "computed in float32, in which 1e-60 is 0: keep the dtype of d",
    "    return",
    "    d, p, q = d.float(), p.float(), q.float()\n    return",
)
wrong_swapped = change(
    "p and q have changed places: log d is weighed by p",
    REAL,
    "torch.xlogy(q, d)",
    FAKE,
    "torch.xlogy(p, 1 - d)",
)
wrong_trapezoid = change(
    "a trapezoid rule gives the ends half their weight: each cell counts whole",
    VALUE,
    f"torch.trapezoid({BOTH}.flatten(), dx=dx)",
)


def wrong_bce(d, p, q, dx):
    """binary_cross_entropy stops its logarithm at -100: use log or xlogy"""
    f = torch.nn.functional.binary_cross_entropy
    real = f(d, torch.ones_like(d), reduction="none")
    fake = f(d, torch.zeros_like(d), reduction="none")
    return -(p * real + q * fake).sum() * dx


def wrong_places_left_out(d, p, q, dx):
    """where D is sure and wrong the value is minus infinity: such a point is not left out"""
    keep = (d > 0) & (d < 1)
    d, p, q = d[keep], p[keep], q[keep]
    return (p * d.log() + q * (1 - d).log()).sum() * dx
