"""Points and pictures, one row, thousands of rows, float32, other scales, a FirstStage."""

from course.checks import draw
from course.checks.cases import Call
from course.checks.stages import Network, Stage
from dgm.latent import AT_ONCE
from dgm.nn.first_stage import FirstStage


def cases(g):
    yield Call(Stage(g, (4,), (6,)), draw.normal(g, 1, 4), 12.0)
    yield Call(Stage(g, (1, 6, 4), (3, 2, 1)), draw.normal(g, AT_ONCE, 1, 6, 4), 0.04)
    yield Call(
        Network(g, (2, 2), (5,), draw.SINGLE), draw.normal(g, AT_ONCE + 1, 2, 2).float(), 1.0
    )
    for rows, channels, dtype, scale in ((20, 1, draw.DOUBLE, 7.0), (3, 2, draw.SINGLE, 0.2)):
        stage = draw.module(g, lambda c=channels: FirstStage(c, 2, 4, (1,)), dtype)
        x = draw.normal(g, rows, channels, 8, 4, dtype=dtype)
        yield Call(stage, x, scale).but(gradient=True, rtol=1e-4, atol=1e-4)
