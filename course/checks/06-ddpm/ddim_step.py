"""TITLE."""

import math

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.ddim import ddim_step as definition
from dgm.diffusion import predict_x0
from dgm.schedule import at


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_from_xt(xt, t, s, eps_hat, z, schedule, eta=0.0):
    a, b = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    sigma = eta * torch.sqrt((1 - b) / (1 - a)) * torch.sqrt(1 - a / b)
    r = torch.sqrt(b / a)
    return r * xt + (torch.sqrt(1 - b - sigma**2) - r * torch.sqrt(1 - a)) * eps_hat + sigma * z


def right_library(xt, t, s, eps_hat, z, schedule, eta=0.0):
    x0_hat = predict_x0(xt, t, eps_hat, schedule)
    now, then = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    var = eta**2 * (1 - then) * (then - now) / (then * (1 - now))
    direction = torch.sqrt((1 - then - var).clamp(min=0)) * eps_hat
    return then.sqrt() * x0_hat + direction + var.sqrt() * z


def right_plain(xt, t, s, eps_hat, z, schedule, eta=0.0):
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def right_row_by_row(xt, t, s, eps_hat, z, schedule, eta=0.0):
    out = []
    for i in range(len(xt)):
        a, b = schedule.alpha_bar[t[i]].item(), schedule.alpha_bar[s[i]].item()
        sigma = eta * math.sqrt((1 - b) / (1 - a) * (1 - a / b))
        x0 = (xt[i] - math.sqrt(1 - a) * eps_hat[i]) / math.sqrt(a)
        out.append(
            math.sqrt(b) * x0 + math.sqrt(max(1 - b - sigma**2, 0)) * eps_hat[i] + sigma * z[i]
        )
    return torch.stack(out)


def right_where(xt, t, s, eps_hat, z, schedule, eta=0.0):
    view = (-1, *[1] * (xt.dim() - 1))
    ab = schedule.alpha_bar.to(xt.dtype)
    a, b = ab[t].reshape(view), ab[s].reshape(view)
    x0 = (xt - torch.sqrt(1 - a) * eps_hat) / torch.sqrt(a)
    var = (1 - b) / (1 - a) * (1 - a / b) * eta * eta
    x = torch.sqrt(b) * x0 + torch.sqrt(1 - b - var) * eps_hat + torch.sqrt(var) * z
    return torch.where((s == 0).reshape(view), x0, x)


# Mistakes, and what a student is told.


def wrong_alpha_for_alpha_bar(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """alpha in place of alpha_bar"""
    ab_t, ab_s = at(schedule.alpha, t, xt), at(schedule.alpha, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = 0 * ab_t
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_beta(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 1.0: sigma^2 is not beta"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * at(schedule.beta, t, xt).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).clamp(min=0).sqrt() * eps_hat + sigma * z


def wrong_beta_tilde(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 1.0: beta_tilde is sigma^2 for s = t - 1 alone; s may be any"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * at(schedule.beta_tilde, t, xt).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).clamp(min=0).sqrt() * eps_hat + sigma * z


def wrong_direction_whole(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 1.0: what z adds has to be taken off: sqrt(1 - alpha_bar_s - sigma^2)"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s).sqrt() * eps_hat + sigma * z


def wrong_eta_always_one(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 0.0: eta is not used: this is eta = 1"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_eta_ignored(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 1.0: eta is not used: this is eta = 0"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = 0 * ab_t
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_eta_under_the_root(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 0.6: eta stands before the root, and here its root is taken"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = (eta * (1 - ab_s) / (1 - ab_t) * (1 - ab_t / ab_s)).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_float64(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """float32 in, float64 out"""
    view = (-1, *[1] * (xt.dim() - 1))
    a, b = schedule.alpha_bar[t].view(view), schedule.alpha_bar[s].view(view)
    sigma = eta * ((1 - b) / (1 - a)).sqrt() * (1 - a / b).sqrt()
    x0_hat = (xt - (1 - a).sqrt() * eps_hat) / a.sqrt()
    return b.sqrt() * x0_hat + (1 - b - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_fresh_noise(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 0.0: the noise that was seen is put back, not a new one: eps_hat, not z"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s).sqrt() * z


def wrong_in_place(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """changes xt in place"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    xt -= (1 - ab_t).sqrt() * eps_hat
    x0_hat = xt / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_nan_at_zero(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """NaN in rows with (t, s) = [(5, 0), (1, 0)], eta = 0.0: the root of a number below 0, or 0
    / 0? At s = 0 the result is x0_hat"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return (
        ab_s.sqrt() * x0_hat
        + (1 - ab_s - sigma**2) / (1 - ab_s - sigma**2).sqrt() * eps_hat
        + sigma * z
    )


def wrong_no_direction(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 0.0: the direction to xt is missing: sqrt(1 - alpha_bar_s - sigma^2) eps_hat"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + sigma * z


def wrong_no_return(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """no return"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    xs = ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_no_root(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 0.0: x0_hat is multiplied by the root of alpha_bar_s"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_no_root_of_ratio(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 1.0: a square root is missing in sigma: its first factor"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)) * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_noise_added(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 0.0: x0_hat takes the noise off"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt + (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_one_t(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 0.0: each row has its own t and s; these are the first row's for all"""
    t, s = t[:1].expand(len(t)), s[:1].expand(len(s))
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_only_two_axes(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """laid out for rows alone: pictures are mixed up"""
    a, b = schedule.alpha_bar[t][:, None], schedule.alpha_bar[s][:, None]
    sigma = eta * ((1 - b) / (1 - a)).sqrt() * (1 - a / b).sqrt()
    x0_hat = (xt - (1 - a).sqrt() * eps_hat) / a.sqrt()
    return b.sqrt() * x0_hat + (1 - b - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_own_noise(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """twice the same z gave two samples: draw no noise, use the z you are given"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return (
        ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * torch.randn_like(z)
    )


def wrong_places_swapped(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """t and s have changed places"""
    ab_s, ab_t = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = 0 * ab_t
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_s_is_t_minus_one(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 0.0: s is an argument; this is the step to t - 1"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_sigma_is_variance(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 1.0: both square roots are missing in sigma"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)) * (1 - ab_t / ab_s)
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_sigma_not_squared(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 1.0: under the root stands sigma squared, not sigma"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma).clamp(min=0).sqrt() * eps_hat + sigma * z


def wrong_sigma_squared_noise(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 1.0: sigma stands before z, not its square"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma**2 * z


def wrong_sigma_upside_down(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 1.0: t and s have changed places in sigma: 1 - alpha_bar_s stands on top"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_t) / (1 - ab_s).clamp(min=1e-9)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).clamp(min=0).sqrt() * eps_hat + sigma * z


def wrong_x0_not_divided(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 0.0: x0_hat is divided by sqrt(alpha_bar_t)"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = xt - (1 - ab_t).sqrt() * eps_hat
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_x0_only(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """eta = 0.0: this is x0_hat; it has to be noised again, to step s"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return x0_hat
