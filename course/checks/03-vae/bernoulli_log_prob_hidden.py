"""Pictures of 0 and 1 and of grey levels, one pixel, float32, both tails and the gradient there."""

import torch

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for shape, dtype in (
        ((7, 1, 8, 8), draw.SINGLE),
        ((7, 1, 8, 8), draw.DOUBLE),
        ((2, 3, 4, 5), draw.SINGLE),
        ((1, 1), draw.DOUBLE),
    ):
        x = draw.uniform(g, *shape, dtype=dtype)
        x = x.round() if shape[0] == 2 else x
        logits = 3 * draw.normal(g, *shape, dtype=dtype)
        yield Call(x, logits).but(dtype=False, rtol=1e-4, atol=1e-3, gradient=True)
    for dtype in (draw.DOUBLE, draw.SINGLE):
        x = torch.tensor([[1.0, 0.0, 0.25], [0.0, 1.0, 1.0]], dtype=dtype)
        logits = torch.tensor([[1000.0, -800.0, 400.0], [900.0, -7000.0, 500.0]], dtype=dtype)
        yield Call(x, logits).but(dtype=False, rtol=1e-4, atol=1e-3, gradient=True)
