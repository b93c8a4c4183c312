"""5.3 All steps at once."""

import math

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.diffusion import q_sample as definition
from dgm.schedule import (
    at,
    cumulative_alpha,  # cumulative_alpha
)


def cases(g):
    for x, y, t, schedule in draw.diffused(g):
        yield Call(x, t, y, schedule)


# Right, in ways that differ.


def right_angle(x0, t, eps, schedule):
    """cosine and sine of one angle"""
    angle = torch.arccos(schedule.alpha_bar[t].sqrt())
    for _ in range(x0.dim() - 1):
        angle = angle.unsqueeze(-1)
    return (angle.cos() * x0 + angle.sin() * eps).to(x0.dtype)


def right_at(x0, t, eps, schedule):
    mean = at(schedule.alpha_bar.sqrt(), t, x0) * x0
    return mean + at((1 - schedule.alpha_bar).sqrt(), t, x0) * eps


def right_flat(x0, t, eps, schedule):
    bar = schedule.alpha_bar.to(x0.dtype)[t][:, None]
    flat = bar.sqrt() * x0.reshape(len(x0), -1) + (1 - bar).sqrt() * eps.reshape(len(x0), -1)
    return flat.reshape(x0.shape)


def right_float32_coefficients(x0, t, eps, schedule):
    signal = torch.tensor([math.sqrt(schedule.alpha_bar[k]) for k in t.tolist()])
    noise = torch.tensor([math.sqrt(1 - schedule.alpha_bar[k]) for k in t.tolist()])
    shape = [len(t)] + [1] * (x0.dim() - 1)
    return signal.reshape(shape) * x0 + noise.reshape(shape) * eps


def _extract_gather(table, t, shape):
    return table.gather(-1, t).reshape(t.shape[0], *((1,) * (len(shape) - 1)))


def right_gather(x0, t, eps, schedule):
    """the function `extract` of many repositories"""
    mean = _extract_gather(schedule.alpha_bar**0.5, t, x0.shape) * x0
    return (mean + _extract_gather((1 - schedule.alpha_bar) ** 0.5, t, x0.shape) * eps).to(x0.dtype)


def right_lerp_of_transposed(x0, t, eps, schedule):
    bar = schedule.alpha_bar[t].to(x0.dtype)
    out = bar.sqrt() * x0.movedim(0, -1) + (1 - bar).sqrt() * eps.movedim(0, -1)
    return out.movedim(-1, 0)


def right_loop(x0, t, eps, schedule):
    rows = []
    for row, k, noise in zip(x0, t.tolist(), eps):
        bar = float(schedule.alpha_bar[k])
        rows.append(row * bar**0.5 + noise * (1 - bar) ** 0.5)
    return torch.stack(rows)


def right_own_product(x0, t, eps, schedule):
    """through the student's own table"""
    bar = cumulative_alpha(schedule.beta)[t].reshape(len(t), *([1] * (x0.ndim - 1))).to(x0)
    return torch.addcmul(bar.sqrt() * x0, (1 - bar).sqrt(), eps)


def right_t_reshaped(x0, t, eps, schedule):
    bar = schedule.alpha_bar[t.view(t.shape + (1,) * (x0.ndim - 1))].type_as(x0)
    return torch.sqrt(bar) * x0 + torch.sqrt(1.0 - bar) * eps


def right_view(x0, t, eps, schedule):
    bar = schedule.alpha_bar[t].to(x0.dtype).view(-1, *[1] * (x0.dim() - 1))
    return bar.sqrt() * x0 + (1 - bar).sqrt() * eps


# Mistakes, and what a student is told.


def wrong_alpha(x0, t, eps, schedule):
    """alpha is one step; alpha_bar is all of them"""
    alpha = at(schedule.alpha, t, x0)
    return alpha.sqrt() * x0 + (1 - alpha).sqrt() * eps


def wrong_always_float32(x0, t, eps, schedule):
    """float32 out, whatever comes in"""
    bar = schedule.alpha_bar[t].float().view(-1, *[1] * (x0.dim() - 1))
    return bar.sqrt() * x0.float() + (1 - bar).sqrt() * eps.float()


def wrong_beta(x0, t, eps, schedule):
    """beta is the noise of the last step; all steps together make 1 - alpha_bar"""
    return at(schedule.alpha_bar, t, x0).sqrt() * x0 + at(schedule.beta, t, x0).sqrt() * eps


def wrong_clamped(x0, t, eps, schedule):
    """nothing is clipped: noise has no range"""
    bar = at(schedule.alpha_bar, t, x0)
    return (bar.sqrt() * x0 + (1 - bar).sqrt() * eps).clamp(-1, 1)


def wrong_float64(x0, t, eps, schedule):
    """float64 out for float32 in"""
    bar = schedule.alpha_bar[t].view(-1, *[1] * (x0.dim() - 1))
    return bar.sqrt() * x0 + (1 - bar).sqrt() * eps


def wrong_images_only(x0, t, eps, schedule):
    """right for images alone"""
    bar = schedule.alpha_bar[t].view(-1, 1, 1, 1).to(x0.dtype)
    return bar.sqrt() * x0 + (1 - bar).sqrt() * eps


