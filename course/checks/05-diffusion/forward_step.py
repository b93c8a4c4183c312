"""5.1 One step."""

import math

import numpy as np
import torch
from torch.distributions import AffineTransform

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.diffusion import forward_step as definition
from dgm.schedule import at


def cases(g):
    for x, y, t, schedule in draw.diffused(g):
        yield Call(x, t, y, schedule)


# Right, in ways that differ.


def right_at(x, t, eps, schedule):
    return at(schedule.alpha, t, x) ** 0.5 * x + at(schedule.beta, t, x) ** 0.5 * eps


def right_distributions(x, t, eps, schedule):
    """the noise of a Normal is a shift and a scale"""
    beta = schedule.beta[t]
    while beta.dim() < x.dim():
        beta = beta.unsqueeze(-1)
    mean = (1 - beta).sqrt() * x
    return AffineTransform(mean, beta.sqrt().expand_as(x))(eps).to(x.dtype)


def right_einsum(x, t, eps, schedule):
    shrink = schedule.alpha.sqrt()[t].to(x)
    noise = schedule.beta.sqrt()[t].to(x)
    return torch.einsum("b...,b->b...", x, shrink) + torch.einsum("b...,b->b...", eps, noise)


def right_float32_coefficients(x, t, eps, schedule):
    signal = torch.tensor([math.sqrt(1 - schedule.beta[k]) for k in t])
    noise = torch.tensor([math.sqrt(schedule.beta[k]) for k in t])
    for _ in range(x.dim() - 1):
        signal, noise = signal.unsqueeze(-1), noise.unsqueeze(-1)
    return signal * x + noise * eps


def right_in_place_on_copy(x, t, eps, schedule):
    out = torch.empty_like(x)
    for i, k in enumerate(t.tolist()):
        out[i] = x[i]
        out[i] *= schedule.alpha[k] ** 0.5
        out[i] += eps[i] * schedule.beta[k] ** 0.5
    return out


def right_logs(x, t, eps, schedule):
    log_alpha = torch.log1p(-schedule.beta[t]).to(x.dtype)
    log_alpha = log_alpha.reshape([-1] + [1] * (x.ndim - 1))
    return x * torch.exp(log_alpha / 2) + eps * torch.sqrt(-torch.expm1(log_alpha))


def right_loop(x, t, eps, schedule):
    rows = []
    for i in range(len(x)):
        b = schedule.beta[t[i]].item()
        rows.append(math.sqrt(1 - b) * x[i] + math.sqrt(b) * eps[i])
    return torch.stack(rows)


def right_numpy(x, t, eps, schedule):
    beta = np.asarray(schedule.beta)[np.asarray(t)].reshape((-1,) + (1,) * (x.ndim - 1))
    out = np.sqrt(1 - beta) * np.asarray(x) + np.sqrt(beta) * np.asarray(eps)
    return torch.from_numpy(out).to(x.dtype)


def right_view(x, t, eps, schedule):
    beta = schedule.beta[t].to(x.dtype).view(-1, *[1] * (x.dim() - 1))
    return (1 - beta).sqrt() * x + beta.sqrt() * eps


# Mistakes, and what a student is told.


def wrong_alpha_bar(x, t, eps, schedule):
    """alpha_bar goes all the way from x_0; one step takes alpha"""
    alpha_bar = at(schedule.alpha_bar, t, x)
    return alpha_bar.sqrt() * x + (1 - alpha_bar).sqrt() * eps


def wrong_alpha_bar_noise(x, t, eps, schedule):
    """1 - alpha_bar is the noise of all steps; one step adds beta"""
    return at(schedule.alpha, t, x).sqrt() * x + (1 - at(schedule.alpha_bar, t, x)).sqrt() * eps


def wrong_always_float32(x, t, eps, schedule):
    """float32 out, whatever comes in"""
    beta = schedule.beta[t].view(-1, *[1] * (x.dim() - 1))
    return ((1 - beta).sqrt() * x + beta.sqrt() * eps).float()


def wrong_changes_schedule(x, t, eps, schedule):
    """the schedule's table is written into"""
    beta = schedule.beta
    beta.sqrt_()
    beta = at(beta, t, x)
    return (1 - beta**2).sqrt() * x + beta * eps


