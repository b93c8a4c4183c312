"""Points and pictures, one row, float32, other schedules and weights, without a generator."""

import torch

from course.checks import draw
from course.checks.cases import Call, Law
from course.checks.exercise import load


def cases(g):
    file = load("ddpm_loss").module
    seed = int(torch.randint(2**31, (1,), generator=g))
    for shape, T, dtype, options in (
        ((30, 5), 3, draw.DOUBLE, {}),
        ((1, 2), 30, draw.DOUBLE, {"predicts": "v"}),
        ((20, 1, 4, 2), 7, draw.SINGLE, {"predicts": "x0", "weight": lambda t: 1 / t}),
        ((20, 2, 3), 2, draw.DOUBLE, {"weight": lambda t: 3.0 - t}),
    ):
        x0, schedule = draw.normal(g, *shape, dtype=dtype), draw.schedule(g, T)
        yield Law(
            f"x0 of shape {shape}, T = {T}",
            lambda answer, *, given=(x0, schedule, options): file.valued(answer, *given, seed),
        )
    table = draw.schedule(g, 3)
    yield Law("points", lambda answer: file.draws(answer, seed, (6000, 2), table))
    yield Call(file.Net(g), x0[:5].float(), table).but(values=False, dtype=False, words="without a generator")  # fmt: skip
