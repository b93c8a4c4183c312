"""One column and many, other numbers of rows and neighbours, float32, sets far apart, the same set
twice, rows that come twice, k + 1 rows, the default k."""

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for B, F, d, k, dtype in (
        (93, 141, 2, 1, draw.DOUBLE),
        (151, 64, 1, 2, draw.DOUBLE),
        (117, 123, 5, 5, draw.DOUBLE),
        (61, 113, 3, 8, draw.SINGLE),
        (103, 82, 3, None, draw.DOUBLE),
    ):
        real, fake = draw.normal(g, B, d), 1.4 * draw.normal(g, F, d) + 0.5
        real[: B // 3] += 4
        edge = 0 if dtype == draw.DOUBLE else 1.5 / min(B, F)  # a point on an edge, rounded
        words = f"{B} and {F} rows of {d} columns, {dtype}, k = {k or 3}"
        yield Call(real.to(dtype), fake.to(dtype), *[k] if k else []).but(words=words, atol=edge)
    for copies, rows, others, k in ((1, 33, 6, 5), (2, 25, 41, 3), (3, 12, 29, 4)):
        real, fake = draw.normal(g, rows, 3).repeat(copies, 1), draw.normal(g, others, 3)
        yield Call(real, fake, k).but(words=f"{rows} rows, each {copies} times, and {others}")
    x = draw.normal(g, 30, 4)
    yield Call(x, x.clone(), 2).but(words="the same set twice")
    yield Call(x, x + 1000, 2).but(words="two sets far apart")
