"""Fewer rows than entries, all directions, one direction, float32, and digits."""

import torch

from course.checks import draw
from course.checks.exercise import load
from dgm.data import load as data


def cases(g):
    exercise = load("principal_components").module
    for n, shape, k, dtype in (
        (6, (3, 4), 4, draw.DOUBLE),
        (50, (5,), 5, draw.DOUBLE),
        (30, (1, 3, 3), 1, draw.SINGLE),
    ):
        x, axes = exercise.spread(g, n, shape)
        yield exercise.found(x.to(dtype), k, axes).but(rtol=1e-3, atol=2e-3)
    rows, axes = some_digits(g, 5)
    yield exercise.found(rows, 5, axes).but(rtol=1e-2, atol=1e-2)


def some_digits(g, k):
    """300 digits whose first k directions nobody can take for one another, and these."""
    digits = data("digits")[0]
    while True:
        rows = digits[torch.randperm(len(digits), generator=g)[:300]]
        flat = rows.flatten(1).double()
        _, sizes, axes = torch.linalg.svd(flat - flat.mean(0), full_matrices=False)
        if (sizes[:k] / sizes[1 : k + 1]).min() > 1.02:
            return rows, axes
