"""Points and pictures, one row, float32, other weights; then a FirstStage whose codes have next to no noise."""

import torch

from course.checks import draw, laws
from course.checks.cases import Call, Law
from course.checks.exercise import load
from course.checks.stages import Watched
from dgm.nn.first_stage import FirstStage


def cases(g):
    file = load("first_stage_loss").module
    seed = int(torch.randint(2**31, (1,), generator=g))
    for n, shape, code, dtype, weight in (
        (9, (5,), (4,), draw.DOUBLE, 0.5),
        (1, (2, 3), (6, 2), draw.DOUBLE, 20.0),
        (7, (3, 2, 4), (2, 1, 3), draw.SINGLE, 1.0),
        (8, (1, 4, 4), (16,), draw.DOUBLE, 0.0),
    ):
        given = Watched(g, shape, code, dtype), draw.normal(g, n, *shape, dtype=dtype)
        yield Law(
            f"x of shape {(n, *shape)}",
            lambda answer, given=given, o={"kl_weight": weight}: file.valued(
                answer, *given, o, seed
            ),
        )
    points = Watched(g, (2,), (300,)), draw.normal(g, 40, 2)
    yield Law("points", lambda answer: file.draws(answer, *points, seed))
    stage = draw.module(g, lambda: FirstStage(2, 3, 4, (1,)))
    with torch.no_grad():
        stage.encoder[-1].weight[3:], stage.encoder[-1].bias[3:] = 0, -40
    x = draw.uniform(g, 4, 2, 6, 8)
    yield Call(stage, x, 0.2, laws.seeded(seed)).but(gradient=True, dtype=False, rtol=1e-3, atol=1e-4, words="a FirstStage")  # fmt: skip
