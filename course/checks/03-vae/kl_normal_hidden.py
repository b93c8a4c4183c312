"""Pictures, one dimension, float32, q = p, variances far apart, gradients."""

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for shape, dtype in (
        ((3, 2, 4, 5), draw.DOUBLE),
        ((1, 1), draw.DOUBLE),
        ((2, 2), draw.DOUBLE),
        ((6, 3, 2), draw.SINGLE),
    ):
        a, b, c, d = draw.normal(g, 4, *shape, dtype=dtype)
        yield Call(a, b, c, d).but(dtype=False, rtol=1e-3, atol=1e-3, gradient=True)
        yield Call(a, b, a, b).but(dtype=False, rtol=1e-4, atol=1e-4)
    mu, logvar = draw.normal(g, 2, 3), draw.uniform(g, 2, 3, low=-30.0, high=-15.0)
    for narrow, wide in ((logvar, -logvar), (logvar, logvar + 1), (0 * logvar, logvar)):
        yield Call(mu, narrow, 0 * mu, wide).but(dtype=False, rtol=1e-4, atol=1e-4)
