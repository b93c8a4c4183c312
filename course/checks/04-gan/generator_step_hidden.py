"""Other optimizers, several steps in a row, images, float32, both kinds, old gradients, a D that stays as it is."""

from course.checks import draw, players
from course.checks.cases import Doing


def cases(g):
    for networks, optimizer, dtype, options in (
        ("plain", "Adam", draw.DOUBLE, {}),
        ("pictures", "SGD", draw.DOUBLE, {"kind": "minimax"}),
        ("plain", "RMSprop", draw.SINGLE, {"kind": "non_saturating"}),
        ("batch norm", "SGD", draw.DOUBLE, {"kind": "minimax"}),
    ):
        state = draw.seeded(g)
        case = Doing(
            f"{networks}, {optimizer}, three steps",
            lambda answer, state=state, a=(networks, optimizer, True, dtype), options=options: (
                players.play(answer, "G", state, ((0, 7), (0, 5), (0, 3)), *a, **options)
            ),
        )
        yield case.but(rtol=1e-3, atol=1e-4) if dtype == draw.SINGLE else case
