"""6.5 One step back."""

import math

import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.ddpm import ddpm_step as definition
from dgm.diffusion import posterior_mean_from_eps, predict_x0, q_posterior
from dgm.schedule import NoiseSchedule, at


def cases(g):
    for xt, eps_hat, t, schedule in draw.diffused(g):
        z = draw.normal(g, *xt.shape, dtype=xt.dtype)
        for options in ({"variance": "beta"}, {"variance": "beta_tilde"}):
            yield Call(xt, t, eps_hat, z, schedule, **options).but(rtol=1e-4, atol=1e-5)
    default = Call(xt, t, eps_hat, z, schedule).but(words="variance left out", clue="It is beta_tilde")  # fmt: skip
    yield default.but(rtol=1e-4, atol=1e-5)
    yield Call(xt, torch.ones_like(t), eps_hat, z, schedule, variance="beta").but(words="t = 1 in all rows")  # fmt: skip
    xt, eps_hat, z = draw.normal(g, 3, 4, 2)
    yield Call(xt, torch.tensor([1, 3, 4, 2]), eps_hat, z, extreme(), variance="beta").but(
        words="alpha_bar almost 1, and almost 0"
    )


def extreme():
    """Almost no noise at t = 1, and almost nothing of the data at t = 4."""
    return NoiseSchedule(torch.tensor([0, 1e-7, 0.5, 0.999, 0.9999], dtype=torch.float64))


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


MEAN, SIGMA = "posterior_mean_from_eps(xt, t, eps_hat, schedule)", "at(sigma, t, xt)"
TABLE = '(schedule.beta if variance == "beta" else schedule.beta_tilde)'
LAST = "sigma[1] = 0  # no noise in the last step"
EACH = "b, a, ab = (at(k, t, xt) for k in (schedule.beta, schedule.alpha, schedule.alpha_bar))"


def _mean(words, formula):
    return change(words, LAST, f"{LAST}\n    {EACH}", MEAN, formula)


wrong_all_noise_at_once = _mean(
    "this takes all the noise off at once; one step's worth is wanted",
    "(xt - (1 - ab).sqrt() * eps_hat) / ab.sqrt()",
)
wrong_alpha_bar_for_alpha = _mean(
    "the mean is divided by sqrt(alpha), not by sqrt(alpha_bar)",
    "(xt - b / (1 - ab).sqrt() * eps_hat) / ab.sqrt()",
)
wrong_alpha_for_alpha_bar = _mean(
    "1 - alpha_bar stands under the root, not 1 - alpha",
    "(xt - b / (1 - a).sqrt() * eps_hat) / a.sqrt()",
)
wrong_brackets = _mean(
    "brackets: all of it is divided by sqrt(alpha), not the noise alone",
    "xt - b / (1 - ab).sqrt() * eps_hat / a.sqrt()",
)
wrong_x_alone_divided = _mean(
    "brackets: all of it is divided by sqrt(alpha), not xt alone",
    "xt / a.sqrt() - b / (1 - ab).sqrt() * eps_hat",
)
wrong_multiplied = _mean(
    "the mean is divided by sqrt(alpha), not multiplied",
    "(xt - b / (1 - ab).sqrt() * eps_hat) * a.sqrt()",
)
wrong_no_root = _mean("the square root of 1 - alpha_bar is missing", "(xt - b / (1 - ab) * eps_hat) / a.sqrt()")  # fmt: skip
wrong_no_root_of_alpha = _mean(
    "the mean is divided by the root of alpha, not by alpha",
    "(xt - b / (1 - ab).sqrt() * eps_hat) / a",
)
wrong_not_divided = _mean("the mean is not divided by sqrt(alpha)", "xt - b / (1 - ab).sqrt() * eps_hat")  # fmt: skip
wrong_plus = _mean("the noise is added; it is taken off", "(xt + b / (1 - ab).sqrt() * eps_hat) / a.sqrt()")  # fmt: skip
wrong_root_of_beta = _mean(
    "beta stands before eps_hat, not its root",
    "(xt - b.sqrt() / (1 - ab).sqrt() * eps_hat) / a.sqrt()",
)
wrong_bar_clamped = _mean(
    "nothing is clamped: alpha_bar may be as small as it is",
    "(xt - b / (1 - ab.clamp(1e-5, 1 - 1e-5)).sqrt() * eps_hat) / a.sqrt()",
)
wrong_x0_clamped = change(
    "x0_hat is not clipped here: nobody asked for it",
    MEAN,
    "q_posterior(predict_x0(xt, t, eps_hat, schedule).clamp(-1, 1), xt, t, schedule)[0]",
)
wrong_all_or_none = change(
    "noise in all rows as soon as one has t > 1; look at each row's own t",
    LAST,
    "",
    f"{SIGMA} * z",
    f"{SIGMA} * z * float((t > 1).any())",
)
wrong_none_or_all = change(
    "noise in no row as soon as one has t = 1; look at each row's own t",
    f"{SIGMA} * z",
    f"{SIGMA} * z * float((t > 1).all())",
)
wrong_noise_at_the_end = change("noise is added in rows whose t is 1: the last step adds none", LAST, "")  # fmt: skip
wrong_t_from_0 = change("noise is added in rows whose t is 1: the last step adds none", LAST, "sigma[0] = 0")  # fmt: skip
wrong_no_noise_at_T = change("rows whose t is T get no noise: it is left out at t = 1", LAST, "sigma[-1] = 0")  # fmt: skip
wrong_tables_changed = change(
    "the schedule's tables were changed, and belong to the caller: make a new one",
    f"{TABLE}.sqrt()",
    TABLE,
    LAST,
    "sigma[1] = 0\n    sigma = sigma.sqrt()",
)
wrong_always_beta = change(
    "this is the step with variance 'beta', whatever is asked for", TABLE, "schedule.beta"
)
wrong_always_beta_tilde = change(
    "this is the step with variance 'beta_tilde', whatever is asked for",
    TABLE,
    "schedule.beta_tilde",
)
wrong_names_swapped = change(
    "'beta' and 'beta_tilde' have changed places", 'variance == "beta"', 'variance != "beta"'
)
wrong_default = change(
    "the default of variance is 'beta_tilde'",
    'variance: str = "beta_tilde"',
    'variance: str = "beta"',
)
wrong_variance_for_sigma = change("sigma is the root of the variance", f"{TABLE}.sqrt()", f"{TABLE}.clone()")  # fmt: skip
wrong_z_ignored = change("no noise is added at all: z is not used", f" + {SIGMA} * z", "")
wrong_own_noise = change(
    "noise is drawn here; use the z that you are given",
    f"{SIGMA} * z",
    f"{SIGMA} * torch.randn_like(z)",
)
wrong_no_return = change("nothing came back: is a `return` missing?", f"return {MEAN}", MEAN)
wrong_one_t = change(
    "each row has its own step; this is the first row's for all",
    LAST,
    f"{LAST}\n    t = t[:1].expand(len(t))",
)


