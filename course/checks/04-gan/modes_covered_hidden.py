"""Three dimensions, close centres, one centre, no good sample, a share that is no whole number of samples, float32."""

import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import load


def cases(g):
    samples = load("modes_covered").module.samples
    for dtype in (draw.DOUBLE, draw.SINGLE):
        sigma = 0.5 + float(draw.uniform(g, 1)) / 2
        x, centers = samples(g, sigma, dtype)
        for min_share in (0.125, 0.36, 0.0925, 0.0875, 1 / 256, 0.8):
            yield Call(x, centers, sigma, min_share)
    centers = torch.tensor([[0.0, 0.0], [4.0, 0.0], [100.0, 0.0]], dtype=draw.DOUBLE)
    x = torch.tensor([[2.5, 0.0]] * 6 + [[1.5, 0.0]] + [[50.0, 0.0]], dtype=draw.DOUBLE)
    for order in (centers, centers.flip(0)):
        for min_share in (0.25, 0.125, 0.75, 0.8):
            yield Call(x, order, 1.0, min_share)
    for radius in (2.9, 3.1):
        x = torch.zeros(1, 4, dtype=draw.DOUBLE)
        x[0, int(torch.randint(4, (1,), generator=g))] = 0.2 * radius
        yield Call(x, 0 * x, 0.2)
