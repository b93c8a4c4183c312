"""How much each step counts in training: weights of the squared error. Taught in: chapter 06."""

import torch

from dgm.diffusion import PREDICTS, STEP
from dgm.schedule import NoiseSchedule, entries
from dgm.validate import shapes


@shapes(t=STEP)
def min_snr_weight(
    t: torch.Tensor, schedule: NoiseSchedule, predicts: str = "eps", gamma: float = 5.0
) -> torch.Tensor:
    """The weight that makes no step count more than its share: min(SNR, gamma) of x0's error.

    The errors of eps and v are multiples of the error of x0, and so are their weights. With
    gamma infinite and `predicts="eps"` it is 1: the simple loss.

    Args:
        t: (B,) steps.
        schedule: the noise schedule.
        predicts: what the error is of, "eps", "x0" or "v".
        gamma: the signal-to-noise ratio above which steps count alike.

    Returns:
        (B,) float64, or float32 on a device without it.

    Raises:
        ValueError: if `t` is not in 1..T, or for another `predicts`.

    Source: Hang et al. 2023 (arXiv 2303.09556), section 3.4. Taught in: chapter 06.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> schedule = NoiseSchedule(torch.tensor([0, 0.1]))  # an SNR of 9
        >>> min_snr_weight(torch.tensor([1]), schedule, "x0").item()
        5.0
    """
    if predicts not in PREDICTS:
        raise ValueError(f"predicts is {predicts!r}, wanted one of {PREDICTS}")
    snr, noise = schedule.snr, 1 - schedule.alpha_bar
    weight = snr.clamp(max=gamma)
    return entries({"eps": weight / snr, "x0": weight, "v": weight * noise}[predicts], t)
