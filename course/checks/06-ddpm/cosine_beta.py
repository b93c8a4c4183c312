"""6.1 The cosine schedule."""

import math

import numpy as np
import torch
from torch import nn

from course.checks.cases import Call
from course.checks.exercise import change
from dgm.schedule import cosine_beta as definition


def cases(g):
    T = int(torch.randint(12, 40, (1,), generator=g))
    s = 0.02 + 0.05 * torch.rand(1, generator=g).item()
    yield Call(T, s).but(atol=1e-12)
    yield Call(T).but(atol=1e-12)
    yield Call().but(atol=1e-12, words="without arguments")


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


ANGLE = "torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2"
BETA, RESULT = "(1 - f[1:] / f[:-1]).clamp(max=0.999)", "torch.cat([beta.new_zeros(1), beta])"

wrong_alpha = change("this is alpha; beta is 1 - alpha", RESULT, f"1 - {RESULT}")
wrong_alpha_bar = change("this is alpha_bar; its betas are wanted", RESULT, "f / f[0]")
wrong_f = change("this is f, the share that is left; betas are wanted", RESULT, "f")
wrong_clipped_from_below = change(
    "some of the first betas are raised: there is a limit from above alone, 0.999",
    "clamp(max=0.999)",
    "clamp(1e-4, 0.999)",
)
wrong_clipped_low = change(
    "the limit of beta is 0.999; this is another one", "clamp(max=0.999)", "clamp(max=0.02)"
)
wrong_limit_9999 = change(
    "the limit of beta is 0.999; this is another one", "clamp(max=0.999)", "clamp(max=0.9999)"
)
wrong_alpha_bar_clamped = change(
    "the limit is one of beta, 0.999; here alpha_bar is kept from below",
    BETA,
    "(1 - (f / f[0]).clamp(min=1e-5)[1:] / (f / f[0]).clamp(min=1e-5)[:-1]).clamp(max=0.999)",
)
wrong_not_clipped = change(
    "the last beta is (almost) 1 and would leave nothing of the data: 0.999 at most",
    ".clamp(max=0.999)",
    "",
)
wrong_float32 = change(
    "right in the first digits alone: 1 minus a ratio near 1 has to be computed in float64",
    ", dtype=torch.float64)",
    ", dtype=torch.float32)",
)
wrong_float32_at_the_end = change(
    "float64 is wanted, and float32 comes back", RESULT, f"{RESULT}.float()"
)
wrong_no_half_pi = change("the angle runs to pi / 2: that factor is missing", " * math.pi / 2", "")
wrong_pi = change("the angle runs to pi / 2, not to pi", " * math.pi / 2", " * math.pi")
wrong_no_return = change("nothing came back: is a `return` missing?", f"return {RESULT}", RESULT)
wrong_no_square = change("the cosine is to be squared", " ** 2\n", "\n")
wrong_not_padded = change(
    "T entries came back; T + 1 are wanted: entry 0, which is 0, is for clean data", RESULT, "beta"
)
wrong_padded_at_the_end = change(
    "the 0 stands at the end; it belongs to clean data, entry 0",
    RESULT,
    "torch.cat([beta, beta.new_zeros(1)])",
)
wrong_entry_0 = change(
    "entry 0 is for clean data, and should be 0", RESULT, "torch.cat([beta[:1], beta])"
)
wrong_one_minus_alpha_bar = change(
    "this is 1 - alpha_bar; divide neighbours: 1 - f(t) / f(t-1)",
    RESULT,
    "(1 - f / f[0]).clamp(max=0.999)",
)
wrong_s_hard_coded = change(
    "s is an argument; this is the table of s = 0.008", "f = torch", "s = 0.008; f = torch"
)
wrong_s_ignored = change("s is not used", "f = torch", "s = 0; f = torch")
wrong_s_divided = change("s is added to t / T, not to t", "((t / T + s)", "(((t + s) / T)")
wrong_default_s = change("the default of s is 0.008", "s: float = 0.008", "s: float = 0.08")
wrong_default_T = change("the default of T is 1000", "T: int = 1000", "T: int = 100")
wrong_s_not_in_the_denominator = change(
    "the angle is divided by 1 + s, so that it ends at 90 degrees",
    ANGLE,
    "torch.cos((t / T + s) * math.pi / 2) ** 2",
    "clamp(max=0.999)",
    "clamp(0, 0.999)",
)
wrong_upside_down = change(
    "the ratio is upside down: f(t) over f(t-1)", BETA, "(f[:-1] / f[1:] - 1).clamp(max=0.999)"
)
wrong_difference = change(
    "neighbours are divided, not subtracted", BETA, "(f[:-1] - f[1:]).clamp(max=0.999)"
)
wrong_not_normalised = change(
    "beta_1 alone is wrong: alpha_bar_1 is f(1) / f(0), and f(0) is not 1",
    f"{ANGLE}\n",
    f"{ANGLE}\n    f[0] = 1\n",
)
wrong_thousand = change(
    "T is an argument; this table has 1000 steps", "t = torch", "T = 1000; t = torch"
)


def wrong_linspace_T(T=1000, s=0.008):
    """t takes T values here, and so its steps are too wide: 0, 1, ..., T are T + 1"""
    t = torch.linspace(0, T, T, dtype=torch.float64)
    f = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[2:] = (1 - f[1:] / f[:-1]).clamp(max=0.999)
    beta[1] = beta[2]
    return beta


def wrong_off_by_one(T=1000, s=0.008):
    """the 0 stands at the end; it belongs to clean data, entry 0"""
    t = torch.arange(T, dtype=torch.float64)
    f = torch.cos(((t + 1) / T + s) / (1 + s) * math.pi / 2) ** 2
    g = torch.cos((t / T + s) / (1 + s) * math.pi / 2) ** 2
    beta = torch.zeros(T + 1, dtype=torch.float64)
    beta[:-1] = (1 - f / g).clamp(max=0.999)
    return beta
