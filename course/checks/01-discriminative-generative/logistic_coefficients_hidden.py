"""One feature, many features, very different variances, float32."""

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import load


def cases(g):
    model = load("logistic_coefficients").module.model
    for d, first, dtype in (
        (1, 0.9, draw.DOUBLE),
        (6, 0.47, draw.DOUBLE),
        (40, 0.07, draw.DOUBLE),
        (4, 0.6, draw.SINGLE),
    ):
        yield Call(*model(g, d, first, dtype)).but(dtype="float", rtol=1e-4, atol=1e-3)
