"""5.4 The step back, if the data are known."""

import math

import torch
import torch.nn.functional as F

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.diffusion import q_posterior as definition
from dgm.schedule import at


def cases(g):
    for x, y, t, schedule in draw.diffused(g):
        yield Call(x, y, t, schedule).but(shape="wide")


# Right, in ways that differ.


def right_completed_square(x0, xt, t, schedule):
    """natural parameters: -1/2 precision x^2 + shift x, written without a division by 0"""
    shape = (-1,) + (1,) * (xt.dim() - 1)
    bar = schedule.alpha_bar
    v = (bar[t - 1] - bar[t]) / bar[t - 1]  # beta, from alpha_bar alone
    w = 1 - bar[t - 1]
    u = 1 - v
    scale = 1 / (u * w + v)
    a, b, c = (
        (s * scale).reshape(shape).to(xt) for s in (u.sqrt() * w, bar[t - 1].sqrt() * v, v * w)
    )
    return a * xt + b * x0, c


def right_conditioning(x0, xt, t, schedule):
    """x_{t-1} and x_t given x0 are jointly Gaussian: condition the first on the second"""
    means, variances = [], []
    for clean, noisy, k in zip(x0, xt, t.tolist()):
        alpha, before, bar = (
            float(c) for c in (schedule.alpha[k], schedule.alpha_bar[k - 1], schedule.alpha_bar[k])
        )
        gain = math.sqrt(alpha) * (1 - before) / (1 - bar)
        means.append(math.sqrt(before) * clean + gain * (noisy - math.sqrt(bar) * clean))
        variances.append((1 - before) - gain**2 * (1 - bar))
    var = torch.tensor(variances, dtype=xt.dtype).reshape([-1] + [1] * (xt.ndim - 1))
    return torch.stack(means), var


def right_float32_coefficients(x0, xt, t, schedule):
    out, var = [], []
    for a, b, k in zip(x0, xt, t.tolist()):
        beta, bar = schedule.beta[k].float(), schedule.alpha_bar[k].float()
        before = schedule.alpha_bar[k - 1].float()
        out.append((before.sqrt() * beta * a + (1 - beta).sqrt() * (1 - before) * b) / (1 - bar))
        var.append(beta * (1 - before) / (1 - bar))
    return torch.stack(out), torch.stack(var).reshape([-1] + [1] * (x0.dim() - 1)).to(x0.dtype)


def right_full_variance(x0, xt, t, schedule):
    """the variance in full, one for each entry"""
    mean, var = torch.empty_like(xt), torch.empty_like(xt)
    for i, k in enumerate(t.tolist()):
        rest = 1 - schedule.alpha_bar[k]
        mean[i] = x0[i] * schedule.alpha_bar[k - 1].sqrt() * schedule.beta[k] / rest
        mean[i] += xt[i] * schedule.alpha[k].sqrt() * (1 - schedule.alpha_bar[k - 1]) / rest
        var[i] = schedule.beta[k] * (1 - schedule.alpha_bar[k - 1]) / rest
    return mean, var


def right_gaussian_product(x0, xt, t, schedule):
    """precisions add up; both multiplied by beta (1 - alpha_bar_{t-1}) lest one be infinite"""
    column = [-1] + [1] * (x0.ndim - 1)
    alpha, beta = schedule.alpha[t].view(column), schedule.beta[t].view(column)
    before = schedule.alpha_bar[t - 1].view(column)
    precision = alpha * (1 - before) + beta
    mean = (alpha.sqrt() * (1 - before) * xt + before.sqrt() * beta * x0) / precision
    return mean.to(xt.dtype), (beta * (1 - before) / precision).to(xt.dtype)


def right_list(x0, xt, t, schedule):
    """a list in place of a tuple"""
    bar = schedule.alpha_bar[t]
    before = schedule.alpha_bar[t - 1]
    for _ in x0.shape[1:]:
        bar, before = bar.unsqueeze(-1), before.unsqueeze(-1)
    alpha = bar / before
    mean = (before.sqrt() * (1 - alpha) * x0 + alpha.sqrt() * (1 - before) * xt) / (1 - bar)
    return [mean.to(x0), ((1 - before) / (1 - bar) * (1 - alpha)).to(x0)]


