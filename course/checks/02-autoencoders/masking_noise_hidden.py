"""Other shapes and probabilities, vectors, float32, p = 0 and p = 1, no generator."""

from course.checks import draw
from course.checks.cases import Call, Law
from course.checks.exercise import load


def cases(g):
    masked, seed = load("masking_noise").module.masked, draw.seeded(g).initial_seed()
    yield Call(draw.normal(g, 5, 2, dtype=draw.SINGLE), 0.0, draw.seeded(g)).but(rtol=1e-6)
    yield Call(draw.normal(g, 3, 2, 2, 2, 2), 1.0, draw.seeded(g))
    for shape, p, dtype in (((2000, 20), 0.5, draw.DOUBLE), ((500, 2, 3, 5), 0.8, draw.SINGLE)):
        yield Law(
            f"x of shape {shape}, p = {p}",
            lambda answer, shape=shape, p=p, dtype=dtype: masked(answer, shape, p, seed, (), dtype),
        )
