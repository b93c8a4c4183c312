"""A pixel without variance, one row, many dimensions, float32, no noise, much noise."""

import torch

from course.checks import draw
from course.checks.exercise import load


def cases(g):
    drawn = load("gaussian_denoiser").module.drawn
    for n, d, sigma, dtype in (
        (1, 1, 2.0, draw.DOUBLE),
        (4, 30, 0.3, draw.DOUBLE),
        (5, 3, 1e3, draw.DOUBLE),
        (5, 3, 0.0, draw.DOUBLE),
        (50, 3, 1, draw.SINGLE),
    ):
        variances = draw.uniform(g, d, low=0.05, high=3.05)
        yield drawn(g, n, variances, sigma, dtype).but(rtol=1e-3, atol=1e-3)
    yield drawn(g, 4, torch.tensor([1.5, 0.3, 0.0, 0.0], dtype=draw.DOUBLE), 0.7)
