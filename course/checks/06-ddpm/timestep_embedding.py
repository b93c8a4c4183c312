"""6.2 What time is it?"""

import math

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.nn.unet import timestep_embedding as definition


def cases(g):
    period = 500 + 1000 * torch.rand(1, generator=g).item()
    near = {"rtol": 0.0, "atol": 1e-3, "dtype": "float"}
    yield Call(draw.steps(g, 5, 2, 999), 8, period).but(**near)
    yield Call(draw.steps(g, 3, 2, 999), 6).but(**near, words="max_period left out, dim = 6")
    yield Call(torch.tensor([0.5, 3.25], dtype=torch.float64), 2).but(
        **near, words="t = 0.5 and 3.25, dim = 2", clue="Steps may be fractions"
    )


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


POWER, RESULT = "max_period ** (-i / (dim // 2))", "torch.cat([angle.sin(), angle.cos()], dim=1)"

wrong_cosines_first = change("the cosines stand first; the sines are wanted first", RESULT, "torch.cat([angle.cos(), angle.sin()], dim=1)")  # fmt: skip
wrong_divides_by_dim = change("the exponent is -i / (dim/2); this is -i / dim", POWER, "max_period ** (-i / dim)")  # fmt: skip
wrong_half_minus_one = change(
    "the exponent is -i / (dim/2); this is -i / (dim/2 - 1)",
    POWER,
    "max_period ** (-i / max(dim // 2 - 1, 1))",
)
wrong_twice_over_half = change("the exponent is -i / (dim/2); this is twice that", POWER, "max_period ** (-2 * i / (dim // 2))")  # fmt: skip
wrong_rising = change("the exponent's minus is missing: frequencies fall from 1", POWER, "max_period ** (i / (dim // 2))")  # fmt: skip
wrong_starts_at_one = change("i begins at 0: the fastest frequency is 1", POWER, "max_period ** (-(i + 1) / (dim // 2))")  # fmt: skip
wrong_whole_frequencies = change(
    "all frequencies are 1: is i / half a division of whole numbers?",
    POWER,
    "max_period ** (-(i // (dim // 2)))",
)
wrong_period_hard_coded = change("max_period is an argument; this is the embedding for 10000", POWER, "10000.0 ** (-i / (dim // 2))")  # fmt: skip
wrong_default_period = change("the default of max_period is 10000", "max_period: float = 10000.0", "max_period: float = 1000.0")  # fmt: skip
wrong_first_row = change(
    "each row has a step of its own; this is the first one's for all",
    "t.to(dtype)[:, None]",
    "t.to(dtype)[:1, None].expand(len(t), 1)",
)
wrong_t_minus_one = change("t is used as it is, without t - 1", "t.to(dtype)[:, None]", "(t.to(dtype)[:, None] - 1)")  # fmt: skip
wrong_t_scaled = change("t is used as it is, and divided by nothing", "t.to(dtype)[:, None]", "t.to(dtype)[:, None] / 1000")  # fmt: skip
wrong_two_pi = change(
    "the angle is t f, without 2 pi",
    "t.to(dtype)[:, None]",
    "2 * math.pi * t.to(dtype)[:, None]",
    "    dtype =",
    "    import math; dtype =",
)
wrong_whole_steps = change("steps may be fractions, and t is made whole here", "t.to(dtype)[:, None]", "t.long()[:, None]")  # fmt: skip
wrong_integer_result = change(
    "the waves are rounded to whole numbers: t may hold such, its embedding does not",
    RESULT,
    f"{RESULT}.to(t.dtype)",
)
wrong_interleaved = change(
    "sines and cosines take turns; all sines come first, then all cosines",
    RESULT,
    "torch.stack([angle.sin(), angle.cos()], 2).flatten(1)",
)
wrong_no_return = change("nothing came back: is a `return` missing?", f"return {RESULT}", RESULT)
wrong_rows = change(
    "the cosines stand below the sines, as other rows; they belong beside them: dim=1",
    RESULT,
    "torch.cat([angle.sin(), angle.cos()])",
)
wrong_sines_alone = change(
    "these are dim sines; half of the entries are cosines",
    "dim // 2, dtype",
    "dim, dtype",
    POWER,
    "max_period ** (-i / dim)",
    RESULT,
    "angle.sin()",
)
wrong_one_wave_twice = change(
    "the sines are there twice; the second half is cosines",
    RESULT,
    "torch.cat([angle.sin(), angle.sin()], dim=1)",
)
wrong_too_wide = change(
    "dim sines and dim cosines came back; dim/2 of each are wanted",
    "dim // 2, dtype",
    "dim, dtype",
    POWER,
    "max_period ** (-i / dim)",
)
wrong_half_precision = change(
    "right in the first digits alone: float32 at least is needed for the angles",
    "t.to(dtype)[:, None] *",
    "t.bfloat16().to(dtype)[:, None] *",
)


def wrong_in_place(t, dim, max_period=10000.0):
    """t was changed, and belongs to the caller: work on a copy"""
    embedding = definition(t, dim, max_period)
    t -= 1
    return embedding


def wrong_transposed(t, dim, max_period=10000.0):
    """there is a column for each step; a row for each is wanted: (B, dim)"""
    return definition(t, dim, max_period).T
