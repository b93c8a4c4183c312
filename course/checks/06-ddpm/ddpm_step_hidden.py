"""Points and pictures, one row, float32, other schedules, the last step, T = 1."""

import torch

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for xt, eps_hat, t, schedule in draw.diffused(g, hidden=True):
        z = draw.normal(g, *xt.shape, dtype=xt.dtype)
        for steps in (t, torch.ones_like(t)):
            for variance in ("beta", "beta_tilde"):
                yield Call(xt, steps, eps_hat, z, schedule, variance=variance).but(rtol=1e-4, atol=1e-4)  # fmt: skip
