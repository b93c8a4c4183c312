"""Other sizes, all penalties 0, a large penalty on one coefficient, float32."""

import torch

from course.checks import draw
from course.checks.exercise import load


def cases(g):
    between = load("log_posterior").module.between
    for n, d, dtype in ((4, 6, draw.DOUBLE), (60, 2, draw.SINGLE), (1, 1, draw.DOUBLE)):
        yield from between(g, n, torch.zeros(d), 2.0, dtype)
        yield from between(g, n, draw.uniform(g, d, high=3.0), 2.0, dtype)
        yield from between(g, n, 100 * torch.eye(d)[0], 2.0, dtype)
