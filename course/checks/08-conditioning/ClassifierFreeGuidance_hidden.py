"""Gaussian classes, whose exact prediction is known, captions with an empty one, one row, float32."""

import torch

from course.checks import draw
from course.checks.exercise import load
from dgm.schedule import NoiseSchedule, at


def cases(g):
    file, schedule = load("ClassifierFreeGuidance").module, NoiseSchedule.cosine(20)
    for shape, w, dtype in (((7, 2), 2.5, draw.DOUBLE), ((1, 1, 2, 3), 0.7, draw.SINGLE)):
        mean = draw.normal(g, 4, *shape[1:], dtype=dtype)
        size = torch.tensor([0.5, 0.7, 0.9, 2.0], dtype=dtype)  # the last one is "none"

        def exact(xt, t, cond, mean=mean, size=size):
            ab, spread = at(schedule.alpha_bar, t, xt), at(size, cond, xt)
            v = ab * spread**2 + 1 - ab
            return (1 - ab).sqrt() * (xt - ab.sqrt() * mean[cond]) / v

        xt, t = draw.normal(g, *shape, dtype=dtype), torch.randint(1, 21, shape[:1], generator=g)
        cond = torch.randint(3, shape[:1], generator=g)
        yield file.guided(f"Gaussian classes, xt of shape {shape}", exact, w, 3, xt, t, cond)
    yield file.captions(g, 5, 3, draw.DOUBLE)
    yield file.captions(g, 1, 6, draw.SINGLE)
