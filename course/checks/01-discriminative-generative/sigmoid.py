"""1.1 The sigmoid."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from scipy.special import expit
from torch import Tensor

from course.checks import draw
from course.checks.cases import Call
from dgm.logistic import sigmoid as definition


def cases(g):
    yield Call(3 * draw.normal(g, 50))
    far = torch.tensor([-3000.0, -1000.0, -200.0, 0.0, 200.0, 1000.0], dtype=torch.float64)
    for z in (far, -far, far.float()):
        yield Call(z).but(atol=1e-15, clue="0 and 1 far out, and never NaN")
    for shape in ((), (4, 3), (1, 1)):
        yield Call(3 * torch.randn(shape, generator=g, dtype=draw.DOUBLE))
    yield Call(3 * draw.normal(g, 2, 3, 2, dtype=draw.SINGLE))


# Right, in ways that differ.


def right_abs(z: Tensor) -> Tensor:
    e = torch.exp(-z.abs())  # never above 1
    return torch.where(z < 0, e, torch.ones_like(e)) / (1 + e)


def right_exp_logsigmoid(z):
    return F.logsigmoid(z).exp()


def right_hint(z):
    """sigma(z) = e^min(z, 0) / (e^min(z, 0) + e^(min(z, 0) - z))."""
    m = z.clamp(max=0)
    return torch.exp(m) / (torch.exp(m) + torch.exp(m - z))


def right_loop(z):
    values = []
    for v in z.flatten().tolist():
        if v >= 0:
            values.append(1 / (1 + math.exp(-v)))
        else:
            values.append(math.exp(v) / (1 + math.exp(v)))
    return torch.tensor(values, dtype=z.dtype).reshape(z.shape)


def right_loop_float32(z):
    def one(v):
        return 1 / (1 + math.exp(-v)) if v > 0 else math.exp(v) / (1 + math.exp(v))

    return torch.tensor([one(v) for v in z.reshape(-1).tolist()]).reshape(z.shape).to(z.dtype)


def right_masks(z):
    out = torch.empty_like(z)
    positive = z >= 0
    out[positive] = 1 / (1 + torch.exp(-z[positive]))
    e = torch.exp(z[~positive])
    out[~positive] = e / (1 + e)
    return out


def right_nan_to_num(z):
    # inf / inf on the far right is nan, and the limit there is 1
    return torch.nan_to_num(torch.exp(z) / (1 + torch.exp(z)), nan=1.0)


def right_numpy_float64(z):
    dtype, z = z.dtype, np.asarray(z, dtype=np.float64)
    with np.errstate(over="ignore"):
        return torch.tensor(1.0 / (1.0 + np.exp(-z)), dtype=dtype)


def right_scipy(z):
    return torch.as_tensor(expit(z.detach().numpy()))


def right_softmax_of_two(z):
    return torch.softmax(torch.stack([torch.zeros_like(z), z], dim=-1), dim=-1)[..., 1]


def right_tanh(z: Tensor) -> Tensor:
    return 0.5 * (1 + torch.tanh(z / 2))


def right_textbook(z):
    return 1 / (1 + torch.exp(-z))


def right_torch_call(z):
    return torch.sigmoid(z)


def right_where(z):
    pos = 1 / (1 + torch.exp(-z))
    neg = torch.exp(z) / (1 + torch.exp(z))
    return torch.where(z >= 0, pos, neg)


def right_wide_clamp(z):
    z = torch.clamp(z, -500, 500)
    return 1 / (1 + torch.exp(-z))


def right_expit(z):
    return torch.special.expit(z.clone())


def right_logaddexp(z):
    return torch.exp(-torch.logaddexp(-z, torch.zeros_like(z)))


# Mistakes, and what a student is told.


def wrong_abs(z):
    """a negative z must give less than 1/2: no absolute value"""
    return 1 / (1 + torch.exp(-torch.abs(z)))


def wrong_brackets(z):
    """brackets round the sum: 1 / (1 + e^-z)"""
    return 1 / 1 + torch.exp(-z)


def wrong_branches_swapped(z):
    """NaN in the right tail, inf / inf: keep each exponent at or below 0"""
    return torch.where(z < 0, 1 / (1 + torch.exp(-z)), torch.exp(z) / (1 + torch.exp(z)))


def wrong_clamped_log_odds(z):
    """z is cut at 10, so the tails end at 5e-5: they go on to 0 and 1"""
    z = z.clamp(-10, 10)
    return torch.exp(z) / (1 + torch.exp(z))


def wrong_clamped_log_odds_20(z):
    """z is cut at 20, so the left tail ends at 2e-9: it goes on to 0"""
    z = torch.clamp(z, min=-20.0, max=20.0)
    return 1 / (1 + torch.exp(-z))


def wrong_clamped_probability(z):
    """kept away from 0 and 1 by 1e-7: far out it is 0 and 1"""
    p = 1 / (1 + torch.exp(-z))
    return p.clamp(1e-7, 1 - 1e-7)


def wrong_flattened(z):
    """the shape of z is lost"""
    z = z.flatten()
    return torch.exp(z.clamp(max=0)) / (torch.exp(z.clamp(max=0)) + torch.exp((-z).clamp(max=0)))


def wrong_half_of_the_hint(z):
    """above and below have to be multiplied by the same e^min(z, 0): here it is 1/2 for each z >
    0"""
    a = torch.exp(torch.minimum(z, torch.tensor(0.0)))
    return a / (1 + a)


def wrong_in_place(z):
    """z is changed in place"""
    return z.neg_().exp_().add_(1).reciprocal_()


def wrong_in_place_clamp(z):
    """z is clamped, here or through a view of it: work on a copy"""
    z.clamp_(-100, 100)
    return 1 / (1 + torch.exp(-z))


def wrong_log(z):
    """this is its logarithm"""
    return -torch.logaddexp(torch.zeros_like(z), -z)


def wrong_math_exp(z):
    """math.exp raises an error where it is too large, on the left: keep the exponent at or below
    0"""
    return torch.tensor([1 / (1 + math.exp(-v)) for v in z.flatten().tolist()]).reshape(z.shape)


def wrong_nan_to_half(z):
    """NaN was made a half; in the right tail it is 1"""
    p = torch.exp(z) / (1 + torch.exp(z))
    p[torch.isnan(p)] = 0.5
    return p


def wrong_nan_to_zero(z):
    """NaN was made 0; in the right tail it is 1"""
    p = torch.exp(z) / (1 + torch.exp(z))
    return torch.nan_to_num(p)


def wrong_no_one(z):
    """the 1 below is missing: 1 / (1 + e^-z)"""
    return 1 / torch.exp(-z)


def wrong_no_return(z):
    """forgot to return"""
    p = 1 / (1 + torch.exp(-z))


def wrong_only_vectors(z):
    """a loop over the first axis: z may have any shape"""
    values = []
    for v in z.tolist():
        if v > 0:
            values.append(1 / (1 + math.exp(-v)))
        else:
            values.append(math.exp(v) / (1 + math.exp(v)))
    return torch.tensor(values)


def wrong_overflow(z):
    """NaN in the right tail, inf / inf: keep each exponent at or below 0"""
    return torch.exp(z) / (1 + torch.exp(z))


def wrong_python_if(z):
    """one `if` cannot decide for all entries of a tensor: torch.where can, or e^min(z, 0)"""
    if z >= 0:
        return 1 / (1 + torch.exp(-z))
    else:
        return torch.exp(z) / (1 + torch.exp(z))


def wrong_rounded(z):
    """rounded to three decimals"""
    return torch.round(1 / (1 + torch.exp(-z)), decimals=3)


def wrong_shift_by_max(z):
    """the largest z is taken off, as for a softmax: each entry stands on its own here"""
    e = torch.exp(z - z.max())
    return e / (1 + e)


def wrong_side_by_any(z):
    """one formula for all of z, chosen by its sum: each entry has a side of its own"""
    if z.sum() >= 0:
        return 1 / (1 + torch.exp(-z))
    return torch.exp(z) / (1 + torch.exp(z))


def wrong_sign(z):
    """the sign in the exponent is turned: 1 / (1 + e^-z)"""
    return 1 / (1 + torch.exp(z))


def wrong_softmax(z):
    """softmax over the last axis: each entry stands on its own here"""
    return torch.softmax(z, dim=-1)


def wrong_step(z):
    """this is the likelier class, not its probability"""
    return (z > 0).to(z.dtype)


def wrong_tanh(z):
    """the tanh goes from -1 to 1: a half of (1 + tanh(z / 2)) is wanted"""
    return torch.tanh(z / 2)


def wrong_tanh_without_half(z):
    """twice too steep: tanh(z / 2), not tanh(z)"""
    return (1 + torch.tanh(z)) / 2


def wrong_always_float32(z):
    """float32 comes back, whatever comes in: the result has the dtype of z"""
    return torch.sigmoid(z).float()


def wrong_always_float64(z):
    """float64 comes back, whatever comes in: the result has the dtype of z"""
    return torch.sigmoid(z.double())


def wrong_clamped_log_odds_30(z):
    """z is cut at 30, so the left tail ends at 9e-14: it goes on to 0"""
    return torch.sigmoid(z.clamp(-30, 30))


def wrong_clamped_view(z):
    """z is clamped, here or through a view of it: work on a copy"""
    flat = z.flatten()
    flat[flat < -500] = -500
    return torch.sigmoid(flat).reshape(z.shape)


def wrong_one_minus(z):
    """the sign in the exponent is turned: 1 / (1 + e^-z)"""
    return 1 - torch.sigmoid(z)


def wrong_squeezed(z):
    """an axis of one entry is lost: the result has the shape of z"""
    return torch.sigmoid(z).squeeze()
