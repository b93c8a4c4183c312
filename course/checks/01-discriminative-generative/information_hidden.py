"""Other sizes, fewer rows than features, many rows, one of each, float32."""

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for n, d, dtype in (
        (2, 5, draw.DOUBLE),
        (2500, 2, draw.DOUBLE),
        (40, 7, draw.SINGLE),
        (1, 1, draw.DOUBLE),
        (6, 6, draw.DOUBLE),
    ):
        theta, X = draw.normal(g, d, dtype=dtype), draw.normal(g, n, d, dtype=dtype)
        penalty = draw.uniform(g, d, dtype=dtype)
        yield Call(theta, X, penalty).but(dtype="float", rtol=1e-4, atol=1e-4)
