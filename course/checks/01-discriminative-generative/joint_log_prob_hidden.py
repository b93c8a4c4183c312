"""500 features, where each product of densities is 0; one row; one class; float32; a far row."""

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import load


def cases(g):
    model = load("joint_log_prob").module.model
    for n, K, d, dtype in (
        (3, 2, 500, draw.DOUBLE),
        (1, 4, 1, draw.DOUBLE),
        (6, 1, 3, draw.DOUBLE),
        (20, 3, 5, draw.SINGLE),
    ):
        X, *rest = model(g, n, K, d, dtype)
        if n > 1:
            X[0] += 500
        yield Call(X, *rest).but(dtype="float", atol=1e-4)
