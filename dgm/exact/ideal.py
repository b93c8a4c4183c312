"""The ideal denoiser of a finite data set: what a network with no error at all would predict.

Source: Karras et al. 2022 (arXiv 2206.00364), appendix B.3. Taught in: chapter 06.
"""

import torch

from dgm.diffusion import STEP
from dgm.schedule import NoiseSchedule, at
from dgm.validate import shapes


@shapes(xt="B *D: number", t=STEP, data="N *D: number")
def ideal_denoiser(
    xt: torch.Tensor, t: torch.Tensor, data: torch.Tensor, schedule: NoiseSchedule
) -> torch.Tensor:
    """E[x_0 | x_t] where x_0 is one of the rows of `data`, all equally likely.

    A mean of the data with weights softmax_i(-||x_t - sqrt(alpha_bar_t) x_i||^2 / (2 (1 -
    alpha_bar_t))): their mean for much noise, the nearest of them for little. A sampler that
    follows it ends in a row of `data`.

    Args:
        xt: (B, *D) noisy samples.
        t: (B,) their steps.
        data: (N, *D) the data set.
        schedule: the noise schedule.

    Returns:
        (B, *D); as a model, it predicts x0.

    Raises:
        ValueError: if shapes or dtypes do not agree, or `t` is not in 1..T.

    Source: Karras et al. 2022 (arXiv 2206.00364), eq. 57. Taught in: chapter 06.

    Example:
        >>> from dgm.schedule import NoiseSchedule
        >>> xt, t, data = torch.zeros(1, 1), torch.tensor([5]), torch.tensor([[-1.0], [1.0]])
        >>> ideal_denoiser(xt, t, data, NoiseSchedule.linear(T=10)).tolist()
        [[0.0]]
    """
    x, d = xt.reshape(len(xt), -1), data.reshape(len(data), -1)
    signal, noise = at(schedule.alpha_bar.sqrt(), t, x), at(1 - schedule.alpha_bar, t, x)
    # ||x - s d||^2 = ||x||^2 - 2 s x.d + s^2 ||d||^2, and softmax does not see the first
    logits = (signal * x @ d.T - signal**2 * (d**2).sum(1) / 2) / noise  # (B, N)
    return (torch.softmax(logits, 1) @ d).reshape(xt.shape)
