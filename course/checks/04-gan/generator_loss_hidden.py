"""Other sizes, one row, float32, gradients, both tails."""

import torch

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    rule = {"dtype": False, "gradient": True, "rtol": 1e-4, "atol": 1e-5}
    for n, dtype in ((7, draw.DOUBLE), (1, draw.DOUBLE), (12, draw.SINGLE)):
        logits = 4 * draw.normal(g, n, dtype=dtype)
        for options in ({"kind": "minimax"}, {"kind": "non_saturating"}, {}):
            yield Call(logits, **options).but(**rule)
    for dtype in (draw.DOUBLE, draw.SINGLE):
        far = torch.tensor([900.0, -700.0, -35.0], dtype=dtype)
        for kind in ("minimax", "non_saturating"):
            yield Call(far, kind).but(**rule)
