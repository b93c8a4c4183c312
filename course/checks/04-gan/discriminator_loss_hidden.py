"""Other sizes, one row, float32, label smoothing, gradients, both tails."""

import torch

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    rule = {"dtype": False, "gradient": True, "rtol": 1e-4, "atol": 1e-5}
    for n, m, dtype, smooth in (
        (5, 8, draw.DOUBLE, 0.0),
        (1, 3, draw.DOUBLE, 0.1),
        (9, 9, draw.SINGLE, 0.3),
        (4, 1, draw.SINGLE, 0.0),
    ):
        spread = 2 + 3 * float(draw.uniform(g, 1))
        real, fake = (spread * draw.normal(g, k, dtype=dtype) for k in (n, m))
        yield Call(real, fake, smooth=smooth).but(**rule)
    for dtype in (draw.DOUBLE, draw.SINGLE):
        real = torch.tensor([1000.0, -800.0, 30.0], dtype=dtype)
        fake = torch.tensor([-1000.0, 600.0], dtype=dtype)
        for smooth in (0.0, 0.1):
            yield Call(real, fake, smooth=smooth).but(**rule)
