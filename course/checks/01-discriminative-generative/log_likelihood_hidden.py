"""Other sizes, one row, float32, labels of type float, both tails."""

import torch

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for n, d, dtype in (
        (1, 1, draw.DOUBLE),
        (7, 12, draw.DOUBLE),
        (200, 5, draw.SINGLE),
        (6, 6, draw.DOUBLE),
    ):
        theta, X = 2 * draw.normal(g, d, dtype=dtype), draw.normal(g, n, d, dtype=dtype)
        y = draw.uniform(g, n) < 0.6
        yield Call(theta, X, y.long())
        yield Call(theta, X, y.to(dtype))
    two = torch.full((1,), 2.0, dtype=torch.float64)
    X = torch.tensor([[600.0], [-450.0], [5e4], [-0.1]], dtype=torch.float64)
    for y in (torch.tensor([0, 1, 0, 1]), torch.tensor([1, 0, 1, 0])):
        yield Call(two, X, y).but(words="both tails")
