"""Codes with four axes, one row, float32, very small and large variances, gradients."""

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for shape, dtype in (
        ((3, 2, 4, 5), draw.DOUBLE),
        ((1, 1), draw.DOUBLE),
        ((1, 7), draw.SINGLE),
    ):
        mu, logvar, eps = draw.normal(g, 3, *shape, dtype=dtype)
        for spread in (logvar, 4 * logvar, logvar - 12, logvar + 14):
            yield Call(mu, spread, eps).but(dtype=False, rtol=1e-4, atol=1e-5, gradient=True)
    mu, eps = draw.normal(g, 2, 2, 3)
    yield Call(1e-5 * mu, draw.uniform(g, 2, 3, low=-30.0, high=-21.0), eps).but(
        dtype=False, rtol=1e-4, atol=1e-9
    )
