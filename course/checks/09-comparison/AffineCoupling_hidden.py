"""Other sizes, one row, float32, gradients of both outputs and of the inverse."""

from course.checks import draw
from course.checks.exercise import load


def cases(g):
    layer = load("AffineCoupling").module.layer
    for dim, hidden, first, B, dtype in (
        (3, 4, True, 5, draw.DOUBLE),
        (3, 4, False, 1, draw.DOUBLE),
        (6, 8, True, 4, draw.DOUBLE),
        (11, 6, False, 7, draw.DOUBLE),
        (7, 5, False, 6, draw.SINGLE),
    ):
        yield layer(dim, hidden, first, B, g, dtype, 1e-6 if dtype == draw.DOUBLE else 1e-3)
