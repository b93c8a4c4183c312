"""Other K, one row, two values, float32, both tails, gradients."""

import torch

from course.checks import draw
from course.checks.cases import Call


def cases(g):
    rule = {"dtype": False, "gradient": True, "rtol": 1e-4, "atol": 1e-5}
    for B, K, dtype in (
        (1, 4, draw.DOUBLE),
        (9, 2, draw.DOUBLE),
        (5, 12, draw.SINGLE),
        (16, 7, draw.SINGLE),
    ):
        logits = 3 * draw.normal(g, B, K, dtype=dtype)
        code = torch.randint(K - 1, (B,), generator=g)  # the last value does not come up
        known = torch.nn.functional.one_hot(code, K).to(dtype)
        for table in (logits, 0 * logits, 900 * known, -900 * known):
            yield Call(table, code).but(**rule)
