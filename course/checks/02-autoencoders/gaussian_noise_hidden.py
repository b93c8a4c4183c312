"""Other shapes and sigmas, float32, no generator, sigma = 0."""

import torch

from course.checks import draw, laws
from course.checks.cases import Call, Law, holds


def cases(g):
    seed = int(torch.randint(2**31, (1,), generator=g))
    yield Call(draw.normal(g, 5, 2), 0.0).but(words="sigma = 0")
    for shape, sigma, dtype in (((4000, 3), 2.0, draw.DOUBLE), ((200, 2, 5, 7), 0.3, draw.SINGLE)):

        def measure(answer, shape=shape, sigma=sigma, dtype=dtype):
            x = draw.uniform(laws.seeded(seed), *shape, low=-1.5, high=1.5, dtype=dtype)
            got = answer(x.clone(), sigma, generator=laws.seeded(seed + 1))
            yield from laws.standard_normal((got.double() - x.double()) / sigma)
            yield holds(
                not torch.equal(answer(x.clone(), 1.0), answer(x.clone(), 1.0)),
                "without a generator too, each call draws anew",
            )

        yield Law(f"x of shape {shape}, sigma = {sigma}", measure)
