"""5.2 What is left of the data."""

from itertools import accumulate
from operator import mul

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.schedule import cumulative_alpha as definition


def cases(g):
    yield Call(draw.schedule(g, 6).beta)
    slow = torch.full((1001,), 1e-4, dtype=torch.float64)
    slow[0], slow[501:] = 0, 0.02
    yield Call(slow).but(
        rtol=1e-12,
        atol=0.0,
        words="a thousand small steps",
        clue="Was it rounded to float32, or clamped?",
    )


# Right, in ways that differ.


def right_accumulate(beta):
    return torch.tensor(list(accumulate((1 - b for b in beta.tolist()), mul)), dtype=beta.dtype)


def right_cat(beta):
    products = torch.cumprod(1.0 - beta[1:], dim=0)
    return torch.cat([torch.ones(1, dtype=beta.dtype), products])


def right_cumprod(beta):
    return (1 - beta).cumprod(0)


def right_logs(beta):
    return torch.log1p(-beta).cumsum(0).exp()


def right_loop(beta):
    out = torch.ones_like(beta)
    for t in range(1, len(beta)):
        out[t] = out[t - 1] * (1 - beta[t])
    return out


def right_numpy(beta):
    return torch.tensor(np.cumprod(1 - beta.numpy()))


def right_prod(beta):
    return torch.stack([(1 - beta[: t + 1]).prod() for t in range(len(beta))])


# Mistakes, and what a student is told.


def wrong_alpha(beta):
    """this is alpha: multiply it up from 1 to t"""
    return 1 - beta


def wrong_backwards(beta):
    """multiplied from the other end: start at entry 0"""
    return (1 - beta).flip(0).cumprod(0).flip(0)


def wrong_beta_product(beta):
    """the product of the betas; it is that of 1 - beta"""
    return beta.cumprod(0)


def wrong_clamped(beta):
    """kept away from 0"""
    return (1 - beta).cumprod(0).clamp(min=1e-4)


def wrong_complement(beta):
    """this is the noise, 1 - alpha_bar; what is left of the data is wanted"""
    return 1 - (1 - beta).cumprod(0)


def wrong_cumsum(beta):
    """a sum in place of the product"""
    return 1 - beta.cumsum(0)


def wrong_exponential(beta):
    """exp(-sum of beta) is near it for small beta only"""
    return torch.exp(-beta.cumsum(0))


def wrong_in_place(beta):
    """beta is changed in place"""
    beta.neg_().add_(1)
    return beta.cumprod(0)


def wrong_last_only(beta):
    """a whole table is wanted, shape (7,); got shape ()"""
    return (1 - beta).prod()


def wrong_log(beta):
    """this is its logarithm"""
    return (1 - beta).log().cumsum(0)


def wrong_no_return(beta):
    """forgot to return"""
    bar = (1 - beta).cumprod(0)


def wrong_padded_at_the_end(beta):
    """the 1 of the clean data comes first, not last"""
    return torch.cat([(1 - beta[1:]).cumprod(0), torch.ones(1, dtype=beta.dtype)])


def wrong_padded_twice(beta):
    """T + 2 entries; beta has its entry 0 already: entry 0 belongs to the clean data, and the
    last to step T"""
    return torch.cat([torch.ones(1, dtype=beta.dtype), (1 - beta).cumprod(0)])


def wrong_power(beta):
    """each step has a beta of its own: a product, not a power"""
    t = torch.arange(len(beta), dtype=beta.dtype)
    return (1 - beta) ** t


def wrong_root(beta):
    """no square root: it is the share of the variance"""
    return (1 - beta).sqrt().cumprod(0)


def wrong_rounded(beta):
    """single precision in between"""
    return (1 - beta.float()).cumprod(0).double()


def wrong_shifted(beta):
    """this is alpha_bar of the step before"""
    bar = (1 - beta).cumprod(0)
    return torch.cat([torch.ones(1, dtype=beta.dtype), bar[:-1]])


def wrong_thousand(beta):
    """use the beta that is given; not all schedules have a thousand linear steps"""
    own = torch.linspace(1e-4, 0.02, 1000, dtype=beta.dtype)
    return torch.cat([torch.ones(1, dtype=beta.dtype), (1 - own).cumprod(0)])[: len(beta)]


def wrong_unpadded(beta):
    """T entries; T + 1 are wanted, the first of them 1: entry 0 belongs to the clean data, and
    the last to step T"""
    return (1 - beta[1:]).cumprod(0)


def wrong_zero_padded(beta):
    """entry 0 should be 1: nothing is lost before the first step"""
    bar = (1 - beta).cumprod(0)
    bar[0] = 0
    return bar
