"""5.6 The step back, from the noise."""

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.diffusion import posterior_mean_from_eps as definition
from dgm.diffusion import q_posterior
from dgm.schedule import at


def cases(g):
    for x, y, t, schedule in draw.diffused(g):
        yield Call(x, t, y, schedule).but(gradient=True)


# Right, in ways that differ.


def right_algorithm_2(xt, t, eps, schedule):
    shrink = at(schedule.beta / (1 - schedule.alpha_bar).sqrt().clamp(min=1e-300), t, xt)
    return (xt - shrink * eps) / at(schedule.alpha.sqrt(), t, xt)


def right_float32_coefficients(xt, t, eps, schedule):
    shape = [-1] + [1] * (xt.dim() - 1)
    alpha = schedule.alpha[t].float().reshape(shape)
    bar = schedule.alpha_bar[t].float().reshape(shape)
    return (xt - (1 - alpha) / (1 - bar).sqrt() * eps) / alpha.sqrt()


def right_loop(xt, t, eps, schedule):
    rows = []
    for i, k in enumerate(t):
        alpha, bar = schedule.alpha[k], schedule.alpha_bar[k]
        rows.append(xt[i] / alpha.sqrt() - eps[i] * (1 - alpha) / (alpha * (1 - bar)).sqrt())
    return torch.stack(rows)


