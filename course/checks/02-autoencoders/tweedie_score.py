"""TITLE."""

import math

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.exact.denoiser import tweedie_score as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_autograd(x_noisy, denoised, sigma):
    # the slope of -|x - denoised|^2 / (2 sigma^2), with denoised held
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


# Mistakes, and what a student is told.


def wrong_at_zero(x_noisy, denoised, sigma):
    """the score of a Gaussian about 0: denoised is not used"""
    return -x_noisy / sigma**2


def wrong_batch_mean(x_noisy, denoised, sigma):
    """one mean score for the batch"""
    return ((denoised - x_noisy) / sigma**2).mean(0)


def wrong_brackets(x_noisy, denoised, sigma):
    """the brackets are missing: only x_noisy is divided"""
    return denoised - x_noisy / sigma**2


def wrong_eps(x_noisy, denoised, sigma):
    """that is the predicted noise; the score is minus it, over sigma"""
    return (x_noisy - denoised) / sigma


def wrong_half(x_noisy, denoised, sigma):
    """half of it: there is no 1/2 in this formula"""
    return (denoised - x_noisy) / (2 * sigma**2)


def wrong_in_place(x_noisy, denoised, sigma):
    """the step is made in the caller's denoised"""
    denoised -= x_noisy
    denoised /= sigma**2
    return denoised


def wrong_log_density(x_noisy, denoised, sigma):
    """the logarithm of the density up to a constant, and not its slope"""
    return -((denoised - x_noisy) ** 2) / (2 * sigma**2)


def wrong_multiplied(x_noisy, denoised, sigma):
    """multiplied by sigma squared; wanted divided"""
    return (denoised - x_noisy) * sigma**2


def wrong_not_divided(x_noisy, denoised, sigma):
    """the step itself: divide it by sigma squared"""
    return denoised - x_noisy


def wrong_one_plus(x_noisy, denoised, sigma):
    """divided by 1 + sigma squared; wanted sigma squared"""
    return (denoised - x_noisy) / (1 + sigma**2)


def wrong_root(x_noisy, denoised, sigma):
    """divided by the root of sigma"""
    return (denoised - x_noisy) / math.sqrt(sigma)


def wrong_sigma(x_noisy, denoised, sigma):
    """divided by sigma; wanted sigma squared"""
    return (denoised - x_noisy) / sigma


def wrong_sign(x_noisy, denoised, sigma):
    """the sign is turned: the score points from the noisy to the clean"""
    return (x_noisy - denoised) / sigma**2


def wrong_unit_length(x_noisy, denoised, sigma):
    """the direction only, brought to length 1"""
    step = denoised - x_noisy
    return step / step.flatten(1).norm(dim=1).reshape(-1, *[1] * (step.dim() - 1))
