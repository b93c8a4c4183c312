"""Convolutions without bias in float32, ema in evaluation mode; a network with no buffers; decay 0 and 1."""

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Doing
from course.checks.exercise import load


def cases(g):
    updates = load("ema_update").module.updates
    seed = int(torch.randint(2**31, (1,), generator=g))
    for words, layers, rows, decays, dtype in (
        ("convolutions, batch norm", convolutions, (5, 1, 4, 4), (1.0, 0.0, 0.5), draw.SINGLE),
        ("one layer", lambda: [nn.Linear(2, 2)], (3, 2), (0.999, 0.3, 0.0), draw.DOUBLE),
    ):
        yield Doing(
            words,
            lambda answer, layers=layers, rows=rows, decays=decays, dtype=dtype: updates(
                answer, layers, rows, decays, seed, mode=False, dtype=dtype
            ),
        ).but(rtol=1e-4, atol=1e-5)


def convolutions():
    return nn.Conv2d(1, 3, 2, bias=False), nn.BatchNorm2d(3), nn.Flatten(), nn.Linear(27, 1)
