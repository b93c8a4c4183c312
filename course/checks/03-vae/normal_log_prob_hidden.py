"""Pictures, one entry, float32, small and large variances, gradients."""

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for shape, dtype in (
        ((3, 2, 4, 5), draw.DOUBLE),
        ((1, 1), draw.DOUBLE),
        ((2, 2), draw.DOUBLE),
        ((6, 3, 2), draw.SINGLE),
    ):
        x, mu, logvar = draw.normal(g, 3, *shape, dtype=dtype)
        for spread in (logvar, 3 * logvar):
            yield Call(x, mu, spread).but(dtype=False, rtol=1e-3, atol=1e-3, gradient=True)
    x, logvar = draw.normal(g, 2, 3), draw.uniform(g, 2, 3, low=-25.0, high=-12.0)
    yield Call((logvar / 2).exp() * x, 0 * x, logvar).but(dtype=False, rtol=1e-4, atol=1e-4)
    yield Call((-logvar / 2).exp() * x, 0 * x, -logvar).but(dtype=False, rtol=1e-4, atol=1e-4)
