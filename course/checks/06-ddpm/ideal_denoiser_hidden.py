"""Points and pictures, one row, one point, many points, float32, almost no noise, almost all noise."""

import torch

from course.checks import draw
from course.checks.cases import Call
from dgm.diffusion import q_sample
from dgm.schedule import NoiseSchedule


def cases(g):
    schedule = NoiseSchedule.linear(200, 1e-3, 0.1)
    for shape, N, dtype in (
        ((5, 3), 40, draw.DOUBLE),
        ((1, 1, 3, 4), 7, draw.DOUBLE),
        ((4, 2), 1, draw.DOUBLE),
        ((6, 2, 2, 2), 9, draw.SINGLE),
    ):
        data = draw.normal(g, N, *shape[1:], dtype=dtype)
        t = torch.randint(10, 201, shape[:1], generator=g)
        x0 = data[torch.randint(N, shape[:1], generator=g)]
        xt = q_sample(x0, t, draw.normal(g, *shape, dtype=dtype), schedule)
        loose = 1e-6 if dtype == draw.DOUBLE else 2e-3
        yield Call(xt, t, data, schedule).but(rtol=loose, atol=loose)
    data, early = draw.normal(g, 6, 4), torch.ones(3, dtype=torch.int64)
    yield Call(30 * draw.normal(g, 3, 4), early, data, schedule).but(words="far away, at t = 1")
    noise = NoiseSchedule(torch.tensor([0, 0.999999], dtype=torch.float64))
    yield Call(torch.zeros(3, 4, dtype=torch.float64), early, data, noise).but(words="all noise")
