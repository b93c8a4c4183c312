"""TITLE."""

import math

import numpy as np
import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.schedule import cosine_beta as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_diff(T=1000, s=0.008):
    t = torch.arange(T + 1).double()
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2).square()
    beta = -torch.diff(f, prepend=f[:1])
    beta[1:] = torch.minimum(beta[1:] / f[:-1], torch.tensor(0.999, dtype=torch.float64))
    return beta


def right_double_angle(T=1000, s=0.008):
    t = torch.linspace(0, T, T + 1, dtype=torch.float64)
    f = (1 + torch.cos((t / T + s) / (1 + s) * math.pi)) / 2
    alpha = torch.ones(T + 1, dtype=torch.float64)
    alpha[1:] = torch.clamp(f[1:] / f[:-1], min=0.001)
    return 1 - alpha


def right_loop(T=1000, s=0.008):
    def f(t):
        return math.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2

    beta = [0.0]
    for t in range(1, T + 1):
        beta.append(min(1 - f(t) / f(t - 1), 0.999))
    return torch.tensor(beta, dtype=torch.float64)


def right_numpy(T=1000, s=0.008):
    t = np.linspace(0, T, T + 1)
    f = np.cos((t / T + s) / (1 + s) * np.pi / 2) ** 2
    beta = np.clip(1 - f[1:] / f[:-1], 0, 0.999)
    return torch.from_numpy(np.concatenate([[0.0], beta]))


def right_pad(T=1000, s=0.008):
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    return nn.functional.pad((1 - f[1:] / f[:-1]).clip(0, 0.999), (1, 0))


def right_vector(T=1000, s=0.008):
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * torch.pi / 2) ** 2
    alpha_bar = f / f[0]
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (1 - alpha_bar[1:] / alpha_bar[:-1]).clamp(max=0.999)
    return beta


# Mistakes, and what a student is told.


def wrong_alpha(T=1000, s=0.008):
    """alpha in place of beta"""
    # SAID: this is alpha; beta is 1 - alpha
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    alpha = torch.ones(T + 1, dtype=torch.float64)
    alpha[1:] = (f[1:] / f[:-1]).clamp(min=0.001)
    return alpha


def wrong_alpha_bar(T=1000, s=0.008):
    """alpha_bar in place of beta"""
    # SAID: this is alpha_bar; its betas are wanted
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    return f / f[0]


def wrong_clipped_from_below(T=1000, s=0.008):
    """kept above 0.0001"""
    # SAID: with T = 1000 beta_1 should be 4.1284225e-05, got 0.0001: one minus a number near 1 loses its digits in float32, and a limit from below is none of the formula's
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (1 - f[1:] / f[:-1]).clamp(1e-4, 0.999)
    return beta


def wrong_clipped_low(T=1000, s=0.008):
    """clipped at 0.02, the linear schedule's last beta"""
    # SAID: the limit is 0.999 for beta; this is another one
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (1 - f[1:] / f[:-1]).clamp(max=0.02)
    return beta


def wrong_float32(T=1000, s=0.008):
    """single precision: 1 minus a ratio near 1 keeps three digits"""
    # SAID: right in the first digits alone: 1 minus a ratio near 1 has to be computed in float64
    t = torch.arange(T + 1)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1)
    beta[1:] = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return beta


def wrong_linspace_T(T=1000, s=0.008):
    """T points from 0 to T: the steps are too wide"""
    # SAID: T = 16, s = 0.058: the first betas should be [0.024544322436061194, 0.04175565039382101, 0.05939662637774812], got [0.026768707025807137, 0.026768707025807137, 0.046331442335880046]. Does t run over 0, 1, ..., T?
    # RAISES: IndexError
    t = torch.linspace(0, T, T, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[2:] = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    beta[1] = beta[2]
    return beta


def wrong_no_half_pi(T=1000, s=0.008):
    """the angle is not multiplied by pi / 2"""
    # SAID: the angle runs to pi / 2: that factor is missing
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s)) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return beta


def wrong_no_return(T=1000, s=0.008):
    """no return"""
    # SAID: cosine_beta returned None: did you forget `return`?
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (1 - f[1:] / f[:-1]).clamp(max=0.999)


def wrong_no_square(T=1000, s=0.008):
    """cosine not squared"""
    # SAID: the cosine is to be squared
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2)
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return beta


def wrong_not_clipped(T=1000, s=0.008):
    """the last beta is almost 1: not clipped"""
    # SAID: the last beta is (almost) 1 and would leave nothing of the data: 0.999 at most
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = 1 - f[1:] / f[:-1]
    return beta


def wrong_not_normalised(T=1000, s=0.008):
    """alpha_bar is f itself with a 1 put before it: not divided by f(0)"""
    # SAID: beta_1 alone is wrong: alpha_bar_1 is f(1) / f(0), and f(0) is not 1
    t = torch.arange(T + 1, dtype=torch.float64)
    alpha_bar = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    alpha_bar[0] = 1
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (1 - alpha_bar[1:] / alpha_bar[:-1]).clamp(max=0.999)
    return beta


def wrong_not_padded(T=1000, s=0.008):
    """no entry for t = 0"""
    # SAID: T entries; T + 1 are wanted: entry 0, which is 0, is for clean data
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    return (1 - f[1:] / f[:-1]).clamp(max=0.999)


def wrong_off_by_one(T=1000, s=0.008):
    """steps 0 to T - 1, as programmers count"""
    # SAID: the padding stands at the end; entry 0 belongs to clean data
    t = torch.arange(T, dtype=torch.float64)
    f = torch.cos(((t + 1) / T + s) / (1 + s) * math.pi / 2) ** 2
    g = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[:-1] = (1 - f / g).clamp(max=0.999)
    return beta


def wrong_one_minus_alpha_bar(T=1000, s=0.008):
    """1 - alpha_bar in place of 1 - alpha"""
    # SAID: this is 1 - alpha_bar; divide neighbours: 1 - f(t) / f(t-1)
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    return (1 - f / f[0]).clamp(max=0.999)


def wrong_padded_at_the_end(T=1000, s=0.008):
    """the padding stands at the end"""
    # SAID: the padding stands at the end; entry 0 belongs to clean data
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    return nn.functional.pad((1 - f[1:] / f[:-1]).clamp(max=0.999), (0, 1))


def wrong_s_hard_coded(T=1000, s=0.008):
    """s = 0.008 written into the formula"""
    # SAID: s is an argument; this is the table of s = 0.008
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + 0.008) / 1.008 * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return beta


def wrong_s_ignored(T=1000, s=0.008):
    """s is ignored"""
    # SAID: s is not used
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos(t / T * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return beta


def wrong_s_not_in_the_denominator(T=1000, s=0.008):
    """no 1 + s in the denominator: the angle passes 90 degrees"""
    # SAID: the angle is divided by 1 + s, so that it ends at 90 degrees
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (1 - f[1:] / f[:-1]).clamp(0, max=0.999)
    return beta


def wrong_thousand(T=1000, s=0.008):
    """always 1000 steps"""
    # SAID: T is 16: shape (17,) is wanted, got (1001,)
    t = torch.arange(1001, dtype=torch.float64)
    f = torch.cos((t / 1000 + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(1001, dtype=torch.float64)
    beta[1:] = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    return beta


def wrong_upside_down(T=1000, s=0.008):
    """the ratio upside down"""
    # SAID: the ratio is upside down: f(t) over f(t-1)
    t = torch.arange(T + 1, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[1:] = (f[:-1] / f[1:] - 1).clamp(max=0.999)
    return beta
