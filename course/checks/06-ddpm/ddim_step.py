"""6.7 DDIM."""

import math

import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.ddim import ddim_step as definition
from dgm.diffusion import predict_x0
from dgm.schedule import NoiseSchedule, at


def cases(g):
    for xt, eps_hat, t, schedule in draw.diffused(g):
        z = draw.normal(g, *xt.shape, dtype=xt.dtype)
        for eta in (0.0, 1.0, 0.6):
            yield Call(xt, t, t // 2, eps_hat, z, schedule, eta).but(rtol=1e-4, atol=1e-5)
    yield Call(xt, t, t // 2, eps_hat, z, schedule).but(rtol=1e-4, atol=1e-5, words="eta left out", clue="It is 0")  # fmt: skip
    yield Call(xt, t, t - 1, eps_hat, z, schedule, 1.0).but(rtol=1e-4, atol=1e-5)
    yield Call(xt, t, 0 * t, eps_hat, z, schedule, 1.0).but(rtol=1e-4, atol=1e-5, clue="At s = 0 the result is x0_hat")  # fmt: skip
    xt, eps_hat, z = draw.normal(g, 3, 4, 2)
    t, s = torch.tensor([[1, 3, 4, 4], [0, 1, 2, 3]])
    beta = torch.tensor([0, 1e-7, 0.5, 0.999, 0.9999], dtype=torch.float64)
    yield Call(xt, t, s, eps_hat, z, NoiseSchedule(beta), 0.8).but(words="alpha_bar almost 1, and almost 0")  # fmt: skip


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


def right_variance_form(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """the table of sigma squared by its logarithms, for each row"""
    log = schedule.alpha_bar.log()
    var = eta**2 * torch.expm1(log)[s] / torch.expm1(log)[t] * -torch.expm1(log[t] - log[s])
    along = (-torch.expm1(log)[s] - var).clamp(min=0).sqrt()
    on = [k.to(xt).reshape(-1, *[1] * (xt.dim() - 1)) for k in (log[s].exp().sqrt(), along, var.sqrt())]  # fmt: skip
    return on[0] * predict_x0(xt, t, eps_hat, schedule) + on[1] * eps_hat + on[2] * z


# Mistakes, and what a student is told.


VAR, FRESH = "eta**2 * noise_s / noise_t * (1 - ab_t / ab_s)", "(1 - ab_t / ab_s)"
REST = "noise_s * (1 - eta**2 + eta**2 * noise_s / noise_t * ab_t / ab_s)"
FIRST, RESULT = "ab_t, ab_s = (", "return signal + along * eps_hat + sigma * z"


def _var(words, formula, rest="(noise_s - var).clamp(min=0)"):
    return change(words, VAR, formula, REST, rest)


def _result(words, formula):
    return change(words, RESULT, f"return {formula}")


def _signal(words, formula):
    return change(words, RESULT, f"signal = {formula}\n    {RESULT}")


wrong_beta = _var("sigma^2 is not beta", "eta**2 * look_up(schedule.beta, t)")
wrong_beta_unclamped = _var("sigma^2 is not beta", "eta**2 * look_up(schedule.beta, t)", "noise_s - var")  # fmt: skip
wrong_beta_tilde = _var("beta_tilde is sigma^2 for s = t - 1 alone; s may be any", "eta**2 * look_up(schedule.beta_tilde, t)")  # fmt: skip
wrong_beta_tilde_unclamped = _var(
    "beta_tilde is sigma^2 for s = t - 1 alone; s may be any",
    "eta**2 * look_up(schedule.beta_tilde, t)",
    "noise_s - var",
)
wrong_eta_always_one = _var("eta is not used: this is eta = 1", VAR.replace("eta**2", "1.0"), REST.replace("eta**2", "1.0"))  # fmt: skip
wrong_eta_ignored = _var("eta is not used: this is eta = 0", "0 * noise_s", "noise_s")
wrong_eta_default = change("the default of eta is 0", "eta: float = 0.0", "eta: float = 1.0")
wrong_eta_under_the_root = _var("eta stands before the root, and here its root is taken", VAR.replace("eta**2", "eta"), REST.replace("eta**2", "eta"))  # fmt: skip
wrong_no_root_of_ratio = _var("a square root is missing in sigma: its first factor", f"eta**2 * (noise_s / noise_t)**2 * {FRESH}", "noise_s - var")  # fmt: skip
wrong_no_root_of_fresh = _var("a square root is missing in sigma: its second factor", f"eta**2 * noise_s / noise_t * {FRESH}**2", "noise_s - var")  # fmt: skip
wrong_sigma_is_variance = _var("both square roots are missing in sigma", f"({VAR.replace('**2', '')})**2", "noise_s - var")  # fmt: skip
wrong_sigma_upside_down = _var(
    "t and s have changed places in sigma: 1 - alpha_bar_s stands on top",
    f"eta**2 * noise_t / noise_s.clamp(min=1e-9) * {FRESH}",
)
wrong_fresh_upside_down = _var(
    "alpha_bar_t stands on top in sigma's second factor: it is the smaller",
    "eta**2 * noise_s / noise_t * (1 - ab_s / ab_t).abs()",
)
wrong_direction_whole = change("what z adds has to be taken off: sqrt(1 - alpha_bar_s - sigma^2)", REST, "noise_s")  # fmt: skip
wrong_sigma_not_squared = change(
    "under the root stands sigma squared, not sigma",
    REST,
    "(noise_s - var.sqrt()).clamp(min=0)",
)
wrong_sigma_not_squared_nan = change("under the root stands sigma squared, not sigma", REST, "noise_s - var.sqrt()")  # fmt: skip
wrong_sigma_squared_noise = change("sigma stands before z, not its square", "sigma * z", "sigma**2 * z")  # fmt: skip
wrong_fresh_noise = _result(
    "the noise that was seen is put back, not a new one: eps_hat, not z",
    "signal + beside(noise_s.sqrt(), xt) * z",
)
wrong_nan_at_zero = _result(
    "0 / 0 at s = 0, where the result is x0_hat",
    "signal + along**2 / along * eps_hat + sigma * z",
)
wrong_no_direction = _result(
    "the direction to xt is missing: sqrt(1 - alpha_bar_s - sigma^2) eps_hat",
    "signal + sigma * z",
)
wrong_direction_from_xt = _result(
    "the direction is eps_hat, not xt",
    "signal + along * xt + sigma * z",
)
wrong_x0_only = _result(
    "this is x0_hat; it has to be noised again, to step s", "signal / beside(ab_s.sqrt(), xt)"
)
wrong_own_noise = change("noise is drawn here; use the z that you are given", "sigma * z", "sigma * torch.randn_like(z)")  # fmt: skip
wrong_no_return = change("nothing came back: is a `return` missing?", RESULT, RESULT.removeprefix("return "))  # fmt: skip
wrong_no_root = _signal(
    "x0_hat is multiplied by the root of alpha_bar_s, not by alpha_bar_s",
    "signal * beside(ab_s.sqrt(), xt)",
)
wrong_not_scaled = _signal("x0_hat is not multiplied by sqrt(alpha_bar_s)", "signal / beside(ab_s.sqrt(), xt)")  # fmt: skip
wrong_signal_of_t = _signal(
    "x0_hat is multiplied by sqrt(alpha_bar_s), not by that of t",
    "signal * beside((ab_t / ab_s).sqrt(), xt)",
)
wrong_noise_added = _signal("x0_hat takes the noise off; here it is added", "signal + 2 * gain * beside(noise_t.sqrt(), xt) * eps_hat")  # fmt: skip
wrong_x0_not_divided = _signal("x0_hat is divided by sqrt(alpha_bar_t)", "signal * beside(ab_t.sqrt(), xt)")  # fmt: skip
wrong_x0_clipped = _signal("x0_hat is not clipped here: nobody asked for it", "(signal / beside(ab_s.sqrt(), xt)).clamp(-1, 1) * beside(ab_s.sqrt(), xt)")  # fmt: skip
wrong_bar_clamped = _signal(
    "nothing is clamped: alpha_bar may be as small as it is",
    "beside((ab_s / ab_t.clamp(min=1e-5)).sqrt(), xt) * (xt - beside((1 - ab_t.clamp(min=1e-5)).sqrt(), xt) * eps_hat)",
)
wrong_root_clamped = change(
    "nothing is clamped but what is below 0: the direction may be as small as it is",
    REST,
    "(noise_s - var).clamp(min=1e-5)",
)
wrong_s_is_t_minus_one = change("s is an argument; this is the step to t - 1", FIRST, f"s = t - 1\n    {FIRST}")  # fmt: skip
wrong_one_t = change(
    "each row has its own t and s; these are the first row's for all",
    FIRST,
    f"t, s = t[:1].expand(len(t)), s[:1].expand(len(s))\n    {FIRST}",
)


def wrong_alpha_for_alpha_bar(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """alpha in place of alpha_bar"""
    ab_t, ab_s = at(schedule.alpha, t, xt), at(schedule.alpha, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = 0 * ab_t
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_float64(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """float32 in, float64 out: cast the tables, as `at` does"""
    view = (-1, *[1] * (xt.dim() - 1))
    a, b = schedule.alpha_bar[t].view(view), schedule.alpha_bar[s].view(view)
    sigma = eta * ((1 - b) / (1 - a)).sqrt() * (1 - a / b).sqrt()
    x0_hat = (xt - (1 - a).sqrt() * eps_hat) / a.sqrt()
    return b.sqrt() * x0_hat + (1 - b - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_in_place(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """xt was changed, and belongs to the caller: no `-=`, work on a copy"""
    ab_t, ab_s = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    xt -= (1 - ab_t).sqrt() * eps_hat
    x0_hat = xt / ab_t.sqrt()
    sigma = eta * ((1 - ab_s) / (1 - ab_t)).sqrt() * (1 - ab_t / ab_s).sqrt()
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_only_two_axes(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """the tables' values are laid out for rows alone, (B, 1); `at` adds the axes that xt has"""
    a, b = schedule.alpha_bar[t][:, None], schedule.alpha_bar[s][:, None]
    sigma = eta * ((1 - b) / (1 - a)).sqrt() * (1 - a / b).sqrt()
    x0_hat = (xt - (1 - a).sqrt() * eps_hat) / a.sqrt()
    return b.sqrt() * x0_hat + (1 - b - sigma**2).sqrt() * eps_hat + sigma * z


def wrong_places_swapped(xt, t, s, eps_hat, z, schedule, eta=0.0):
    """t and s have changed places"""
    ab_s, ab_t = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    x0_hat = (xt - (1 - ab_t).sqrt() * eps_hat) / ab_t.sqrt()
    sigma = 0 * ab_t
    return ab_s.sqrt() * x0_hat + (1 - ab_s - sigma**2).sqrt() * eps_hat + sigma * z
