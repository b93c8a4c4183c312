"""Other schedules and steps, one entry, all three kinds."""

import torch

from course.checks import draw
from course.checks.cases import Call
from dgm.schedule import NoiseSchedule


def cases(g):
    for T, n in ((2, 1), (12, 5), (40, 9), (1000, 7)):
        table = NoiseSchedule.linear(T) if T == 1000 else draw.schedule(g, T, low=0.01, high=0.31)
        t = torch.randint(2, T + 1, (n,), generator=g)
        t[-1] = T
        for predicts in (["v"], ["eps"], ["x0"], []):
            yield Call(t, table, *predicts).but(rtol=1e-5, atol=0.0, dtype="float")
