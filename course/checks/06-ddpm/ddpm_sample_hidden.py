"""Points and pictures, other schedules, one step, float32, clipping, without a generator."""

import torch

from course.checks import draw, laws
from course.checks.cases import Call, Law
from course.checks.exercise import load


def cases(g):
    file = load("ddpm_sample").module
    seed = int(torch.randint(2**31, (1,), generator=g))
    for T, shape, options, dtype in (
        (1, (700, 2), {"variance": "beta"}, draw.DOUBLE),
        (4, (900, 2), {"variance": "beta", "predicts": "v"}, draw.DOUBLE),
        (3, (20, 1, 8, 8), {"clip": (-0.5, 0.25)}, draw.SINGLE),
        (9, (40, 3, 2, 5), {"predicts": "v", "clip": (-2.0, 1.0)}, draw.DOUBLE),
    ):
        table = draw.schedule(g, T, low=0.1)
        yield Law(
            f"T = {T}, shape {shape}",
            lambda answer, given=(table, shape, options), dtype=dtype: file.chain(
                answer, *given, seed, dtype
            ),  # fmt: skip
        )
    yield Call(lambda xt, t: 0 * xt + 2, table, (4, 2), laws.seeded(seed), predicts="x0").but(
        words="a model that says x0 = 2 is believed"
    )
    yield Call(lambda xt, t: 0 * xt, table, (2, 2)).but(values=False, words="without a generator")
