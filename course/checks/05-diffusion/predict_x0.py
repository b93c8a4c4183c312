"""5.7 The data, from the noise."""

import math

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.diffusion import (
    posterior_mean_from_eps,  # posterior_mean_from_eps
    q_sample,  # q_sample
)
from dgm.diffusion import predict_x0 as definition
from dgm.schedule import at


def cases(g):
    for x, y, t, schedule in draw.diffused(g):
        yield Call(x, t, y, schedule).but(gradient=True)


# Right, in ways that differ.


def right_at(xt, t, eps, schedule):
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - (1 - bar) ** 0.5 * eps) / bar**0.5


def right_float32_coefficients(xt, t, eps, schedule):
    bar = schedule.alpha_bar[t].float()
    while bar.dim() < xt.dim():
        bar = bar[..., None]
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()


def right_logs(xt, t, eps, schedule):
    log_bar = torch.log1p(-schedule.beta).cumsum(0)
    a = torch.exp(-log_bar / 2)[t].to(xt)
    b = torch.sqrt(torch.expm1(-log_bar))[t].to(xt)
    return torch.einsum("b,b...->b...", a, xt) - torch.einsum("b,b...->b...", b, eps)


def right_loop(xt, t, eps, schedule):
    rows = []
    for row, k, noise in zip(xt, t.tolist(), eps):
        bar = schedule.alpha_bar[k].item()
        rows.append((row - math.sqrt(1 - bar) * noise) / math.sqrt(bar))
    return torch.stack(rows)


def right_snr(xt, t, eps, schedule):
    """the noise-to-signal ratio"""
    ratio = schedule.snr[t] ** -0.5
    signal = schedule.alpha_bar[t].sqrt()
    while ratio.dim() < xt.dim():
        ratio, signal = ratio[..., None], signal[..., None]
    return (xt / signal - ratio * eps).to(xt.dtype)


def right_solve(xt, t, eps, schedule):
    """q_sample is linear in x0: take off what it makes of x0 = 0, divide by what it makes of 1"""
    shift = q_sample(torch.zeros_like(xt), t, eps, schedule)
    scale = q_sample(torch.ones_like(xt), t, torch.zeros_like(xt), schedule)
    return (xt - shift) / scale


def right_velocity_like(xt, t, eps, schedule):
    """cosine and sine"""
    angle = torch.acos(schedule.alpha_bar.sqrt())[t].reshape([len(t)] + [1] * (xt.ndim - 1))
    return (xt / angle.cos() - angle.tan() * eps).to(xt.dtype)


def right_view(xt, t, eps, schedule):
    bar = schedule.alpha_bar[t].view(-1, *[1] * (xt.dim() - 1)).to(xt.dtype)
    return bar.rsqrt() * xt - (1 / bar - 1).sqrt() * eps


# Mistakes, and what a student is told.


def wrong_all_noise(xt, t, eps, schedule):
    """eps has variance 1; in x_t it stands with sqrt(1 - alpha_bar)"""
    return (xt - eps) / at(schedule.alpha_bar, t, xt).sqrt()


def wrong_alpha(xt, t, eps, schedule):
    """alpha is one step; alpha_bar is all of them"""
    alpha = at(schedule.alpha, t, xt)
    return (xt - (1 - alpha).sqrt() * eps) / alpha.sqrt()


def wrong_brackets(xt, t, eps, schedule):
    """all of it is divided by sqrt(alpha_bar): are the brackets there?"""
    bar = at(schedule.alpha_bar, t, xt)
    return xt / bar.sqrt() - (1 - bar).sqrt() * eps


def wrong_clamped(xt, t, eps, schedule):
    """nothing is clipped: nobody said that data lie between -1 and 1"""
    bar = at(schedule.alpha_bar, t, xt)
    return ((xt - (1 - bar).sqrt() * eps) / bar.sqrt()).clamp(-1, 1)