def wrong_coefficients_swapped(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """the coefficients of x0_hat and xt have changed places"""
    x0_hat = predict_x0(xt, t, eps_hat, schedule)
    ab, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    mean = alpha.sqrt() * (1 - before) / (1 - ab) * x0_hat + before.sqrt() * beta / (1 - ab) * xt
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_float64(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """float32 in, float64 out: cast the tables, as `at` does"""
    view = (-1,) + (1,) * (xt.dim() - 1)
    b, a, ab, bt = (
        table[t].view(view)
        for table in (schedule.beta, schedule.alpha, schedule.alpha_bar, schedule.beta_tilde)
    )
    var = b if variance == "beta" else bt
    return (xt - b / (1 - ab).sqrt() * eps_hat) / a.sqrt() + (t > 1).view(view) * var.sqrt() * z


def wrong_in_place(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """xt was changed, and belongs to the caller: no `-=`, work on a copy"""
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    xt -= beta / (1 - alpha_bar).sqrt() * eps_hat
    xt /= alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return xt + on * var.sqrt() * z


def wrong_off_by_one(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """the tables are read at t - 1; entry t belongs to step t"""
    t = t - 1
    beta, alpha, alpha_bar = (
        at(table, t, xt) for table in (schedule.beta, schedule.alpha, schedule.alpha_bar)
    )
    mean = (xt - beta / (1 - alpha_bar).sqrt() * eps_hat) / alpha.sqrt()
    var = at(schedule.beta if variance == "beta" else schedule.beta_tilde, t, xt)
    on = (t > 1).to(xt.dtype).view(-1, *[1] * (xt.ndim - 1))
    return mean + on * var.sqrt() * z


def wrong_off_by_one_checked(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """the tables are read at t - 1; entry t belongs to step t"""
    return definition(xt, t - 1, eps_hat, z, schedule, variance=variance)


def wrong_only_two_axes(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """the tables' values are laid out for rows alone, (B, 1); `at` adds the axes that xt has"""
    b, a, ab = (table[t][:, None] for table in (schedule.beta, schedule.alpha, schedule.alpha_bar))
    var = b if variance == "beta" else schedule.beta_tilde[t][:, None]
    return (xt - b / (1 - ab).sqrt() * eps_hat) / a.sqrt() + (t > 1)[:, None] * var.sqrt() * z


def wrong_wrong_axis(xt, t, eps_hat, z, schedule, *, variance="beta_tilde"):
    """the tables' values run along the last axis; they belong to the rows"""
    b, a, ab = schedule.beta[t], schedule.alpha[t], schedule.alpha_bar[t]
    var = b if variance == "beta" else schedule.beta_tilde[t]
    return (xt - b / (1 - ab).sqrt() * eps_hat) / a.sqrt() + (t > 1) * var.sqrt() * z
