"""5.9 What an error is worth."""

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.diffusion import loss_weight as definition
from dgm.diffusion import q_posterior
from dgm.schedule import NoiseSchedule


def cases(g):
    table = draw.schedule(g, 9)
    t = draw.steps(g, 4, 3, 8)
    for predicts in ("x0", "eps", "v"):
        yield Call(t, table, predicts).but(dtype="float")
    yield Call(t, table).but(dtype="float", words="predicts left out", clue='The default is "eps"')
    yield Call(torch.tensor([2]), NoiseSchedule.linear(1000), "x0").but(
        clue="No clamp", dtype="float"
    )


# Right, in ways that differ.


def right_betas(t, schedule, predicts="eps"):
    """from the coefficients of the mean, and beta_tilde"""
    beta, bar, before = schedule.beta[t], schedule.alpha_bar[t], schedule.alpha_bar[t - 1]
    w = before * beta**2 / (1 - bar) ** 2 / (2 * schedule.beta_tilde[t])
    if predicts == "x0":
        return w
    if predicts == "v":
        return w * (1 - bar)
    return w * (1 - bar) / bar


def right_ddpm(t, schedule, predicts="eps"):
    """the weight of Ho et al., equation 12, and the others from it"""
    variance = schedule.beta[t] * (1 - schedule.alpha_bar[t - 1]) / (1 - schedule.alpha_bar[t])
    bar = schedule.alpha_bar[t]
    out = schedule.beta[t] ** 2 / (2 * variance * schedule.alpha[t] * (1 - bar))
    if predicts == "v":
        out = out * bar
    elif predicts == "x0":
        out = out * bar / (1 - bar)
    return out


def right_expm1(t, schedule, predicts="eps"):
    """with log SNR: for eps it is (exp(difference) - 1) / 2"""
    log_snr = torch.logit(schedule.alpha_bar)
    noise = torch.expm1(log_snr[t - 1] - log_snr[t]) / 2
    if predicts == "eps":
        return noise
    return noise * (log_snr[t].exp() if predicts == "x0" else schedule.alpha_bar[t])


def right_loop(t, schedule, predicts="eps"):
    out = []
    for k in t.tolist():
        now, before = float(schedule.alpha_bar[k]), float(schedule.alpha_bar[k - 1])
        w = 0.5 * (before / (1 - before) - now / (1 - now))
        if predicts == "eps":
            w *= (1 - now) / now
        elif predicts == "v":
            w *= 1 - now
        out.append(w)
    return torch.tensor(out)


def right_match(t, schedule, predicts="eps"):
    bar = schedule.alpha_bar.double()
    data = schedule.beta * bar.roll(1) / (2 * (1 - bar) * (1 - bar.roll(1)))
    match predicts:
        case "x0":
            factor = torch.ones_like(bar)
        case "v":
            factor = 1 - bar
        case _:
            factor = 1 / bar - 1
    return torch.gather(data * factor, 0, t)


def right_measured(t, schedule, predicts="eps"):
    """the KL of an error of size 1, through one's own functions"""
    x0 = torch.zeros(len(t), 1, dtype=torch.float64)
    xt = torch.zeros_like(x0)
    bar = schedule.alpha_bar[t][:, None]
    off = {"x0": 1 + 0 * bar, "eps": ((1 - bar) / bar).sqrt(), "v": (1 - bar).sqrt()}[predicts]
    mean, var = q_posterior(x0, xt, t, schedule)
    other, _ = q_posterior(x0 + off, xt, t, schedule)
    return ((mean - other) ** 2 / (2 * var)).squeeze(1)


def right_numpy(t, schedule, predicts="eps"):
    bar, k = schedule.alpha_bar.numpy(), t.numpy()
    w = (bar[k - 1] - bar[k]) / (2 * (1 - bar[k - 1]) * (1 - bar[k]))
    w = w * {"x0": 1.0, "v": 1 - bar[k], "eps": (1 - bar[k]) / bar[k]}[predicts]
    return torch.from_numpy(np.asarray(w))


def right_snr(t, schedule, predicts="eps"):
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]


# Mistakes, and what a student is told.


def wrong_alpha(t, schedule, predicts="eps"):
    """predicts="x0": alpha stands where alpha_bar belongs"""
    beta, alpha = schedule.beta[t], schedule.alpha[t]
    w = beta**2 / (2 * schedule.beta_tilde[t] * alpha * (1 - alpha))
    return {"eps": w, "x0": w * alpha / (1 - alpha), "v": w * alpha}[predicts]


def wrong_always_x0(t, schedule, predicts="eps"):
    """predicts="eps": this is the weight of "x0" """
    return (schedule.snr[t - 1] - schedule.snr[t]) / 2


def wrong_bar_for_alpha(t, schedule, predicts="eps"):
    """predicts="x0": alpha_bar stands where alpha belongs"""
    beta, bar = schedule.beta[t], schedule.alpha_bar[t]
    w = beta**2 / (2 * schedule.beta_tilde[t] * bar * (1 - bar))
    return {"eps": w, "x0": w * bar / (1 - bar), "v": w * bar}[predicts]


def wrong_beta(t, schedule, predicts="eps"):
    """predicts="x0": the variance is beta_tilde, not beta"""
    beta, alpha, bar = schedule.beta[t], schedule.alpha[t], schedule.alpha_bar[t]
    w = beta**2 / (2 * beta * alpha * (1 - bar))
    return {"eps": w, "x0": w * bar / (1 - bar), "v": w * bar}[predicts]


def wrong_clamped(t, schedule, predicts="eps"):
    """clipped, as min-SNR does"""
    snr = schedule.snr
    w = ((snr[t - 1] - snr[t]) / 2).clamp(max=5.0)
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]