def right_padded_previous(x0, xt, t, schedule):
    """as the original code does it: a table of its own for the step before"""
    previous = F.pad(schedule.alpha_bar[:-1], (1, 0), value=1.0)
    rest = 1 - schedule.alpha_bar
    a = (previous.sqrt() * schedule.beta / rest)[t]
    b = (schedule.alpha.sqrt() * (1 - previous) / rest)[t]
    var = schedule.beta_tilde[t]
    shape = (len(t),) + (1,) * (xt.dim() - 1)
    a, b, var = (c.reshape(shape).to(xt.dtype) for c in (a, b, var))
    return a * x0 + b * xt, var


def right_tables(x0, xt, t, schedule):
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before) / (1 - bar)


def right_through_noise(x0, xt, t, schedule):
    """the noise that x0 and xt imply, then the mean in DDIM's form"""
    bar, before = at(schedule.alpha_bar, t, x0), at(schedule.alpha_bar, t - 1, x0)
    var = at(schedule.beta_tilde, t, x0)
    eps = (xt - bar.sqrt() * x0) / (1 - bar).sqrt()
    rest = (1 - before - var).clamp(min=0).sqrt()
    return before.sqrt() * x0 + rest * eps, var


# Mistakes, and what a student is told.


def wrong_always_bar(x0, xt, t, schedule):
    """the mean: alpha_bar_{t-1} is wanted, and alpha_bar_t stands in its place"""
    beta, alpha, bar = (at(c, t, xt) for c in (schedule.beta, schedule.alpha, schedule.alpha_bar))
    return bar.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * xt, beta


def wrong_bar_not_before(x0, xt, t, schedule):
    """the mean: beside x0 stands alpha_bar_{t-1}, not alpha_bar_t"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = bar.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before) / (1 - bar)


def wrong_beta(x0, xt, t, schedule):
    """the variance: beta_tilde is wanted, not beta: knowing x0 helps"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta


def wrong_divided_by_before(x0, xt, t, schedule):
    """the mean: divide by 1 - alpha_bar_t, not by 1 - alpha_bar_{t-1}"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    rest = (1 - before).clamp(min=1e-8)
    mean = before.sqrt() * beta / rest * x0 + alpha.sqrt() * (1 - bar) / rest * xt
    return mean, beta * (1 - before) / (1 - bar)


def wrong_drawn(x0, xt, t, schedule):
    """a sample in place of the mean"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    var = beta * (1 - before) / (1 - bar)
    return mean + var.sqrt() * torch.randn_like(xt), var


def wrong_first_step(x0, xt, t, schedule):
    """the mean is wrong for shape (3, 2), t = 1 of T = 9, where the mean is x0 and the variance
    0: alpha_bar_0 is entry 0 of its table"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, (t - 1).clamp(min=1), xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before) / (1 - bar)


def wrong_flat_variance(x0, xt, t, schedule):
    """the variance without the axes of one that it needs beside the mean"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, schedule.beta_tilde[t].to(xt.dtype)


def wrong_float64(x0, xt, t, schedule):
    """float64 out for float32 in"""
    column = [-1] + [1] * (x0.ndim - 1)
    alpha, beta = schedule.alpha[t].view(column), schedule.beta[t].view(column)
    bar, before = schedule.alpha_bar[t].view(column), schedule.alpha_bar[t - 1].view(column)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before) / (1 - bar)


def wrong_forgets_x0(x0, xt, t, schedule):
    """the mean: this is what x0 alone says; where is xt?"""
    before = at(schedule.alpha_bar, t - 1, xt)
    return before.sqrt() * x0, 1 - before


def wrong_in_place(x0, xt, t, schedule):
    """xt is changed in place"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    xt *= alpha.sqrt() * (1 - before) / (1 - bar)
    xt += before.sqrt() * beta / (1 - bar) * x0
    return xt, beta * (1 - before) / (1 - bar)


def wrong_log_variance(x0, xt, t, schedule):
    """this is the logarithm of the variance"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, (beta * (1 - before) / (1 - bar)).clamp(min=1e-20).log()


