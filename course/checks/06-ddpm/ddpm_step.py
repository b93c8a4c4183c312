"""TITLE."""

import math

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.ddpm import ddpm_step as definition
from dgm.diffusion import posterior_mean_from_eps, predict_x0, q_posterior
from dgm.schedule import at


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_indexed_sigma(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    sigma = (schedule.beta if variance == "beta" else schedule.beta_tilde).sqrt().clone()
    sigma[1] = 0
    view = (len(t),) + (1,) * (xt.dim() - 1)
    a = schedule.alpha[t].view(view).to(xt)
    ab = schedule.alpha_bar[t].view(view).to(xt)
    return (xt - (1 - a) * eps_hat / (1 - ab) ** 0.5) / a**0.5 + sigma[t].view(view).to(xt) * z


def right_mask(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def right_own_tables(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    ab = torch.cumprod(1 - schedule.beta, 0)
    ab_t, ab_s = at(ab, t, xt), at(ab, t - 1, xt)
    a = ab_t / ab_s
    var = 1 - a if variance == "beta" else (1 - a) * (1 - ab_s) / (1 - ab_t)
    keep = at((torch.arange(len(ab)) != 1).double(), t, xt)
    return xt / a.sqrt() - (1 - a) / ((1 - ab_t) * a).sqrt() * eps_hat + (var * keep).sqrt() * z


def right_row_by_row(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    out = []
    for x, k, e, noise in zip(xt, t.tolist(), eps_hat, z):
        b, a, ab = (
            float(table[k]) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
        )
        x = (x - b / math.sqrt(1 - ab) * e) / math.sqrt(a)
        if k > 1:
            var = b if variance == "beta" else float(schedule.beta_tilde[k])
            x = x + math.sqrt(var) * noise
        out.append(x)
    return torch.stack(out)


def right_through_x0(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    x0_hat = predict_x0(xt, t, eps_hat, schedule)
    mean, var = q_posterior(x0_hat, xt, t, schedule)
    if variance == "beta":
        var = at(schedule.beta, t, xt)
    var = var * (at(torch.arange(schedule.T + 1), t, xt) > 1)
    return mean + torch.sqrt(var) * z


def right_where(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    mean = posterior_mean_from_eps(xt, t, eps_hat, schedule)
    table = {"beta": schedule.beta, "beta_tilde": schedule.beta_tilde}[variance]
    sigma = at(table, t, xt).sqrt()
    last = (t == 1).view(-1, *[1] * (xt.dim() - 1))
    return torch.where(last, mean, mean + sigma * z)


# Mistakes, and what a student is told.


def wrong_all_noise_at_once(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """takes all of the noise off: the mean is x0_hat's"""
    # SAID: variance='beta': this takes all the noise off at once; one step's worth is wanted
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - (1 - alpha_bar).sqrt() * eps_hat) / alpha_bar.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_all_or_none(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """noise for all rows as soon as one has t > 1"""
    # SAID: variance='beta': noise is added in rows whose t is 1: the last step adds none
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = float((t > 1).any())
    return mean + on * var.sqrt() * z


def wrong_alpha_bar_for_alpha(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """divided by sqrt(alpha_bar)"""
    # SAID: variance='beta': divided by sqrt(alpha), not by sqrt(alpha_bar)
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha_bar.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_alpha_for_alpha_bar(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """sqrt(1 - alpha) in place of sqrt(1 - alpha_bar)"""
    # SAID: variance='beta': 1 - alpha_bar stands under the root, not 1 - alpha
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_always_beta(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """variance is not looked at: always beta"""
    # SAID: variance='beta_tilde': this is the step with variance 'beta'
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = beta
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_always_beta_tilde(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """variance is not looked at: always beta_tilde"""
    # SAID: variance='beta': this is the step with variance 'beta_tilde'
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_brackets(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """only the noise's share is divided by sqrt(alpha)"""
    # SAID: variance='beta': brackets: all of it is divided by sqrt(alpha), not the noise alone
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = xt - beta / (1 - alpha_bar).sqrt() * eps_hat / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_coefficients_swapped(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """the posterior's coefficients have changed places"""
    # SAID: variance='beta': the coefficients of x0_hat and xt have changed places
    x0_hat = predict_x0(xt, t, eps_hat, schedule)
    ab, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    mean = alpha.sqrt() * (1 - before) / (1 - ab) * x0_hat + before.sqrt() * beta / (1 - ab) * xt
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_float64(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """float32 in, float64 out"""
    # SAID: float32 in, torch.float64 out: cast the tables, as `at` does
    view = (-1,) + (1,) * (xt.dim() - 1)
    b, a, ab, bt = (
        table[t].view(view)
        for table in (schedule.beta, schedule.alpha, schedule.alpha_bar, schedule.beta_tilde)
    )
    var = b if variance == "beta" else bt
    return (xt - b / (1 - ab).sqrt() * eps_hat) / a.sqrt() + (t > 1).view(view) * var.sqrt() * z


def wrong_in_place(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """changes xt in place"""
    # SAID: ddpm_step has changed what it was given: no `-=`, work on a copy
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    xt -= beta / (1 - alpha_bar).sqrt() * eps_hat
    xt /= alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return xt + on * var.sqrt() * z


def wrong_multiplied(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """multiplied by sqrt(alpha)"""
    # SAID: variance='beta': divided by sqrt(alpha), not multiplied
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) * alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_names_swapped(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """beta and beta_tilde have changed places"""
    # SAID: variance='beta': this is the step with variance 'beta_tilde'
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta_tilde if variance == "beta" else schedule.beta, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_no_return(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """no return"""
    # SAID: ddpm_step returned None: did you forget `return`?
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    mean = mean + on * var.sqrt() * z


def wrong_no_root(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """1 - alpha_bar without its square root"""
    # SAID: variance='beta': the square root of 1 - alpha_bar is missing
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar) * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_no_root_of_alpha(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """divided by alpha without its square root"""
    # SAID: variance='beta': divided by the root of alpha, not by alpha
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_noise_at_the_end(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """noise at the last step too"""
    # SAID: variance='beta': noise is added in rows whose t is 1: the last step adds none
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + var.sqrt() * z


def wrong_none_or_all(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """noise for no row as soon as one has t = 1"""
    # SAID: variance='beta': no noise is added at all: z is not used
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = float((t > 1).all())
    return mean + on * var.sqrt() * z


def wrong_not_divided(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """not divided by sqrt(alpha)"""
    # SAID: variance='beta': not divided by sqrt(alpha)
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = xt - beta / (1 - alpha_bar).sqrt() * eps_hat
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_off_by_one(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """the tables are read at t - 1"""
    # SAID: NaN: is a table read at entry 0, clean data? Entry t belongs to step t
    t = t - 1
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_one_t(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """the first row's t for the whole batch"""
    # SAID: variance='beta': each row has its own step; this is the first row's for all
    t = t[:1].expand(len(t))
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_only_two_axes(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """the tables' values are laid out for rows alone: pictures are mixed up"""
    # SAID: RuntimeError: The size of tensor a (6) must match the size of tensor b (2) at non-singleton dimension 1
    # RAISES: RuntimeError
    b, a, ab = (table[t][:, None] for table in (schedule.beta, schedule.alpha, schedule.alpha_bar))
    var = b if variance == "beta" else schedule.beta_tilde[t][:, None]
    return (xt - b / (1 - ab).sqrt() * eps_hat) / a.sqrt() + (t > 1)[:, None] * var.sqrt() * z


def wrong_own_noise(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """draws its own noise"""
    # SAID: twice the same z gave two samples: draw no noise, use the z you are given
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * torch.randn_like(z)


def wrong_plus(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """the noise is added, not taken off"""
    # SAID: variance='beta': the noise is taken off, not added
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt + beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_root_of_beta(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """sqrt(beta) before the noise's share"""
    # SAID: variance='beta': beta stands before eps_hat, not its root
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta.sqrt() / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_t_from_0(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """the last step is taken to be t = 0"""
    # SAID: variance='beta': noise is added in rows whose t is 1: the last step adds none
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 0).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_variance_for_sigma(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """the variance in place of the standard deviation"""
    # SAID: variance='beta': sigma is the root of the variance
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var * z


def wrong_wrong_axis(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """the tables' values run along the last axis"""
    # SAID: RuntimeError: The size of tensor a (6) must match the size of tensor b (3) at non-singleton dimension 2
    # RAISES: RuntimeError
    b, a, ab = schedule.beta[t], schedule.alpha[t], schedule.alpha_bar[t]
    var = b if variance == "beta" else schedule.beta_tilde[t]
    return (xt - b / (1 - ab).sqrt() * eps_hat) / a.sqrt() + (t > 1) * var.sqrt() * z


def wrong_z_ignored(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """z is not used"""
    # SAID: variance='beta': no noise is added at all: z is not used
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean
