"""TITLE."""

import math

import numpy as np
import torch
import torch.nn.functional as F
from scipy.special import expit
from torch import Tensor

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.logistic import sigmoid as definition


def cases(g):
    raise NotImplementedError


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

    return torch.tensor([one(v) for v in z.reshape(-1).tolist()]).reshape(z.shape)


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
    z = np.asarray(z, dtype=np.float64)
    with np.errstate(over="ignore"):
        return torch.tensor(1.0 / (1.0 + np.exp(-z)))


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


# Mistakes, and what a student is told.


def wrong_abs(z):
    """the absolute value without telling the sides apart"""
    # SAID: a negative z must give less than 1/2: check the sign in the exponent
    return 1 / (1 + torch.exp(-torch.abs(z)))


def wrong_brackets(z):
    """1 / 1 + exp(-z): brackets are missing"""
    # SAID: a probability lies between 0 and 1; yours go from 1 to 1025. Brackets round the sum?
    return 1 / 1 + torch.exp(-z)


def wrong_branches_swapped(z):
    """each formula on the side where it overflows"""
    # SAID: NaN in the tails: inf / inf? Keep the exponent at or below 0
    return torch.where(z < 0, 1 / (1 + torch.exp(-z)), torch.exp(z) / (1 + torch.exp(z)))


def wrong_clamped_log_odds(z):
    """log-odds cut at 10, so the tails end at 5e-5"""
    # SAID: sigmoid(-1000), sigmoid(1000) should be 0 and 1, got [4.5397868702434395e-05, 0.9999546021312976]
    z = z.clamp(-10, 10)
    return torch.exp(z) / (1 + torch.exp(z))


def wrong_clamped_log_odds_20(z):
    """log-odds cut at 20, so the left tail ends at 2e-9"""
    # SAID: sigmoid(-1000), sigmoid(1000) should be 0 and 1, got [2.0611536181902037e-09, 0.9999999979388463]
    z = torch.clamp(z, min=-20.0, max=20.0)
    return 1 / (1 + torch.exp(-z))


def wrong_clamped_probability(z):
    """probabilities kept away from 0 and 1 by 1e-7"""
    # SAID: sigmoid(-1000), sigmoid(1000) should be 0 and 1, got [1e-07, 0.9999999]
    p = 1 / (1 + torch.exp(-z))
    return p.clamp(1e-7, 1 - 1e-7)


def wrong_flattened(z):
    """the shape of z is lost"""
    # SAID: [visible passes] AssertionError: wrong for a tensor of shape ()
    z = z.flatten()
    return torch.exp(z.clamp(max=0)) / (torch.exp(z.clamp(max=0)) + torch.exp((-z).clamp(max=0)))


def wrong_half_of_the_hint(z):
    """numerator and denominator not multiplied by the same factor: 1/2 for all z > 0"""
    # SAID: sigmoid(2.9985) should be 0.952508, got 0.500000
    a = torch.exp(torch.minimum(z, torch.tensor(0.0)))
    return a / (1 + a)


def wrong_in_place(z):
    """the caller's z is overwritten"""
    # SAID: sigmoid has changed the z it was given: no `+=`, no method whose name ends in _
    return z.neg_().exp_().add_(1).reciprocal_()


def wrong_in_place_clamp(z):
    """z is clamped in place, so the caller's log-odds change"""
    # SAID: sigmoid has changed the z it was given, to [-100.0, 100.0]
    z.clamp_(-100, 100)
    return 1 / (1 + torch.exp(-z))


def wrong_log(z):
    """the logarithm of the sigmoid"""
    # SAID: a probability lies between 0 and 1; yours go from -6.932 to -0.0002042
    return -torch.logaddexp(torch.zeros_like(z), -z)


def wrong_math_exp(z):
    """a loop with math.exp, which raises an error instead of giving inf"""
    # SAID: OverflowError: math range error
    # RAISES: OverflowError
    return torch.tensor([1 / (1 + math.exp(-v)) for v in z.flatten().tolist()]).reshape(z.shape)


