"""Points and pictures, one row, float32, other schedules, steps and etas, s = 0, neighbours."""

import torch

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for xt, eps_hat, t, schedule in draw.diffused(g, hidden=True):
        z = draw.normal(g, *xt.shape, dtype=xt.dtype)
        anywhere = (torch.rand(len(t), generator=g) * t).long()
        loose = 1e-4 if xt.dtype == draw.DOUBLE else 5e-3
        for s, eta in ((anywhere, 0.0), (anywhere, 0.3), (0 * t, 1.0), (t - 1, 1.0)):
            yield Call(xt, t, s, eps_hat, z, schedule, eta).but(rtol=loose, atol=loose)
