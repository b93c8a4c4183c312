"""Other shapes, one number, more weight in one tail than in the other, float32."""

import torch

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    far = torch.tensor([-1e4, -800.0, -100.0, 0.0, 100.0, 800.0, 2e3], dtype=torch.float64)
    for dtype in (draw.DOUBLE, draw.SINGLE):
        for shape in ((), (1,), (6, 1), (2, 3, 4, 2)):
            yield Call(4 * torch.randn(shape, generator=g, dtype=dtype))
        for z in (far, -far, far[4:].reshape(3, 1)):
            yield Call(z.to(dtype)).but(atol=1e-15, words="the tails")
