"""TITLE."""

import math

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.nn.unet import timestep_embedding as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_einsum(t, dim, max_period=10000.0):
    half = dim // 2
    freq = torch.tensor([max_period ** (-i / half) for i in range(half)], dtype=torch.float64)
    phase = torch.einsum("b,k->bk", t.to(freq.dtype), freq)
    return torch.stack([phase.sin(), phase.cos()], dim=1).flatten(1)


def right_exp(t, dim, max_period=10000.0):
    half = dim // 2
    freqs = torch.exp(-math.log(max_period) * torch.arange(half) / half)
    args = t.float().unsqueeze(1) * freqs
    return torch.cat([args.sin(), args.cos()], -1)


def right_logspace(t, dim, max_period=10000.0):
    freq = torch.logspace(0, -1, dim // 2 + 1, base=max_period, dtype=torch.float64)[:-1]
    wave = torch.exp(1j * t[:, None] * freq)
    return torch.cat([wave.imag, wave.real], 1).float()


def right_loop(t, dim, max_period=10000.0):
    rows = []
    for step in t.tolist():
        angles = [step * max_period ** (-2 * i / dim) for i in range(dim // 2)]
        rows.append([math.sin(a) for a in angles] + [math.cos(a) for a in angles])
    return torch.tensor(rows)


def right_numpy(t, dim, max_period=10000.0):
    half = dim // 2
    angle = np.asarray(t)[:, None] * float(max_period) ** (-np.arange(half) / half)
    return torch.from_numpy(np.concatenate([np.sin(angle), np.cos(angle)], axis=1))


def right_outer(t, dim, max_period=10000.0):
    i = torch.arange(0, dim, 2, dtype=torch.float64)
    angle = torch.outer(t.double(), 1 / max_period ** (i / dim))
    return torch.hstack((torch.sin(angle), torch.cos(angle))).to(torch.get_default_dtype())


def right_phase_shift(t, dim, max_period=10000.0):
    k = torch.arange(dim, dtype=torch.float64)
    freq = max_period ** (-(k % (dim // 2)) / (dim // 2))
    return torch.sin(t[:, None] * freq + (k >= dim // 2) * math.pi / 2).float()


# Mistakes, and what a student is told.


def wrong_cosines_first(t, dim, max_period=10000.0):
    """cosines first, as in the ADM code"""
    # SAID: cosines stand first; sines are wanted first
    half = dim // 2
    freqs = torch.exp(-math.log(max_period) * torch.arange(half) / half)
    args = t.float()[:, None] * freqs
    return torch.cat([args.cos(), args.sin()], 1)


def wrong_divides_by_dim(t, dim, max_period=10000.0):
    """divides by dim in place of dim / 2"""
    # SAID: the exponent is -i / (dim/2); this is -i / dim
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / dim)
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)


def wrong_first_row(t, dim, max_period=10000.0):
    """the first step's embedding for the whole batch"""
    # SAID: each row has a step of its own; this is the first one's for all
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = t[0].float() * freqs
    return torch.cat([args.sin(), args.cos()]).expand(len(t), dim)


def wrong_half_minus_one(t, dim, max_period=10000.0):
    """divides by dim / 2 - 1, as the DDPM code does"""
    # SAID: the exponent is -i / (dim/2); this is -i / (dim/2 - 1)
    half = dim // 2
    freqs = torch.exp(-math.log(max_period) * torch.arange(half) / max(half - 1, 1))
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)


def wrong_integer_result(t, dim, max_period=10000.0):
    """the result keeps t's dtype, integers"""
    # SAID: a floating-point tensor is wanted, got torch.int64: t holds whole numbers, the waves do not
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = t[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1).to(t.dtype)


def wrong_interleaved(t, dim, max_period=10000.0):
    """sines and cosines take turns, as in the Transformer paper"""
    # SAID: sines and cosines take turns; all sines come first, then all cosines
    half = dim // 2
    freqs = torch.exp(-math.log(max_period) * torch.arange(half) / half)
    args = t.float()[:, None] * freqs
    return torch.stack([args.sin(), args.cos()], 2).flatten(1)


def wrong_no_return(t, dim, max_period=10000.0):
    """no return"""
    # SAID: timestep_embedding returned None: did you forget `return`?
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = t[:, None] * freqs
    torch.cat([args.sin(), args.cos()], 1)


def wrong_period_hard_coded(t, dim, max_period=10000.0):
    """max_period is not used"""
    # SAID: max_period is an argument; this is the embedding for 10000
    half = dim // 2
    freqs = 10000.0 ** (-torch.arange(half) / half)
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)


def wrong_rising(t, dim, max_period=10000.0):
    """the exponent's minus is missing"""
    # SAID: the exponent's minus is missing: frequencies fall from 1
    half = dim // 2
    freqs = max_period ** (torch.arange(half) / half)
    args = t.double()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1).float()


def wrong_rows(t, dim, max_period=10000.0):
    """sines below cosines: concatenated along the batch"""
    # SAID: 5 steps and dim = 8: shape (5, 8) is wanted, got (10, 4). Half of the columns are sines, half cosines, side by side
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()])


def wrong_sines_alone(t, dim, max_period=10000.0):
    """dim sines and no cosine"""
    # SAID: this is dim sines; half of the entries are cosines
    freqs = max_period ** (-torch.arange(dim) / dim)
    return (t.float()[:, None] * freqs).sin()


def wrong_starts_at_one(t, dim, max_period=10000.0):
    """i from 1 to dim / 2"""
    # SAID: i begins at 0: the fastest frequency is 1
    half = dim // 2
    freqs = max_period ** (-torch.arange(1, half + 1) / half)
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)


