"""Other levels, sizes and draws, float32, values that are all the same, one draw, three values at level 0.99."""

import torch

from course.checks import draw, laws
from course.checks.cases import Call, Law
from course.checks.exercise import load


def cases(g):
    file = load("bootstrap_interval").module
    seed = int(torch.randint(2**31, (1,), generator=g))
    values = draw.normal(g, 9).exp().float()
    words = "9 values, level=0.5, draws=120, a statistic"
    yield Law(words, lambda answer: file.watched(answer, values, seed, 0.5, 120))
    for n, level, draws, dtype in (
        (15, 0.5, 1000, draw.SINGLE),
        (40, 0.9, 1500, draw.DOUBLE),
        (17, 0.98, 5000, draw.DOUBLE),
    ):
        yield file.means(draw.normal(g, n).exp().to(dtype), seed, level, draws)
    three = torch.tensor([3.0, 1.0, 7.0])
    yield Call(three, 0.99, 2000, laws.seeded(seed)).but(words="three values, level=0.99")
    yield Call(torch.full((5,), 3.0), draws=10).but(words="five values that are all 3")
    yield Law("one draw", lambda answer: one(answer, values))


def one(answer, values):
    low, high = (float(v) for v in answer(values, 0.7, 1, laws.seeded(1)))
    yield laws.holds(low == high, "of one draw both bounds are what statistic returned")
