"""One direction, more true than learned ones, float32, all found, and all upside down."""

from course.checks import draw
from course.checks.exercise import load


def cases(g):
    exercise = load("mean_max_cosine").module
    for n, M, d, dtype in (
        (1, 1, 2, draw.DOUBLE),
        (9, 5, 2, draw.DOUBLE),
        (6, 40, 8, draw.SINGLE),
    ):
        true, learned = (exercise.directions(g, rows, d, dtype) for rows in (n, M))
        yield exercise.found(true, learned).but(rtol=1e-4, atol=1e-5)
    true, more = (exercise.directions(g, 5, 3) for _ in range(2))
    found = more.index_copy(0, draw.steps(g, 5, 0, 4), 7 * true)
    yield exercise.found(true, found)
    yield exercise.found(true, -true)
