"""Other numbers of classes and samples, one sample, one class, float32, the default share."""

import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import load


def cases(g):
    opinions = load("classes_covered").module.opinions
    for K, n, dtype in ((2, 25, draw.SINGLE), (25, 400, draw.DOUBLE), (12, 1000, draw.SINGLE)):
        weights = draw.uniform(g, K) ** 4 + 0.001
        kinds = torch.multinomial(weights, n, replacement=True, generator=g)
        counts = torch.bincount(kinds, minlength=K).tolist()
        for half in (3.5, 10.5):  # between two counts, so that rounding has no say
            words = f"{K} classes, {n} samples"
            yield Call(opinions(g, counts, dtype), half / n).but(words=words, rtol=1e-4)
    for n, K in ((1, 3), (7, 4), (5, 1)):
        yield Call(opinions(g, [0] * (K - 1) + [n])).but(words=f"one class alone of {K}, {n} times")
    yield Call(opinions(g, [992, *[1] * 8], draw.SINGLE)).but(words="rare classes", rtol=1e-4)
    yield Call(opinions(g, [870, 19, 22, 48, 41])).but(words="classes that are not so rare")
