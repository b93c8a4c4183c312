"""Other p and null, contexts, tokens, one row, float32 and int32, no generator."""

import torch

from course.checks import draw
from course.checks.cases import Call, Law
from course.checks.exercise import load


def cases(g):
    file, seed = load("drop_labels").module, draw.seeded(g).initial_seed()
    for shape, p, dtype, null in (
        ((2500,), 0.1, torch.int32, 0),
        ((2500, 3), 0.6, torch.int64, -torch.arange(3)),
        ((2500, 2, 2), 0.35, torch.float32, -torch.rand(2, 2, generator=g)),
    ):
        y = torch.randint(1, 50, (30, *shape[1:]), generator=g).to(dtype)
        yield Call(y, p, null, draw.seeded(g)).but(values=False)
        yield Call(y, p, null).but(values=False, words="without a generator")
        yield Law(
            f"y of shape {shape}, p = {p}",
            lambda answer, given=(shape, p, null, seed, dtype): file.dropped(answer, *given),
        )
    one = torch.tensor([3])
    yield Law("one row alone", lambda answer: file.again_and_again(answer, one, 0.5, 7, seed))
