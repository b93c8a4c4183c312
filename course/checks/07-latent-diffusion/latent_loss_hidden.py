"""Points and pictures, one row, float32, other schedules and scales; a FirstStage that is left as it was."""

import torch

from course.checks import draw, laws
from course.checks.cases import Call, Law
from course.checks.exercise import load
from course.checks.stages import Watched
from dgm.nn.first_stage import FirstStage


def cases(g):
    file = load("latent_loss").module
    seed = int(torch.randint(2**31, (1,), generator=g))
    for n, shape, code, T, dtype, scale, options in (
        (30, (5,), (2,), 3, draw.DOUBLE, 0.4, {}),
        (1, (2, 6), (2, 3, 3), 30, draw.DOUBLE, 3.0, {"predicts": "v"}),
        (20, (1, 4, 4), (1, 2, 2), 7, draw.SINGLE, 1.5, {"predicts": "x0"}),
    ):
        given = Watched(g, shape, code, dtype), draw.normal(g, n, *shape, dtype=dtype)
        case = *given, draw.schedule(g, T), scale, options
        words = f"x of shape {(n, *shape)}, T = {T}"
        yield Law(words, lambda answer, case=case: file.valued(answer, *case, seed))
    table, points = draw.schedule(g, 3), Watched(g, (2,), (20,))
    x = draw.normal(g, 2000, 2)
    yield Law("points", lambda answer: file.draws(answer, points, x, table, seed))
    stage = draw.module(g, lambda: FirstStage(2, 3, 4, (1,)))
    given = stage, draw.uniform(g, 4, 2, 6, 8), table, 0.4, laws.seeded(seed)
    yield Call(lambda zt, t: zt * 0 - 1, *given, predicts="x0").but(dtype=False, rtol=1e-4, words="a FirstStage, a model that says -1, predicts='x0'")  # fmt: skip
    yield Call(file.Net(g), *given).but(
        values=False, dtype=False, words="a FirstStage and a network"
    )
