"""Points, one channel, one picture, thousands of pictures that are not alike, float32, a FirstStage."""

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import load
from course.checks.stages import Network, Stage
from dgm.nn.first_stage import FirstStage


def cases(g):
    file = load("latent_scale").module
    yield Call(Stage(g, (5,), (3, 30, 30)), draw.normal(g, 1, 5)).but(**file.EITHER)
    for n, shape, code in ((1500, (4,), (2,)), (3001, (1, 2), (1, 1, 2)), (40, (6,), (90,))):
        yield Call(Stage(g, shape, code), file.unlike(g, n, *shape)).but(**file.EITHER)
    single = Network(g, (3,), (4, 2), draw.SINGLE)
    yield Call(single, file.unlike(g, 1001, 3).float()).but(**file.EITHER)
    for channels, dtype in ((1, draw.DOUBLE), (2, draw.SINGLE)):
        stage = draw.module(g, lambda c=channels: FirstStage(c, 3, 4, (1,)), dtype)
        x = file.unlike(g, 30, channels, 16, 8).to(dtype)
        yield Call(stage, x).but(**file.EITHER)
