"""Other sizes, patches, more channels of the control, one row, float32, a mask, several blocks."""

import torch

from course.checks import draw
from course.checks.exercise import load


def cases(g):
    steered = load("ControlNet").module.steered
    patches = {"channels": 3, "patch": 2, "blocks": 2}
    yield steered("patches, a control of two channels", patches, (2, 3, 8, 4), g, channels=2)
    classes = {"classes": 3, "multipliers": (1, 2), "attention": (True, False)}
    one = torch.randint(3, (1,), generator=g)
    yield steered("one row of float32", classes, (1, 1, 6, 4), g, one, dtype=draw.SINGLE)
    context = {"context_dim": 5, "multipliers": (1,), "attention": (True,)}
    mask = torch.rand(4, 6, generator=g) < 0.5
    mask[:, 1] = True
    yield steered("a longer context", context, (4, 1, 3, 5), g, draw.normal(g, 4, 6, 5), mask)