def wrong_in_place(x0, t, eps, schedule):
    """x0 is changed in place"""
    bar = at(schedule.alpha_bar, t, x0)
    return x0.mul_(bar.sqrt()).add_((1 - bar).sqrt() * eps)


def wrong_linear_only(x0, t, eps, schedule):
    """use the schedule that is given; not all have a thousand linear steps"""
    bar = (1 - torch.linspace(1e-4, 0.02, 1000, dtype=x0.dtype)).cumprod(0)[t - 1]
    bar = bar.view(-1, *[1] * (x0.dim() - 1))
    return bar.sqrt() * x0 + (1 - bar).sqrt() * eps


def wrong_mean_t(x0, t, eps, schedule):
    """each row has a step of its own; here one t serves the whole batch"""
    bar = schedule.alpha_bar[t.float().mean().round().long()].item()
    return math.sqrt(bar) * x0 + math.sqrt(1 - bar) * eps


def wrong_no_return(x0, t, eps, schedule):
    """forgot to return"""
    bar = at(schedule.alpha_bar, t, x0)
    xt = bar.sqrt() * x0 + (1 - bar).sqrt() * eps


def wrong_no_root_of_mean(x0, t, eps, schedule):
    """the square root of alpha_bar is missing"""
    bar = at(schedule.alpha_bar, t, x0)
    return bar * x0 + (1 - bar).sqrt() * eps


def wrong_no_roots(x0, t, eps, schedule):
    """both square roots are missing"""
    bar = at(schedule.alpha_bar, t, x0)
    return bar * x0 + (1 - bar) * eps


def wrong_noise_in_place(x0, t, eps, schedule):
    """eps is changed in place"""
    bar = at(schedule.alpha_bar, t, x0)
    eps *= (1 - bar).sqrt()
    return bar.sqrt() * x0 + eps


def wrong_one_minus_root(x0, t, eps, schedule):
    """sqrt(1 - alpha_bar) is not 1 - sqrt(alpha_bar)"""
    root = at(schedule.alpha_bar, t, x0).sqrt()
    return root * x0 + (1 - root) * eps


def wrong_one_t(x0, t, eps, schedule):
    """each row has a step of its own; here one t serves the whole batch"""
    bar = schedule.alpha_bar[t[0].item()].item()
    return math.sqrt(bar) * x0 + math.sqrt(1 - bar) * eps


def wrong_own_noise(x0, t, eps, schedule):
    """draws noise of its own"""
    bar = at(schedule.alpha_bar, t, x0)
    return bar.sqrt() * x0 + (1 - bar).sqrt() * torch.randn(x0.shape, dtype=x0.dtype)


def wrong_rank_two(x0, t, eps, schedule):
    """right for an x of two axes only: here the coefficient is (B, 1, 1), not (B, 1)"""
    bar = schedule.alpha_bar[t].unsqueeze(1).to(x0.dtype)
    return bar.sqrt() * x0 + (1 - bar).sqrt() * eps


def wrong_root_of_that(x0, t, eps, schedule):
    """the variance of the noise is 1 - alpha_bar, not 1 - sqrt(alpha_bar)"""
    root = at(schedule.alpha_bar, t, x0).sqrt()
    return root * x0 + (1 - root).sqrt() * eps


def wrong_same_noise_every_step(x0, t, eps, schedule):
    """t steps with one and the same noise: independent noises add up their variances"""
    rows = []
    for row, k, noise in zip(x0, t.tolist(), eps):
        for s in range(1, k + 1):
            row = schedule.alpha[s].sqrt() * row + schedule.beta[s].sqrt() * noise
        rows.append(row)
    return torch.stack(rows)


def wrong_summed_variance(x0, t, eps, schedule):
    """earlier noise shrinks too: the variance is 1 - alpha_bar, not the sum of the betas"""
    variance = at(schedule.beta.cumsum(0), t, x0)
    return at(schedule.alpha_bar, t, x0).sqrt() * x0 + variance.sqrt() * eps


def wrong_swapped(x0, t, eps, schedule):
    """the coefficients have changed places"""
    bar = at(schedule.alpha_bar, t, x0)
    return (1 - bar).sqrt() * x0 + bar.sqrt() * eps


def wrong_t_minus_one(x0, t, eps, schedule):
    """this is x_(t-1): entry t of a table belongs to step t"""
    bar = at(schedule.alpha_bar, t - 1, x0)
    return bar.sqrt() * x0 + (1 - bar).sqrt() * eps


def wrong_variance(x0, t, eps, schedule):
    """1 - alpha_bar is a variance: noise is multiplied by a standard deviation"""
    bar = at(schedule.alpha_bar, t, x0)
    return bar.sqrt() * x0 + (1 - bar) * eps


def wrong_zero_based(x0, t, eps, schedule):
    """this is x_(t+1): entry t of a table belongs to step t"""
    bar = schedule.alpha_bar[t + 1].view(-1, *[1] * (x0.dim() - 1)).to(x0)
    return bar.sqrt() * x0 + (1 - bar).sqrt() * eps
