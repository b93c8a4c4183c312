"""Two to five axes, one query, one key, masks that broadcast, large scores, float32, gradients."""

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import load


def cases(g):
    readable = load("scaled_dot_product_attention").module.readable
    for sizes, masked, dtype in (
        (((3, 2), (4, 2), (4, 3)), (3, 4), draw.DOUBLE),
        (((1, 1, 9), (1, 6, 9), (1, 6, 1)), (1, 1, 6), draw.DOUBLE),
        (((2, 3, 4, 8), (2, 3, 7, 8), (2, 3, 7, 5)), (2, 1, 1, 7), draw.SINGLE),
        (((2, 1, 2, 3, 4), (2, 1, 2, 5, 4), (2, 1, 2, 5, 4)), (3, 5), draw.DOUBLE),
        (((4, 5, 3), (4, 1, 3), (4, 1, 2)), None, draw.DOUBLE),
        (((4, 5, 3), (4, 5, 3), (4, 5, 3)), None, draw.SINGLE),
    ):
        q, k, v = (draw.normal(g, *size, dtype=dtype) for size in sizes)
        mask = readable(g, *masked) if masked else None
        loose = 1e-7 if dtype == draw.DOUBLE else 1e-3
        yield Call(q, k, v, mask).but(gradient=True, rtol=loose, atol=loose)
    q, k, v = draw.normal(g, 3, 2, 4, 3)
    yield Call(50 * q, 50 * k, v).but(words="large scores")
    low, mask = -300 * k.abs(), readable(g, 2, 1, 4)
    yield Call(300 * q.abs(), low, v, mask).but(words="scores far below 0, and a mask")