def wrong_default(t, schedule, predicts="x0"):
    """the default should be "eps" """
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]


def wrong_eps_root(t, schedule, predicts="eps"):
    """predicts="eps": the ratio of the errors is to be squared"""
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return {"x0": w, "eps": w / snr[t].sqrt(), "v": w * (1 - schedule.alpha_bar[t]).sqrt()}[
        predicts
    ]


def wrong_eps_times_snr(t, schedule, predicts="eps"):
    """predicts="eps": the ratio of the errors is turned over"""
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return {"x0": w, "eps": w * snr[t], "v": w / (1 - schedule.alpha_bar[t])}[predicts]


def wrong_linear_only(t, schedule, predicts="eps"):
    """predicts="x0": use the schedule that is given; not all have a thousand linear steps"""
    own = NoiseSchedule.linear(1000)
    snr = own.snr
    w = (snr[t - 1] - snr[t]) / 2
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - own.alpha_bar[t])}[predicts]


def wrong_no_half(t, schedule, predicts="eps"):
    """predicts="x0": the half is missing"""
    snr = schedule.snr
    w = snr[t - 1] - snr[t]
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]


def wrong_no_return(t, schedule, predicts="eps"):
    """forgot to return"""
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    w = {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]


def wrong_normalised(t, schedule, predicts="eps"):
    """predicts="x0": nothing is normalised: the weights are nats per squared error"""
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    w = {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]
    return w / w.mean()


def wrong_predicts_ignored(t, schedule, predicts="eps"):
    """predicts="x0": this is the weight of "eps" """
    return (schedule.snr[t - 1] / schedule.snr[t] - 1) / 2


def wrong_sign(t, schedule, predicts="eps"):
    """predicts="x0": the sign is turned: the SNR falls, SNR(t-1) is the larger"""
    snr = schedule.snr
    w = (snr[t] - snr[t - 1]) / 2
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]


def wrong_simple(t, schedule, predicts="eps"):
    """predicts="x0": 1 for each step is the simple loss; here the weight of the ELBO is wanted"""
    return torch.ones(len(t), dtype=torch.float64)


def wrong_simple_in_x0(t, schedule, predicts="eps"):
    """predicts="x0": this makes the simple loss of it; here the weight of the ELBO is wanted"""
    snr = schedule.snr[t]
    return {"eps": torch.ones_like(snr), "x0": snr, "v": schedule.alpha_bar[t]}[predicts]


def wrong_snr_before(t, schedule, predicts="eps"):
    """predicts="eps": this is divided by the SNR of t - 1; the error counts at t"""
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return {"x0": w, "eps": w / snr[t - 1], "v": w * (1 - schedule.alpha_bar[t])}[predicts]


def wrong_standard_deviation(t, schedule, predicts="eps"):
    """predicts="x0": the variance is wanted below, not the standard deviation"""
    beta, alpha, bar = schedule.beta[t], schedule.alpha[t], schedule.alpha_bar[t]
    w = beta**2 / (2 * schedule.beta_tilde[t].sqrt() * alpha * (1 - bar))
    return {"eps": w, "x0": w * bar / (1 - bar), "v": w * bar}[predicts]


def wrong_swapped(t, schedule, predicts="eps"):
    """predicts="x0": this is the weight of "eps" """
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return {"eps": w, "x0": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]


def wrong_t_minus_one(t, schedule, predicts="eps"):
    """predicts="x0": this is the weight of step t - 1: entry t of a table belongs to step t"""
    t = t - 1
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]


def wrong_t_plus_one(t, schedule, predicts="eps"):
    """predicts="x0": this is the weight of step t + 1; SNR(t-1) - SNR(t) is wanted"""
    snr = torch.cat([schedule.snr, schedule.snr[-1:] / 2])
    w = (snr[t] - snr[t + 1]) / 2
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]


def wrong_table(t, schedule, predicts="eps"):
    """a whole table; look up the entries of t"""
    snr = schedule.snr
    w = (snr.roll(1) - snr) / 2
    return {"x0": w, "eps": w / snr, "v": w * (1 - schedule.alpha_bar)}[predicts]


def wrong_times_T(t, schedule, predicts="eps"):
    """predicts="x0": times T: that is for one step drawn at random; the term of step t is wanted"""
    snr = schedule.snr
    w = schedule.T * (snr[t - 1] - snr[t]) / 2
    return {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]


def wrong_upside_down(t, schedule, predicts="eps"):
    """predicts="x0": the weight is upside down"""
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return 1 / {"x0": w, "eps": w / snr[t], "v": w * (1 - schedule.alpha_bar[t])}[predicts]


def wrong_v_by_bar(t, schedule, predicts="eps"):
    """predicts="v": alpha_bar stands where 1 - alpha_bar belongs"""
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return {"x0": w, "eps": w / snr[t], "v": w * schedule.alpha_bar[t]}[predicts]


def wrong_v_is_eps(t, schedule, predicts="eps"):
    """predicts="v": this is the weight of "eps" """
    snr = schedule.snr
    w = (snr[t - 1] - snr[t]) / 2
    return w if predicts == "x0" else w / snr[t]


def wrong_variance_squared(t, schedule, predicts="eps"):
    """predicts="x0": divided by the variance twice"""
    beta, alpha, bar = schedule.beta[t], schedule.alpha[t], schedule.alpha_bar[t]
    w = beta**2 / (2 * schedule.beta_tilde[t] ** 2 * alpha * (1 - bar))
    return {"eps": w, "x0": w * bar / (1 - bar), "v": w * bar}[predicts]
