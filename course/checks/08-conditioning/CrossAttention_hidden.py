"""One head, as many heads as channels, one pixel, one word, float32, masks, gradients."""

from course.checks import draw
from course.checks.exercise import load


def cases(g):
    reading = load("CrossAttention").module.reading
    for *sizes, dtype in (
        (2, 3, 5, 8, 5, 4, True, draw.DOUBLE),
        (1, 1, 4, 6, 2, 1, False, draw.DOUBLE),
        (3, 7, 1, 4, 9, 4, False, draw.SINGLE),
        (4, 5, 5, 12, 12, 3, True, draw.SINGLE),
    ):
        yield reading(*sizes, g, dtype)
