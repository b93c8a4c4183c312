"""Other shapes and sigmas, float32, no generator."""

from course.checks import draw
from course.checks.cases import Call, Law
from course.checks.exercise import load


def cases(g):
    noisy, seed = load("gaussian_noise").module.noisy, draw.seeded(g).initial_seed()
    yield Call(draw.normal(g, 5, 2), 0.0, draw.seeded(g)).but(dtype="float")
    for shape, sigma, dtype in (((4000, 3), 2.0, draw.DOUBLE), ((200, 2, 5, 7), 0.3, draw.SINGLE)):
        yield Law(
            f"x of shape {shape}, sigma = {sigma}",
            lambda answer, shape=shape, sigma=sigma, dtype=dtype: noisy(
                answer, shape, sigma, seed, (), dtype
            ),
        )
