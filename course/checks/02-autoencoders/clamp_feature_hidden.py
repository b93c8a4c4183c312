"""Other sizes, one row, float32, the first and the last feature, values of each sign."""

from course.checks import draw
from course.checks.cases import Call
from dgm.sparse import SparseAutoencoder


def cases(g):
    for n, d, M, dtype in (
        (1, 3, 2, draw.DOUBLE),
        (12, 6, 20, draw.SINGLE),
        (30, 2, 5, draw.DOUBLE),
    ):
        model = draw.module(g, lambda d=d, M=M: SparseAutoencoder(d, M), dtype)
        x = 2 * draw.normal(g, n, d, dtype=dtype)
        for feature in (0, M - 1):
            for value in (5.0, 0.0, -1.5):
                yield Call(model, x, feature, value).but(dtype="float", rtol=1e-3, atol=1e-4)
