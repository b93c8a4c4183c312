"""The value at the best D and at others, D sure and wrong, grids with two axes, float32."""

import torch

from course.checks import draw
from course.checks.cases import Call
from dgm.gan import optimal_discriminator


def cases(g):
    def case(d, p, q, dx):
        return Call(d, p, q, dx).but(tensor=False, dtype=False, rtol=1e-4, atol=1e-5)

    for shape, dtype in (((50,), draw.DOUBLE), ((6, 7), draw.DOUBLE), ((4, 3, 5), draw.SINGLE)):
        p, q = (draw.uniform(g, *shape, dtype=dtype) for _ in range(2))
        dx = 0.3 + float(draw.uniform(g, 1))
        p, q = p / p.sum() / dx, q / q.sum() / dx
        yield case(optimal_discriminator(p, q), p, q, dx)
        p, q = (t * (draw.uniform(g, *shape) < 0.5) for t in (p, q))
        yield case(draw.uniform(g, *shape, low=0.02, high=0.98, dtype=dtype), p, q, dx)
    for d, p, q in (
        (0, 0, 1),
        (1, 1, 0),
        (0, 0, 0),
        (1, 0, 0),
        (1e-80, 1, 1),
        (1, 1, 1),
        (0, 1, 1),
    ):
        yield case(*(torch.tensor([float(t)], dtype=draw.DOUBLE) for t in (d, p, q)), 1.0)
