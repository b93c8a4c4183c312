"""Other optimizers, several steps in a row, images, float32, label smoothing, gradients left by G's step, a G that stays untouched."""

from course.checks import draw, players
from course.checks.cases import Doing


def cases(g):
    for networks, optimizer, dtype, options in (
        ("plain", "Adam", draw.DOUBLE, {}),
        ("pictures", "SGD", draw.DOUBLE, {"smooth": 0.1}),
        ("plain", "RMSprop", draw.SINGLE, {}),
        ("batch norm", "SGD", draw.DOUBLE, {"smooth": 0.25}),
    ):
        state = draw.seeded(g)
        case = Doing(
            f"{networks}, {optimizer}, three steps",
            lambda answer, state=state, a=(networks, optimizer, True, dtype), options=options: (
                players.play(answer, "D", state, ((7, 7), (8, 5), (4, 6)), *a, **options)
            ),
        )
        yield case.but(rtol=1e-3, atol=1e-4) if dtype == draw.SINGLE else case
