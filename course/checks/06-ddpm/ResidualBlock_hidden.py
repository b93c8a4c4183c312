"""Odd sizes, one row, one pixel's width, more and fewer channels, float32, dropout."""

from course.checks import draw
from course.checks.exercise import load


def cases(g):
    file = load("ResidualBlock").module
    for shape, out, width, dtype in (
        ((1, 2, 3, 7), 6, 3, draw.DOUBLE),
        ((4, 6, 2, 2), 2, 5, draw.DOUBLE),
        ((2, 5, 6, 1), 5, 1, draw.SINGLE),
        ((3, 16, 5, 5), 16, 9, draw.SINGLE),
    ):
        x, emb = draw.normal(g, *shape, dtype=dtype), draw.normal(g, shape[0], width, dtype=dtype)
        loose = 1e-5 if dtype == draw.DOUBLE else 1e-2
        yield file.block(
            f"x of shape {shape}, to {out} channels", (shape[1], out), x, emb, g, loose
        )
    yield file.left_out("dropout", draw.normal(g, 4, 3, 7, 7), draw.normal(g, 4, 2), g)
