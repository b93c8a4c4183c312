"""800 features, rows extremely far away, one row, one class, float32."""

import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import load


def cases(g):
    model = load("posterior_log_prob").module.model
    for n, K, d, dtype in ((1, 1, 2, draw.DOUBLE), (7, 5, 1, draw.DOUBLE), (9, 3, 4, draw.SINGLE)):
        yield Call(*model(g, n, K, d, dtype)).but(dtype="float", rtol=1e-4, atol=1e-4)
    X, prior, mean, var = model(g, 4, 3, 800)
    yield Call(X, prior, 0.05 * mean, 0.5 + 0 * var).but(dtype="float", rtol=2e-3, atol=2e-3)
    one = torch.ones(2, 1, dtype=torch.float64)
    X = torch.tensor([[1e5], [-1e5]], dtype=torch.float64)
    mean = torch.tensor([[-1.0], [1.0]], dtype=torch.float64)
    yield Call(X, one[:, 0] / 2, mean, one).but(dtype="float", rtol=5e-3, words="extremely far")
