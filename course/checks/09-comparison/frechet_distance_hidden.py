"""Few and many columns, two rows, float32, columns that depend on each other or are 0, the same set twice."""

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for B, F, d, dtype in (
        (5, 8, 2, draw.DOUBLE),
        (40, 30, 12, draw.DOUBLE),
        (40, 90, 6, draw.SINGLE),
        (2, 3, 3, draw.DOUBLE),
    ):
        real, fake = draw.normal(g, B, d), 3 * draw.uniform(g, F, d) @ draw.normal(g, d, d)
        words, loose = f"{B} and {F} rows of {d} columns", 1e-6 if dtype == draw.DOUBLE else 3e-3
        loose = max(loose, 1e-3 if B == 2 else 0)  # of what is 0, the root of a rounding error
        yield Call(real.to(dtype), fake.to(dtype)).but(words=words, rtol=loose, atol=loose)
    for rank, d in ((3, 12), (2, 8)):
        real, fake = (draw.normal(g, n, rank) @ draw.normal(g, rank, d) for n in (15, 18))
        real[:, 0] = fake[:, 0] = 0
        for a, b in ((real, fake), (real, real), (fake, fake + 1)):
            words = f"{d} columns, of which {rank} are free"
            yield Call(a, b).but(words=words, atol=1e-3 * float(a.var(0).sum()))
