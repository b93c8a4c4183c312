"""More classes in mixed order, a constant feature, one row in a class, a class without rows."""

from course.checks.cases import Call
from course.checks.exercise import load


def cases(g):
    kit = load("class_statistics").module
    for d, *counts in ((2, 1, 30, 31), (4, 1, 20, 9, 14, 17), (1, 25), (3, 5, 5)):
        X, y = kit.labelled(g, d, *counts)
        X[:, 0] = -7.0
        for shared in (False, True):
            yield Call(X, y, len(counts), shared_variance=shared).but(dtype="float", atol=1e-5)
    yield kit.without_rows(g, 0, 12, 4, 9, 8)
