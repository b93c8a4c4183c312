"""Other widths, one step, steps of float32 and float64, other periods and the default one."""

import torch

from course.checks.cases import Call


def cases(g):
    for B, dim, dtype, options in (
        (1, 2, torch.int64, {}),
        (7, 64, torch.int64, {}),
        (4, 6, torch.float64, {"max_period": 77.0}),
        (3, 10, torch.float32, {"max_period": 1e6}),
    ):
        t = (1 + 999 * torch.rand(B, generator=g)).to(dtype)
        yield Call(t, dim, **options).but(rtol=0.0, atol=2e-3, dtype="float")
