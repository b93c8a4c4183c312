"""2.7 What a denoiser knows of the density."""

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.exact.denoiser import tweedie_score as definition


def cases(g):
    for shape, sigma in (((5, 3), 0.6), ((2, 1, 2, 3), 1.7), ((1, 4), 1e-3)):
        yield Call(2 * draw.normal(g, *shape), draw.normal(g, *shape), sigma).but(dtype="float")


# Right, in ways that differ.


def right_autograd(x_noisy, denoised, sigma):
    """the slope of -|x - denoised|^2 / (2 sigma^2), with denoised held"""
    x = x_noisy.detach().clone().requires_grad_()
    height = -((x - denoised.detach()) ** 2).sum() / (2 * sigma**2)
    return torch.autograd.grad(height, x)[0]


def right_formula(x_noisy, denoised, sigma):
    return (denoised - x_noisy) / (sigma * sigma)


def right_from_eps(x_noisy, denoised, sigma):
    eps_hat = (x_noisy - denoised) / sigma
    return -eps_hat / sigma


def right_loop(x_noisy, denoised, sigma):
    rows = []
    for a, b in zip(x_noisy, denoised):
        rows.append((b - a) * sigma**-2)
    return torch.stack(rows)


def right_numpy(x_noisy, denoised, sigma):
    return torch.from_numpy(
        np.subtract(denoised.numpy(), x_noisy.numpy()) / np.square(float(sigma))
    )


def right_negated(x_noisy, denoised, sigma):
    return x_noisy.sub(denoised).mul(-((1 / sigma) ** 2))


# Mistakes, and what a student is told.

SCORE = "(denoised - x_noisy) / sigma**2"

wrong_at_zero = change("the score of a Gaussian about 0: denoised is not used", SCORE, "-x_noisy / sigma**2")  # fmt: skip
wrong_batch_mean = change("one mean score for the batch; each row has its own", SCORE, "(" + SCORE + ").mean(0)")  # fmt: skip
wrong_brackets = change("the difference is divided, and not x_noisy alone: brackets", SCORE, "denoised - x_noisy / sigma**2")  # fmt: skip
wrong_clipped = change("the score is clipped; it may be as steep as it likes", SCORE, "(" + SCORE + ").clamp(-50, 50)")  # fmt: skip
wrong_eps = change("that is the predicted noise; the score is minus it, over sigma", SCORE, "(x_noisy - denoised) / sigma")  # fmt: skip
wrong_epsilon = change("a small number is added to sigma squared; sigma is above 0", "/ sigma**2", "/ (sigma**2 + 1e-8)")  # fmt: skip
wrong_half = change("half of it: there is no 1/2 in this formula", "sigma**2", "(2 * sigma**2)")
wrong_in_place = change(
    "denoised is changed in place: it belongs to the caller, so work on a copy",
    SCORE,
    "denoised.sub_(x_noisy).div_(sigma**2)",
)
wrong_in_place_of_x = change(
    "x_noisy is changed in place: it belongs to the caller, so work on a copy",
    SCORE,
    "x_noisy.sub_(denoised) / -sigma**2",
)
wrong_log_density = change(
    "the logarithm of a density, up to a constant; its slope is wanted",
    SCORE,
    "-((denoised - x_noisy) ** 2) / (2 * sigma**2)",
)
wrong_multiplied = change("multiplied by sigma squared; divide by it", "/ sigma**2", "* sigma**2")
wrong_not_divided = change("the step itself: divide it by sigma squared", "/ sigma**2", "")
wrong_one_plus = change("divided by 1 + sigma squared; sigma squared is wanted", "/ sigma**2", "/ (1 + sigma**2)")  # fmt: skip
wrong_root = change("divided by the root of sigma; sigma squared is wanted", "sigma**2", "sigma**0.5")  # fmt: skip
wrong_sigma = change("divided by sigma; sigma squared is wanted", "sigma**2", "sigma")
wrong_sign = change(
    "the sign is turned: the score points from the noisy to the clean",
    SCORE,
    "(x_noisy - denoised) / sigma**2",
)
wrong_unit_length = change(
    "the direction only, brought to length 1; divide by sigma squared instead",
    SCORE,
    "torch.nn.functional.normalize((denoised - x_noisy).flatten(1), dim=1).view_as(x_noisy)",
)