def wrong_mean_only(x0, xt, t, schedule):
    """a mean and a variance are wanted, `return mean, var`; got one thing"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    return before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt


def wrong_minus(x0, xt, t, schedule):
    """the mean: one part is taken off; add the two"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = alpha.sqrt() * (1 - before) / (1 - bar) * xt - before.sqrt() * beta / (1 - bar) * x0
    return mean, beta * (1 - before) / (1 - bar)


def wrong_nan_at_first_step(x0, xt, t, schedule):
    """NaN at t = 1, where 1 - alpha_bar_0 = 0: solve for mean and variance, so that nothing is
    divided by it"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    before = at(schedule.alpha_bar, t - 1, xt)
    var = 1 / (alpha / beta + 1 / (1 - before))
    return var * (alpha.sqrt() / beta * xt + before.sqrt() / (1 - before) * x0), var


def wrong_no_return(x0, xt, t, schedule):
    """forgot to return"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    var = beta * (1 - before) / (1 - bar)


def wrong_no_root_at_x0(x0, xt, t, schedule):
    """the mean: beside x0 stands the square root of alpha_bar_{t-1}"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before) / (1 - bar)


def wrong_no_root_at_xt(x0, xt, t, schedule):
    """the mean: beside xt stands the square root of alpha_t"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before) / (1 - bar)


def wrong_no_roots(x0, xt, t, schedule):
    """the mean: both square roots are missing"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before * beta / (1 - bar) * x0 + alpha * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before) / (1 - bar)


def wrong_not_divided(x0, xt, t, schedule):
    """the mean: the division by 1 - alpha_bar_t is missing"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta * x0 + alpha.sqrt() * (1 - before) * xt
    return mean, beta * (1 - before) / (1 - bar)


def wrong_one_t(x0, xt, t, schedule):
    """each row has a step of its own; here one t serves the whole batch"""
    k = int(t[0])
    beta, alpha = schedule.beta[k].item(), schedule.alpha[k].item()
    bar, before = schedule.alpha_bar[k].item(), schedule.alpha_bar[k - 1].item()
    mean = before**0.5 * beta / (1 - bar) * x0 + alpha**0.5 * (1 - before) / (1 - bar) * xt
    return mean, torch.full_like(xt, beta * (1 - before) / (1 - bar))


def wrong_order(x0, xt, t, schedule):
    """first the mean, then the variance"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return beta * (1 - before) / (1 - bar), mean


def wrong_rank_two(x0, xt, t, schedule):
    """right for matrices alone"""
    beta, alpha, bar, before = (
        c[:, None].to(xt.dtype)
        for c in (
            schedule.beta[t],
            schedule.alpha[t],
            schedule.alpha_bar[t],
            schedule.alpha_bar[t - 1],
        )
    )
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before) / (1 - bar)


def wrong_root_of_bar(x0, xt, t, schedule):
    """the mean: beside xt stands sqrt(alpha_t), not sqrt(alpha_bar_t)"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    before = at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + bar.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before) / (1 - bar)


def wrong_slide(x0, xt, t, schedule):
    """the variance: 1 - alpha_bar_{t-1}, not 1 - sqrt(alpha_bar_{t-1}); that slip is on a slide"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before.sqrt()) / (1 - bar)


def wrong_standard_deviation(x0, xt, t, schedule):
    """this is the standard deviation; the variance is wanted"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, (beta * (1 - before) / (1 - bar)).sqrt()


def wrong_swapped(x0, xt, t, schedule):
    """the mean: the coefficients of x0 and xt have changed places"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * xt + alpha.sqrt() * (1 - before) / (1 - bar) * x0
    return mean, beta * (1 - before) / (1 - bar)


def wrong_t_minus_one(x0, xt, t, schedule):
    """the mean: this is step t - 1: entry t of a table belongs to step t"""
    t = t - 1
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, (t - 1).clamp(min=0), xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - before) / (1 - bar)


def wrong_variance_upside_down(x0, xt, t, schedule):
    """the variance: the quotient is upside down"""
    beta, alpha = at(schedule.beta, t, xt), at(schedule.alpha, t, xt)
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    mean = before.sqrt() * beta / (1 - bar) * x0 + alpha.sqrt() * (1 - before) / (1 - bar) * xt
    return mean, beta * (1 - bar) / (1 - before)