def wrong_float64(xt, t, eps, schedule):
    """float64 out for float32 in"""
    bar = schedule.alpha_bar[t].view(-1, *[1] * (xt.dim() - 1))
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()


def wrong_floor(xt, t, eps, schedule):
    """at alpha_bar = 0.000040 it should still be x0: no clamp, no epsilon"""
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt().clamp(min=0.1)


def wrong_images_only(xt, t, eps, schedule):
    """right for images alone"""
    bar = schedule.alpha_bar[t][:, None, None, None].to(xt)
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()


def wrong_in_place(xt, t, eps, schedule):
    """xt is changed in place"""
    bar = at(schedule.alpha_bar, t, xt)
    xt -= (1 - bar).sqrt() * eps
    xt /= bar.sqrt()
    return xt


@torch.no_grad()
def wrong_no_grad(xt, t, eps, schedule):
    """no gradient reaches eps: stay in torch, without .detach() and NumPy"""
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()


def wrong_no_return(xt, t, eps, schedule):
    """forgot to return"""
    bar = at(schedule.alpha_bar, t, xt)
    x0 = (xt - (1 - bar).sqrt() * eps) / bar.sqrt()


def wrong_no_root_below(xt, t, eps, schedule):
    """divide by the square root of alpha_bar"""
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - (1 - bar).sqrt() * eps) / bar


def wrong_no_root_of_noise(xt, t, eps, schedule):
    """the square root of 1 - alpha_bar is missing"""
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - (1 - bar) * eps) / bar.sqrt()


def wrong_no_roots(xt, t, eps, schedule):
    """both square roots are missing"""
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - (1 - bar) * eps) / bar


def wrong_not_divided(xt, t, eps, schedule):
    """what is left when the noise is off is still small: divide by sqrt(alpha_bar)"""
    return xt - at((1 - schedule.alpha_bar).sqrt(), t, xt) * eps


def wrong_numpy(xt, t, eps, schedule):
    """no gradient reaches eps: stay in torch, without .detach() and NumPy"""
    bar = at(schedule.alpha_bar, t, xt).numpy()
    out = (xt.detach().numpy() - (1 - bar) ** 0.5 * eps.detach().numpy()) / bar**0.5
    return torch.from_numpy(out)


def wrong_one_minus_root(xt, t, eps, schedule):
    """sqrt(1 - alpha_bar) is not 1 - sqrt(alpha_bar)"""
    root = at(schedule.alpha_bar, t, xt).sqrt()
    return (xt - (1 - root) * eps) / root


def wrong_one_step(xt, t, eps, schedule):
    """this is one step back, exercise 6; x0 is all the way"""
    return posterior_mean_from_eps(xt, t, eps, schedule)


def wrong_one_t(xt, t, eps, schedule):
    """each row has a step of its own; here one t serves the whole batch"""
    bar = schedule.alpha_bar[t.max()].item()
    return (xt - (1 - bar) ** 0.5 * eps) / bar**0.5


def wrong_plus(xt, t, eps, schedule):
    """the noise is taken off, not added"""
    bar = at(schedule.alpha_bar, t, xt)
    return (xt + (1 - bar).sqrt() * eps) / bar.sqrt()


def wrong_rank_two(xt, t, eps, schedule):
    """right for an x of two axes only: here the coefficient is (B, 1, 1), not (B, 1)"""
    bar = schedule.alpha_bar[t].unsqueeze(-1).to(xt)
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()


def wrong_swapped(xt, t, eps, schedule):
    """the two roots have changed places"""
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - bar.sqrt() * eps) / (1 - bar).sqrt()


def wrong_t_minus_one(xt, t, eps, schedule):
    """this uses step t - 1: entry t of a table belongs to step t"""
    bar = at(schedule.alpha_bar, t - 1, xt)
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()


def wrong_times(xt, t, eps, schedule):
    """divide by sqrt(alpha_bar): x0 had shrunk, and grows again"""
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - (1 - bar).sqrt() * eps) * bar.sqrt()
