"""One entry, images, float32, other sigmas, and a sigma that is an int."""

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for shape, sigma, dtype in (
        ((9, 1), 1.5, draw.DOUBLE),
        ((4, 2, 3, 3), 0.2, draw.DOUBLE),
        ((20, 5), 3, draw.SINGLE),
    ):
        x_noisy, denoised = (draw.normal(g, *shape, dtype=dtype) for _ in range(2))
        yield Call(x_noisy, denoised, sigma).but(dtype="float", rtol=1e-3, atol=1e-4)
