"""Other sizes, with and without a penalty, one feature, unequal penalties and no intercept."""

from course.checks.exercise import load


def cases(g):
    problem = load("fit").module.problem
    yield problem(g, 200, [0.0, 0.0])
    yield problem(g, 400, [0.0] * 5)
    yield problem(g, 50, [0.0, 25.0, 25.0, 25.0])
    yield problem(g, 160, [17.0, 4.0, 9.0, 22.0, 3.0, 8.0], ones=False)
    yield problem(g, 80, [0.7, 2.0])