def wrong_nan_to_half(z):
    """nan replaced by a half"""
    # SAID: sigmoid(-1000), sigmoid(1000) should be 0 and 1, got [0.0, 0.5]
    p = torch.exp(z) / (1 + torch.exp(z))
    p[torch.isnan(p)] = 0.5
    return p


def wrong_nan_to_zero(z):
    """nan replaced by 0, so the right tail falls to 0"""
    # SAID: sigmoid(-1000), sigmoid(1000) should be 0 and 1, got [0.0, 0.0]
    p = torch.exp(z) / (1 + torch.exp(z))
    return torch.nan_to_num(p)


def wrong_no_one(z):
    """the 1 in the denominator is missing"""
    # SAID: a probability lies between 0 and 1; yours go from 0.0009768 to 4897. Brackets round the sum?
    return 1 / torch.exp(-z)


def wrong_no_return(z):
    """no return"""
    # SAID: sigmoid returned None: did you forget `return`?
    p = 1 / (1 + torch.exp(-z))


def wrong_only_vectors(z):
    """a loop over one axis: right for a vector only"""
    # SAID: [visible passes] TypeError: 'float' object is not iterable
    # RAISES: TypeError
    values = []
    for v in z.tolist():
        if v > 0:
            values.append(1 / (1 + math.exp(-v)))
        else:
            values.append(math.exp(v) / (1 + math.exp(v)))
    return torch.tensor(values)


def wrong_overflow(z):
    """exp(z) / (1 + exp(z)), which is inf / inf on the right"""
    # SAID: NaN in the tails: inf / inf? Keep the exponent at or below 0
    return torch.exp(z) / (1 + torch.exp(z))


def wrong_python_if(z):
    """an if on a whole tensor"""
    # SAID: RuntimeError: Boolean value of Tensor with more than one value is ambiguous
    # RAISES: RuntimeError
    if z >= 0:
        return 1 / (1 + torch.exp(-z))
    else:
        return torch.exp(z) / (1 + torch.exp(z))


def wrong_rounded(z):
    """rounded to three decimals"""
    # SAID: sigmoid(-6.9312) should be 0.000976, got 0.001000
    return torch.round(1 / (1 + torch.exp(-z)), decimals=3)


def wrong_shift_by_max(z):
    """the largest z is subtracted, as for a softmax"""
    # SAID: sigmoid(-6.9312) should be 0.000976, got 0.000000
    e = torch.exp(z - z.max())
    return e / (1 + e)


def wrong_side_by_any(z):
    """one formula for all of z, chosen by its sum"""
    # SAID: [visible passes] AssertionError: wrong in the tails
    if z.sum() >= 0:
        return 1 / (1 + torch.exp(-z))
    return torch.exp(z) / (1 + torch.exp(z))


def wrong_sign(z):
    """the sign of the exponent is missing: 1 - sigmoid"""
    # SAID: a negative z must give less than 1/2: check the sign in the exponent
    return 1 / (1 + torch.exp(z))


def wrong_softmax(z):
    """softmax over the last axis"""
    # SAID: sigmoid(-6.9312) should be 0.000976, got 0.000000
    return torch.softmax(z, dim=-1)


def wrong_step(z):
    """the predicted class in place of its probability"""
    # SAID: sigmoid(-6.9312) should be 0.000976, got 0.000000
    return (z > 0).to(z.dtype)


def wrong_tanh(z):
    """the tanh, from -1 to 1"""
    # SAID: a probability lies between 0 and 1; yours go from -0.998 to 0.9996
    return torch.tanh(z / 2)


def wrong_tanh_without_half(z):
    """tanh(z) in place of tanh(z / 2): twice too steep"""
    # SAID: sigmoid(-6.9312) should be 0.000976, got 0.000001
    return (1 + torch.tanh(z)) / 2
