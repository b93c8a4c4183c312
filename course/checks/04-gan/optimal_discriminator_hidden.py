"""Two Gaussians far into their tails, grids with two axes, float32, empty places."""

import torch
from torch.distributions import Normal

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    rule = {"tensor": False, "dtype": False}
    x = torch.linspace(-12, 12, 97, dtype=draw.DOUBLE)
    for _ in range(3):
        shift, scale = draw.uniform(g, 2)
        p, q = Normal(-shift, 0.6 + scale), Normal(shift + 0.1, 1.0)
        yield Call(p.log_prob(x).exp(), q.log_prob(x).exp()).but(**rule)
    for shape, dtype in (((3, 4), draw.DOUBLE), ((2, 3, 2), draw.SINGLE), ((1,), draw.DOUBLE)):
        p, q = (0.01 + draw.uniform(g, *shape, dtype=dtype) for _ in range(2))
        kind = torch.randint(4, shape, generator=g)
        kind.view(-1)[0] = 0
        yield Call(p * (kind % 2), q * (kind > 1)).but(**rule)
