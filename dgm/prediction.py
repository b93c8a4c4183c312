"""What a network predicts: the noise, the data or the velocity; each tells the others.

Who knows x_t and one of eps, x_0 or the velocity v knows all three: a network may predict any,
`predicts` says which. Taught in: chapters 05 and 06.
"""

import torch

from dgm.diffusion import PREDICTS, STEP, predict_eps, predict_x0, velocity, x0_from_velocity
from dgm.schedule import NoiseSchedule, at
from dgm.validate import shapes


@shapes(prediction="B *D: float", xt="B *D: float", t=STEP)
def as_x0(
    prediction: torch.Tensor,
    xt: torch.Tensor,
    t: torch.Tensor,
    schedule: NoiseSchedule,
    predicts: str,
) -> torch.Tensor:
    """A network's prediction at `xt`, whatever it `predicts`, as x0_hat (B, *D).

    Another `predicts` than "eps", "x0" or "v" is a `ValueError`. Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> t, schedule = torch.tensor([1]), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> round(as_x0(torch.ones(1), torch.tensor([1.4]), t, schedule, "eps").item(), 4)
        1.0
    """
    _check_predicts(predicts)
    if predicts == "eps":
        return predict_x0(xt, t, prediction, schedule)
    if predicts == "v":
        return x0_from_velocity(xt, t, prediction, schedule)
    return prediction


@shapes(prediction="B *D: float", xt="B *D: float", t=STEP)
def as_eps(
    prediction: torch.Tensor,
    xt: torch.Tensor,
    t: torch.Tensor,
    schedule: NoiseSchedule,
    predicts: str,
) -> torch.Tensor:
    """A network's prediction at `xt`, whatever it `predicts`, as eps_hat (B, *D).

    Another `predicts` than "eps", "x0" or "v" is a `ValueError`. Taught in: chapter 05.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> t, schedule = torch.tensor([1]), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> as_eps(torch.tensor([7.0]), torch.tensor([1.4]), t, schedule, "eps").item()
        7.0
    """
    _check_predicts(predicts)
    if predicts == "x0":
        return predict_eps(xt, t, prediction, schedule)
    if predicts == "v":
        noise = at((1 - schedule.alpha_bar).sqrt(), t, xt)
        return noise * xt + at(schedule.alpha_bar.sqrt(), t, xt) * prediction
    return prediction


def training_target(
    x0: torch.Tensor,
    eps: torch.Tensor,
    t: torch.Tensor,
    schedule: NoiseSchedule,
    predicts: str,
) -> torch.Tensor:
    """What a network that `predicts` "eps", "x0" or "v" is trained on (B, *D).

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> t, schedule = torch.tensor([1]), NoiseSchedule(torch.tensor([0, 0.64]))
        >>> training_target(torch.tensor([3.0]), torch.tensor([7.0]), t, schedule, "x0").item()
        3.0
    """
    _check_predicts(predicts)
    if predicts == "v":
        return velocity(x0, eps, t, schedule)
    return eps if predicts == "eps" else x0


def _check_predicts(predicts: str) -> None:
    if predicts not in PREDICTS:
        raise ValueError(f"predicts is {predicts!r}, wanted one of {PREDICTS}")
