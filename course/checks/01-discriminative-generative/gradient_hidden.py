"""Fewer rows than features, one row, one feature, float32, log-odds of 1000."""

import torch

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for n, d, dtype in (
        (3, 8, draw.DOUBLE),
        (1, 1, draw.DOUBLE),
        (6, 6, draw.DOUBLE),
        (100, 6, draw.SINGLE),
    ):
        theta, X = draw.normal(g, d, dtype=dtype), draw.normal(g, n, d, dtype=dtype)
        y = draw.uniform(g, n) < 0.4
        yield Call(theta, X, y.long()).but(rtol=1e-4, atol=1e-5)
        yield Call(theta, X, y.to(dtype)).but(rtol=1e-4, atol=1e-5)
    X = torch.tensor([[1000.0], [-1000.0], [500.0]], dtype=torch.float64)
    yield Call(torch.full((1,), 3.0).double(), X, torch.tensor([0, 1, 0])).but(words="both tails")