def wrong_float64(x, t, eps, schedule):
    """float64 out for float32 in"""
    beta = schedule.beta[t].view(-1, *[1] * (x.dim() - 1))
    return (1 - beta).sqrt() * x + beta.sqrt() * eps


def wrong_images_only(x, t, eps, schedule):
    """right for images alone"""
    beta = schedule.beta[t][:, None, None, None].to(x.dtype)
    return (1 - beta).sqrt() * x + beta.sqrt() * eps


def wrong_in_place(x, t, eps, schedule):
    """x is changed in place"""
    x *= at(schedule.alpha, t, x).sqrt()
    x += at(schedule.beta, t, x).sqrt() * eps
    return x


def wrong_linear_only(x, t, eps, schedule):
    """use the schedule that is given; not all have a thousand linear steps"""
    beta = torch.linspace(1e-4, 0.02, 1000, dtype=x.dtype)[t - 1]
    beta = beta.view(-1, *[1] * (x.dim() - 1))
    return (1 - beta).sqrt() * x + beta.sqrt() * eps


def wrong_minus(x, t, eps, schedule):
    """add the noise; here it is taken off"""
    return at(schedule.alpha, t, x).sqrt() * x - at(schedule.beta, t, x).sqrt() * eps


def wrong_no_reshape(x, t, eps, schedule):
    """the coefficient runs along the last axis: its shape is (B, 1, 1) here, not (B,)"""
    beta = schedule.beta[t].to(x.dtype)
    return (1 - beta).sqrt() * x + beta.sqrt() * eps


def wrong_no_return(x, t, eps, schedule):
    """forgot to return"""
    beta = at(schedule.beta, t, x)
    out = (1 - beta).sqrt() * x + beta.sqrt() * eps


def wrong_no_root_of_alpha(x, t, eps, schedule):
    """the square root of alpha is missing"""
    beta = at(schedule.beta, t, x)
    return (1 - beta) * x + beta.sqrt() * eps


def wrong_no_roots(x, t, eps, schedule):
    """both square roots are missing"""
    beta = at(schedule.beta, t, x)
    return (1 - beta) * x + beta * eps


def wrong_not_shrunk(x, t, eps, schedule):
    """x has to shrink, by sqrt(alpha)"""
    return x + at(schedule.beta, t, x).sqrt() * eps


def wrong_one_minus_root(x, t, eps, schedule):
    """sqrt(1 - alpha) is not 1 - sqrt(alpha)"""
    root = at(schedule.alpha, t, x).sqrt()
    return root * x + (1 - root) * eps


def wrong_one_t(x, t, eps, schedule):
    """each row has a step of its own; here one t serves the whole batch"""
    beta = schedule.beta[t[0]]
    return (1 - beta).sqrt() * x + beta.sqrt() * eps


def wrong_own_noise(x, t, eps, schedule):
    """draws noise of its own"""
    beta = at(schedule.beta, t, x)
    return (1 - beta).sqrt() * x + beta.sqrt() * torch.randn_like(x)


def wrong_rank_two(x, t, eps, schedule):
    """right for an x of two axes only: here the coefficient is (B, 1, 1), not (B, 1)"""
    beta = schedule.beta[t][:, None].to(x.dtype)
    return (1 - beta).sqrt() * x + beta.sqrt() * eps


def wrong_swapped(x, t, eps, schedule):
    """the coefficients have changed places: nearly all of x is kept"""
    beta = at(schedule.beta, t, x)
    return beta.sqrt() * x + (1 - beta).sqrt() * eps


def wrong_t_minus_one(x, t, eps, schedule):
    """this is step t - 1: entry t of a table belongs to step t"""
    beta = at(schedule.beta, t - 1, x)
    return (1 - beta).sqrt() * x + beta.sqrt() * eps


def wrong_t_plus_one(x, t, eps, schedule):
    """this is step t + 1: entry t of a table belongs to step t"""
    beta = at(schedule.beta, t + 1, x)
    return (1 - beta).sqrt() * x + beta.sqrt() * eps


def wrong_variance(x, t, eps, schedule):
    """beta is a variance: noise is multiplied by a standard deviation"""
    beta = at(schedule.beta, t, x)
    return (1 - beta).sqrt() * x + beta * eps