def wrong_t_minus_one(t, dim, max_period=10000.0):
    """counts steps from 0: t - 1"""
    # SAID: steps count from 1, and t is used as it is: no t - 1
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = (t.float()[:, None] - 1) * freqs
    return torch.cat([args.sin(), args.cos()], 1)


def wrong_t_scaled(t, dim, max_period=10000.0):
    """t is divided by 1000 first"""
    # SAID: t is not divided by anything
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = t.float()[:, None] / 1000 * freqs
    return torch.cat([args.sin(), args.cos()], 1)


def wrong_too_wide(t, dim, max_period=10000.0):
    """dim sines and dim cosines"""
    # SAID: 5 steps and dim = 8: shape (5, 8) is wanted, got (5, 16). Half of the columns are sines, half cosines, side by side
    freqs = max_period ** (-torch.arange(dim) / dim)
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)


def wrong_twice_over_half(t, dim, max_period=10000.0):
    """2 i / (dim / 2): the frequencies fall twice as fast"""
    # SAID: the exponent is -i / (dim/2); this is twice that
    half = dim // 2
    freqs = max_period ** (-2 * torch.arange(half) / half)
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)


def wrong_two_pi(t, dim, max_period=10000.0):
    """an angle in turns: 2 pi too much"""
    # SAID: the angle is t f, without 2 pi
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = 2 * math.pi * t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)


def wrong_whole_frequencies(t, dim, max_period=10000.0):
    """integer division: every frequency is 1"""
    # SAID: all frequencies are 1: is i / half a division of whole numbers?
    half = dim // 2
    freqs = max_period ** (-(torch.arange(half) // half))
    args = t.float()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)


def wrong_whole_steps(t, dim, max_period=10000.0):
    """t is rounded down to a whole number: a step of 0.5 is lost"""
    # SAID: t = 0.5 and 3.25, dim = 2: wanted [[0.479425538604203, 0.8775825618903728], [-0.10819513453010837, -0.9941296760805463]], got [[0.0, 1.0], [0.14112000167369843, -0.9899924993515015]]. Steps may be fractions
    half = dim // 2
    freqs = max_period ** (-torch.arange(half) / half)
    args = t.long()[:, None] * freqs
    return torch.cat([args.sin(), args.cos()], 1)
