"""Other lengths, one step, float32."""

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    for T in (1, 2, 17, 300):
        yield Call(draw.schedule(g, T, low=0.01, high=0.6).beta)
    yield Call(draw.schedule(g, 9).beta.float())
