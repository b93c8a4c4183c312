"""TITLE."""

import math

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.ddpm import ddpm_loss as definition
from dgm.diffusion import q_sample
from dgm.prediction import training_target
from dgm.sampling import call
from dgm.schedule import at


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_by_hand(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    T, n = schedule.T, x0.shape[0]
    u = torch.rand(n, generator=generator, dtype=torch.float64)
    t = (u * T).floor().long() + 1
    eps = torch.empty_like(x0).normal_(generator=generator)
    view = (n,) + (1,) * (x0.dim() - 1)
    signal = schedule.alpha_bar[t].sqrt().view(view).to(x0.dtype)
    noise = (1 - schedule.alpha_bar[t]).sqrt().view(view).to(x0.dtype)
    out = model(signal * x0 + noise * eps, t)
    target = {"eps": eps, "x0": x0, "v": signal * eps - noise * x0}[predicts]
    w = torch.ones(n, dtype=x0.dtype) if weight is None else weight(t).to(x0.dtype)
    return (w.view(view) * (out - target) ** 2).sum() / x0.numel()


def right_mse(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    t = 1 + torch.randint(schedule.T, x0.shape[:1], generator=generator)
    eps = torch.normal(torch.zeros_like(x0), torch.ones_like(x0), generator=generator)
    out = call(model, q_sample(x0, t, eps, schedule), t)
    target = training_target(x0, eps, t, schedule, predicts)
    if weight is None:
        return nn.functional.mse_loss(out, target)
    each = nn.functional.mse_loss(out, target, reduction="none").flatten(1).mean(1)
    return torch.mean(weight(t) * each)


def right_multinomial(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    t = (
        torch.multinomial(torch.ones(schedule.T), len(x0), replacement=True, generator=generator)
        + 1
    )
    eps = torch.randn(*x0.shape, generator=generator).to(x0.dtype)
    difference = model(q_sample(x0, t, eps, schedule), t) - training_target(
        x0, eps, t, schedule, predicts
    )
    norm = torch.linalg.vector_norm(difference.flatten(1), dim=1) ** 2 / x0[0].numel()
    return norm.mean() if weight is None else (norm * weight(t)).mean()


def right_noise_first(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def right_plain(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def right_row_by_row(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    total = 0.0
    for i in range(len(x0)):
        x = x0[i : i + 1]
        t = torch.randint(1, schedule.T + 1, (1,), generator=generator)
        eps = torch.randn(x.shape, generator=generator, dtype=x.dtype)
        out = model(q_sample(x, t, eps, schedule), t)
        error = torch.mean((training_target(x, eps, t, schedule, predicts) - out) ** 2)
        total = total + (error if weight is None else weight(t)[0] * error)
    return total / len(x0)


# Mistakes, and what a student is told.


def wrong_absolute(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """with no option: absolute errors; squares are wanted"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)).abs()).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_alpha(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """alpha in place of alpha_bar: this is a single step"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = at(schedule.alpha.sqrt(), t, x0) * x0 + at((1 - schedule.alpha).sqrt(), t, x0) * eps
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_always_eps(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """with predicts='x0': predicts is not used: the target is still eps"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = ((model(xt, t) - eps) ** 2).flatten(1).mean(1)
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_beta(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """the noise's share is sqrt(1 - alpha_bar), not sqrt(beta)"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = at(schedule.alpha_bar.sqrt(), t, x0) * x0 + at(schedule.beta.sqrt(), t, x0) * eps
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_clean_input(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """the model is shown x0, without noise"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = x0
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_detached(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """nothing can be trained on this: return a tensor with its graph, no .item(), no no_grad, no
    .detach()"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t).detach() - training_target(x0, eps, t, schedule, predicts)) ** 2)
        .flatten(1)
        .mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_float64(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """x0 is float32, and the model is shown torch.float64: a network would refuse. `at` casts
    for you"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    view = (-1,) + (1,) * (x0.dim() - 1)
    xt = (
        schedule.alpha_bar[t].sqrt().view(view) * x0
        + (1 - schedule.alpha_bar[t]).sqrt().view(view) * eps
    )
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_half(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """with no option: no half before the square"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean() / 2


def wrong_item(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """nothing can be trained on this: return a tensor with its graph, no .item(), no no_grad, no
    .detach()"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean().item()


def wrong_large_t_only(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """of 240 steps 1, ..., 4 come up [0, 0, 114, 126] times: draw them uniformly"""
    t = torch.randint(schedule.T // 2 + 1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_last_step_never(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """step T never comes up: the upper end of randint is not included"""
    t = torch.randint(1, schedule.T, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_no_generator(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """the same generator state gave another loss: hand generator to all that draws"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn_like(x0)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_no_generator_for_t(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """the same generator state gave another loss: hand generator to all that draws"""
    t = torch.randint(1, schedule.T + 1, (len(x0),))
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_no_grad(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """nothing can be trained on this: return a tensor with its graph, no .item(), no no_grad, no
    .detach()"""
    with torch.no_grad():
        t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
        eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
        xt = q_sample(x0, t, eps, schedule)
        error = (
            ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2)
            .flatten(1)
            .mean(1)
        )
        if weight is not None:
            error = error * weight(t).to(error)
        return error.mean()


def wrong_no_return(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """no return"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    loss = error.mean()


def wrong_no_root_of_noise(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """1 - alpha_bar is a variance: take its square root"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = at(schedule.alpha_bar.sqrt(), t, x0) * x0 + at(1 - schedule.alpha_bar, t, x0) * eps
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_no_roots(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """both square roots are missing"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = at(schedule.alpha_bar, t, x0) * x0 + at(1 - schedule.alpha_bar, t, x0) * eps
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_noise_alone(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """the model is shown the noise alone"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = eps
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_noise_for_rows(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """one number of noise for each row: draw it in the shape of x0"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(len(x0), *[1] * (x0.dim() - 1), generator=generator, dtype=x0.dtype).expand(
        x0.shape
    )
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_not_averaged(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """one number for each row"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error


def wrong_off_by_one(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """the model is told another step than the one that x0 was noised to: t off by one"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = (
        at(schedule.alpha_bar.sqrt(), t - 1, x0) * x0
        + at((1 - schedule.alpha_bar).sqrt(), t - 1, x0) * eps
    )
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_one_noise(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """one noise for the whole batch: draw it in the shape of x0"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0[:1].shape, generator=generator, dtype=x0.dtype).expand(x0.shape)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_one_t(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """one step for the whole batch: draw one for each row"""
    t = torch.randint(1, schedule.T + 1, (1,), generator=generator).expand(len(x0))
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_root(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """with no option: the root is one too many: the mean of squares is wanted"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean().sqrt()


def wrong_seed_inside(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """a second call gave the same loss: set no seed inside"""
    generator = torch.Generator().manual_seed(0)
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_sum(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """with no option: a sum over everything; the loss is a mean over batch and entries"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).sum(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.sum()


def wrong_sum_of_batch(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """with no option: a sum over the batch; its mean is wanted"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.sum()


def wrong_sum_of_pixels(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """with no option: a sum over the entries of a row; their mean is wanted"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).sum(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_swapped(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """signal and noise have changed places"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = (
        at((1 - schedule.alpha_bar).sqrt(), t, x0) * x0 + at(schedule.alpha_bar.sqrt(), t, x0) * eps
    )
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_t_from_zero(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """steps 0 to T - 1"""
    t = torch.randint(0, schedule.T, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_t_from_zero_by_hand(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """the model was told step 0: steps run from 1 to T"""
    t = torch.randint(0, schedule.T, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = (
        at(schedule.alpha_bar.sqrt(), t, x0) * x0 + at((1 - schedule.alpha_bar).sqrt(), t, x0) * eps
    )
    target = {
        "eps": eps,
        "x0": x0,
        "v": at(schedule.alpha_bar.sqrt(), t, x0) * eps
        - at((1 - schedule.alpha_bar).sqrt(), t, x0) * x0,
    }[predicts]
    error = ((model(xt, t) - target) ** 2).flatten(1).mean(1)
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_t_normalised(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """the model is told the step itself, a whole number, not t / T"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t / schedule.T) - training_target(x0, eps, t, schedule, predicts)) ** 2)
        .flatten(1)
        .mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_t_told_is_one_less(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """the model was told step 0: steps run from 1 to T"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t - 1) - training_target(x0, eps, t, schedule, predicts)) ** 2)
        .flatten(1)
        .mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_uniform(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """rand gives numbers from 0 to 1: randn is normal"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.rand(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_uniform_standardised(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """the noise should be normal: randn, not a stretched rand"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = (torch.rand(x0.shape, generator=generator, dtype=x0.dtype) - 0.5) * math.sqrt(12)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_weight_ignored(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """with predicts='v', weight: the weight is not used"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    return error.mean()


def wrong_weight_normalised(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """with predicts='v', weight: the weights are not divided by their sum"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    return error.mean() if weight is None else (weight(t) * error).sum() / weight(t).sum()


def wrong_weight_of_means(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """with predicts='v', weight: each row's error is multiplied by its own weight, before the
    mean"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = (
        ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    )
    return error.mean() * (1 if weight is None else weight(t).mean())


def wrong_weight_squared(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """with predicts='v', weight: the weight stands outside of the square"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    w = 1 if weight is None else weight(t).to(x0).view(-1, *[1] * (x0.dim() - 1))
    error = (
        ((w * (model(xt, t) - training_target(x0, eps, t, schedule, predicts))) ** 2)
        .flatten(1)
        .mean(1)
    )
    return error.mean()


def wrong_x0_for_eps(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """with no option: the target is eps, and x0 has been taken"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    target = x0 if predicts == "eps" else training_target(x0, eps, t, schedule, predicts)
    error = ((model(xt, t) - target) ** 2).flatten(1).mean(1)
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()


def wrong_xt_for_eps(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    """with no option: the target is eps itself; xt - x0 is another thing"""
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    target = xt - x0 if predicts == "eps" else training_target(x0, eps, t, schedule, predicts)
    error = ((model(xt, t) - target) ** 2).flatten(1).mean(1)
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()
