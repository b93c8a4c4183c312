"""Other levels, sizes and draws, float32, values that are all the same, one draw, three values at level 0.99."""

import torch

from course.checks import draw, laws
from course.checks.cases import Call, Law
from course.checks.exercise import load


def cases(g):
    file = load("bootstrap_interval").module
    seed = int(torch.randint(2**31, (1,), generator=g))
    for n, level, draws, dtype in (
        (9, 0.5, 300, draw.SINGLE),
        (40, 0.9, 500, draw.DOUBLE),
        (17, 0.98, 800, draw.DOUBLE),
    ):
        values = draw.normal(g, n).exp().to(dtype)
        yield Law(
            f"{n} values, level={level}, draws={draws}, a statistic",
            lambda answer, given=(values, seed, level, draws): file.watched(answer, *given),
        )
        yield file.means(values, seed, level, draws)
    three = torch.tensor([3.0, 1.0, 7.0])
    yield Call(three, 0.99, 2000, laws.seeded(seed)).but(words="three values, level=0.99")
    yield Call(torch.full((5,), 3.0), draws=10).but(words="five values that are all 3")
    yield Law("one draw", lambda answer: one(answer, values))


def one(answer, values):
    low, high = (float(v) for v in answer(values, 0.7, 1, laws.seeded(1)))
    yield laws.holds(low == high, "of one draw both bounds are what statistic returned")
