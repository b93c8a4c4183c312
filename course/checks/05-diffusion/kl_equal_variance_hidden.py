"""Pictures, one entry, one row, both shapes of var, float32, tiny variances, gradients."""

import math

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for shape, dtype, scale in (
        ((3, 2, 4, 5), draw.DOUBLE, 1.0),
        ((1, 1), draw.DOUBLE, 1e-7),
        ((4, 4), draw.SINGLE, 0.1),
        ((2, 2, 2), draw.DOUBLE, 1e-3),
        ((1, 6), draw.SINGLE, 3.0),
    ):
        var = draw.uniform(g, shape[0], low=0.5 * scale, high=1.5 * scale, dtype=dtype)
        q, p = (math.sqrt(scale) * draw.normal(g, *shape, dtype=dtype) for _ in range(2))
        for spread in (var, var.reshape(-1, *[1] * (len(shape) - 1))):
            yield Call(q, p, spread).but(rtol=1e-3, atol=1e-5, gradient=True)
