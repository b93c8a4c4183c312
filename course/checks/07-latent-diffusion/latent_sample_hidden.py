"""Points and pictures, one row, other scales and steps, float32, a FirstStage."""

import torch

from course.checks import draw, laws
from course.checks.cases import Call, Law
from course.checks.exercise import load
from course.checks.stages import Stage, Watched
from dgm.nn.first_stage import FirstStage


def cases(g):
    file = load("latent_sample").module
    seed = int(torch.randint(2**31, (1,), generator=g))
    for shape, scale, T, options, dtype in (
        ((5, 240), 2.5, 5, {}, draw.DOUBLE),
        ((1, 3, 6, 8), 0.1, 8, {"steps": 1}, draw.DOUBLE),
        ((4, 3, 8, 9), 7.0, 5, {"steps": 5, "predicts": "v", "clip": (-0.3, 0.3)}, draw.SINGLE),
        ((5, 3, 5, 18), 0.7, 6, {"predicts": "x0", "clip": (-0.2, 0.5)}, draw.DOUBLE),
        ((4, 3, 6, 18), 1.0, 6, {"steps": 4, "eta": 0.5}, draw.DOUBLE),
    ):
        stage, table = Watched(g, (2, 3), shape[1:], dtype), draw.schedule(g, T)
        given = stage, table, shape, scale, options, seed, dtype
        yield Law(f"shape {shape}, T = {T}", lambda answer, given=given: file.chain(answer, *given))
    point, stage = draw.normal(g, 3, 2, 2), draw.module(g, lambda: FirstStage(1, 3, 4, (1, 2)))
    for options in ({}, {"steps": 3, "eta": 1.0}):
        yield Call(
            file.Sure(point),
            stage,
            table,
            torch.Size((5, 3, 2, 2)),
            3.0,
            laws.seeded(seed),
            predicts="x0",
            **options,
        ).but(  # fmt: skip
            dtype=False, rtol=1e-4, words="a FirstStage, and a model that knows the latents"
        )
    call = Call(lambda zt, t: 0.3 * zt, Stage(g, (2,), (4,), draw.SINGLE), table, (6, 4), 0.5)
    yield call.but(values=False, dtype=False, words="a function for a model, without a generator")
