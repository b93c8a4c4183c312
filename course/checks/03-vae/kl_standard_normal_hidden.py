"""Codes with four axes, one dimension, float32, q = p, narrow and wide q, gradients."""

import torch

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for shape, dtype in (
        ((3, 2, 4, 5), draw.DOUBLE),
        ((1, 1), draw.DOUBLE),
        ((2, 2), draw.DOUBLE),
        ((6, 3, 2), draw.SINGLE),
    ):
        mu, logvar = draw.normal(g, 2, *shape, dtype=dtype)
        for spread in (logvar, 4 * logvar):
            yield Call(mu, spread).but(dtype=False, rtol=1e-4, atol=1e-4, gradient=True)
    zero = torch.zeros(4, 3, dtype=draw.DOUBLE)
    yield Call(zero, zero).but(dtype=False)
    yield Call(zero, draw.uniform(g, 4, 3, low=-50.0, high=15.0)).but(dtype=False, rtol=1e-4)