def right_next_marginal(xt, t, eps, schedule):
    """DDIM's form, with the noise of beta_tilde left out"""
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    x0 = (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
    rest = (1 - before - at(schedule.beta_tilde, t, xt)).clamp(min=0).sqrt()
    return before.sqrt() * x0 + rest * eps


def right_rsqrt(xt, t, eps, schedule):
    a = torch.rsqrt(schedule.alpha)[t]
    b = (schedule.beta[t] * a) * torch.rsqrt(1 - schedule.alpha_bar[t])
    for _ in xt.shape[1:]:
        a, b = a.unsqueeze(-1), b.unsqueeze(-1)
    return torch.addcmul(a.to(xt) * xt, b.to(xt), eps, value=-1)


def right_score(xt, t, eps, schedule):
    """Tweedie: a step along the score, xt + beta * score, over sqrt(alpha)"""
    score = -eps / at((1 - schedule.alpha_bar).sqrt(), t, xt)
    return (xt + at(schedule.beta, t, xt) * score) / at(schedule.alpha, t, xt).sqrt()


def right_through_x0(xt, t, eps, schedule):
    """the student's own q_posterior, at the x0 that eps implies"""
    bar = at(schedule.alpha_bar, t, xt)
    x0 = (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
    return q_posterior(x0, xt, t, schedule)[0]


def right_view(xt, t, eps, schedule):
    shape = [-1] + [1] * (xt.dim() - 1)
    alpha = schedule.alpha[t].view(shape).to(xt.dtype)
    bar = schedule.alpha_bar[t].view(shape).to(xt.dtype)
    return 1 / alpha.sqrt() * (xt - (1 - alpha) / (1 - bar).sqrt() * eps)


# Mistakes, and what a student is told.


def wrong_alpha(xt, t, eps, schedule):
    """below beta stands sqrt(1 - alpha_bar_t): eps is the noise of all steps, not of the last
    one"""
    beta = at(schedule.beta, t, xt)
    return (xt - beta / beta.sqrt() * eps) / (1 - beta).sqrt()


def wrong_brackets(xt, t, eps, schedule):
    """all of it is divided by sqrt(alpha_t): are the brackets there?"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return xt / (1 - beta).sqrt() - beta / (1 - bar).sqrt() * eps


def wrong_clipped(xt, t, eps, schedule):
    """x0 is clipped on the way: nothing was said of a range"""
    bar = at(schedule.alpha_bar, t, xt)
    x0 = ((xt - (1 - bar).sqrt() * eps) / bar.sqrt()).clamp(-1, 1)
    return q_posterior(x0, xt, t, schedule)[0]


def wrong_detached(xt, t, eps, schedule):
    """no gradient reaches eps: stay in torch, without .item() and .detach() of it"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return (xt - beta / (1 - bar).sqrt() * eps.detach()) / (1 - beta).sqrt()


def wrong_float64(xt, t, eps, schedule):
    """float64 out for float32 in"""
    shape = [-1] + [1] * (xt.dim() - 1)
    beta, bar = schedule.beta[t].view(shape), schedule.alpha_bar[t].view(shape)
    return (xt - beta / (1 - bar).sqrt() * eps) / (1 - beta).sqrt()


def wrong_forgets_xt(xt, t, eps, schedule):
    """this is x0 with all of eps put back: a step of DDIM. The mean by Bayes has less noise"""
    bar, before = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, t - 1, xt)
    x0 = (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
    return before.sqrt() * x0 + (1 - before).sqrt() * eps


def wrong_in_place(xt, t, eps, schedule):
    """xt is changed in place"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    xt -= beta / (1 - bar).sqrt() * eps
    return xt / (1 - beta).sqrt()


def wrong_no_return(xt, t, eps, schedule):
    """forgot to return"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    mean = (xt - beta / (1 - bar).sqrt() * eps) / (1 - beta).sqrt()


def wrong_no_root_of_alpha(xt, t, eps, schedule):
    """divide by the square root of alpha, not by alpha"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return (xt - beta / (1 - bar).sqrt() * eps) / (1 - beta)


def wrong_no_root_of_bar(xt, t, eps, schedule):
    """below beta stands a square root: sqrt(1 - alpha_bar)"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return (xt - beta / (1 - bar) * eps) / (1 - beta).sqrt()


def wrong_noise_added(xt, t, eps, schedule):
    """a draw of x_{t-1} in place of its mean"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    mean = (xt - beta / (1 - bar).sqrt() * eps) / (1 - beta).sqrt()
    return mean + beta.sqrt() * torch.randn_like(xt)


def wrong_not_divided(xt, t, eps, schedule):
    """divide by sqrt(alpha_t) at the end"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return xt - beta / (1 - bar).sqrt() * eps


def wrong_one_minus_root(xt, t, eps, schedule):
    """sqrt(1 - alpha_bar) is not 1 - sqrt(alpha_bar)"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return (xt - beta / (1 - bar.sqrt()) * eps) / (1 - beta).sqrt()


def wrong_one_t(xt, t, eps, schedule):
    """each row has a step of its own; here one t serves the whole batch"""
    beta, bar = schedule.beta[t[-1]].item(), schedule.alpha_bar[t[-1]].item()
    return (xt - beta / (1 - bar) ** 0.5 * eps) / (1 - beta) ** 0.5


def wrong_plus(xt, t, eps, schedule):
    """the noise is taken off, not added"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return (xt + beta / (1 - bar).sqrt() * eps) / (1 - beta).sqrt()


def wrong_rank_two(xt, t, eps, schedule):
    """right for an x of two axes only: here a coefficient is (B, 1, 1), not (B, 1)"""
    beta, bar = schedule.beta[t][:, None].to(xt), schedule.alpha_bar[t][:, None].to(xt)
    return (xt - beta / (1 - bar).sqrt() * eps) / (1 - beta).sqrt()


def wrong_root_of_bar_below(xt, t, eps, schedule):
    """divide by sqrt(alpha_t), not by sqrt(alpha_bar_t): it is one step back"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return (xt - beta / (1 - bar).sqrt() * eps) / bar.sqrt()


def wrong_root_of_beta(xt, t, eps, schedule):
    """beta itself stands there, without a square root"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return (xt - beta.sqrt() / (1 - bar).sqrt() * eps) / (1 - beta).sqrt()


def wrong_t_minus_one(xt, t, eps, schedule):
    """this is step t - 1: entry t of a table belongs to step t"""
    beta, bar = at(schedule.beta, t - 1, xt), at(schedule.alpha_bar, t - 1, xt)
    return (xt - beta / (1 - bar + 1e-12).sqrt() * eps) / (1 - beta).sqrt()


def wrong_times_root(xt, t, eps, schedule):
    """divide by sqrt(alpha_t): x_t had shrunk, and grows again"""
    beta, bar = at(schedule.beta, t, xt), at(schedule.alpha_bar, t, xt)
    return (xt - beta / (1 - bar).sqrt() * eps) * (1 - beta).sqrt()


def wrong_whole_way(xt, t, eps, schedule):
    """this is x0, all the way; one step back is wanted"""
    bar = at(schedule.alpha_bar, t, xt)
    return (xt - (1 - bar).sqrt() * eps) / bar.sqrt()
