"""TITLE."""

import math

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.ddpm import ddpm_sample as definition
from dgm.ddpm import ddpm_step
from dgm.diffusion import posterior_mean_from_eps, predict_x0, q_posterior, q_sample
from dgm.prediction import as_x0
from dgm.sampling import estimate, start


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_no_grad(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def right_noise_drawn_first(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    x = start(model, schedule, shape, generator, dtype)
    noise = torch.randn((schedule.T, *x.shape), generator=generator, dtype=x.dtype)
    for i in range(schedule.T, 0, -1):
        t = torch.full((len(x),), i)
        with torch.no_grad():
            eps_hat, _ = estimate(model, x, t, schedule, predicts, clip)
        x = ddpm_step(x, t, eps_hat, noise[i - 1], schedule, variance=variance)
    return x


def right_one_at_a_time(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    out = []
    for _ in range(shape[0]):
        x = start(model, schedule, (1, *shape[1:]), generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.tensor([i])
            with torch.no_grad():
                eps_hat, _ = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        out.append(x)
    return torch.cat(out)


def right_reversed(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in reversed(range(1, schedule.T + 1)):
            t = torch.tensor([i] * len(x))
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def right_through_x0(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    x = torch.randn(tuple(shape), generator=generator, dtype=dtype)
    with torch.no_grad():
        for i in range(schedule.T, 0, -1):
            t = torch.full((shape[0],), i, dtype=torch.int64)
            x0_hat = as_x0(model(x, t), x, t, schedule, predicts)
            if clip is not None:
                x0_hat = torch.clamp(x0_hat, clip[0], clip[1])
            mean, var = q_posterior(x0_hat, x, t, schedule)
            if i == 1:
                return mean
            sigma = math.sqrt(float(getattr(schedule, variance)[i]))
            x = mean + sigma * torch.randn(tuple(shape), generator=generator, dtype=x.dtype)


def right_while(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    x, i = start(model, schedule, shape, generator, dtype), schedule.T
    with torch.inference_mode():
        while i >= 1:
            t = i * torch.ones(shape[0], dtype=torch.long)
            eps_hat, _ = estimate(model, x, t, schedule, predicts, clip)
            z = (
                torch.normal(0.0, 1.0, tuple(shape), generator=generator, dtype=x.dtype)
                if i > 1
                else torch.zeros_like(x)
            )
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
            i -= 1
    return x.clone()


def right_with_grad(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    x = start(model, schedule, shape, generator, dtype)
    for i in range(schedule.T, 0, -1):
        t = torch.full((len(x),), i)
        eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
        z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
        x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
    return x


# Mistakes, and what a student is told.


def wrong_always_clipped(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with no option: something is clipped, and nobody asked for it"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip or (-1, 1))
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_clip_at_the_end(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with predicts='x0', clip=(-0.3, 0.4): a step from t to t - 1 is not line 4 of Algorithm 2.
    Solved for z, it has mean 0.190 and variance 3.118 in place of 0 and 1. Is it your
    ddpm_step, with eps_hat and this t? clip is for x0_hat alone, in each step"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x if clip is None else x.clamp(*clip)


def wrong_clip_ignored(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with predicts='x0', clip=(-0.3, 0.4): clip is not used: hand it on to estimate, which
    clips x0_hat and nothing else"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_clip_the_sample(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with predicts='x0', clip=(-0.3, 0.4): a step from t to t - 1 is not line 4 of Algorithm 2.
    Solved for z, it has mean 0.045 and variance 0.195 in place of 0 and 1. Is it your
    ddpm_step, with eps_hat and this t? clip is for x0_hat alone, in each step"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
            x = x if clip is None else x.clamp(*clip)
        return x


def wrong_ddim(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with no option: a step from t to t - 1 is not line 4 of Algorithm 2. Solved for z, it has
    mean 0.023 and variance 0.222 in place of 0 and 1. Is it your ddpm_step, with eps_hat and
    this t?"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = (
                predict_x0(x, t, eps_hat, schedule)
                if i == 1
                else q_sample(x0_hat, t - 1, eps_hat, schedule)
            )
        return x


def wrong_dtype_ignored(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """dtype is not handed on"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_eps_for_x0(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with no option: a step from t to t - 1 is not line 4 of Algorithm 2. Solved for z, it has
    mean 0.124 and variance 33.204 in place of 0 and 1. Is it your ddpm_step, with eps_hat and
    this t?"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, x0_hat, z, schedule, variance=variance)
        return x


def wrong_every_other(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """T is 6; the model should be asked at [6, 5, 4, 3, 2, 1], and was at [6, 4, 2]"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -2):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_forwards(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """from noise to data t falls; this runs from 1 to T"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(1, schedule.T + 1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_from_zero(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """steps T - 1 to 0, as programmers count"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T - 1, -1, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_network_always_T(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """T is 6; the model should be asked at [6, 5, 4, 3, 2, 1], and was at [6, 6, 6, 6, 6, 6]"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(
                lambda x, t: model(x, 0 * t + schedule.T), x, t, schedule, predicts, clip
            )
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_no_generator(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """the same generator state gave another sample: hand generator to all that draws"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn_like(x)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_no_generator_at_start(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """the same generator state gave another sample: hand generator to all that draws"""
    with torch.no_grad():
        x = start(model, schedule, shape, dtype=dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_no_noise(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with no option: no noise is added on the way. Draw a z in each step"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.zeros_like(x)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_no_return(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """no return"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        y = x


def wrong_noise_at_the_end(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with no option: all steps are right but the last. It adds no noise, and what it gives is
    returned as it is"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            mean = posterior_mean_from_eps(x, t, eps_hat, schedule)
            sigma = max(float(getattr(schedule, variance)[i]), 1e-5) ** 0.5
            x = mean + sigma * z
        return x


def wrong_noise_of_a_row(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """one z for the whole batch: draw it in the shape of x"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x[:1].shape, generator=generator, dtype=x.dtype).expand_as(x)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_one_noise(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """the same z in every step: draw it inside of the loop"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_one_start(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """all rows begin with the same noise"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        x = x[:1].expand_as(x).clone()
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_path(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """the last sample is wanted, a tensor, not a list"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        path = []
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
            path.append(x)
        return path


def wrong_prediction_as_eps(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with predicts='x0', clip=(-0.3, 0.4): what the model predicts is taken for the noise: hand
    predicts on"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat = model(x, t)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_predicts_ignored(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with predicts='x0', clip=(-0.3, 0.4): what the model predicts is taken for the noise: hand
    predicts on"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, "eps", clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_returns_inside(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """the loop ends after its first turn: look where `return` or `break` stands"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
            return x


def wrong_returns_x0_hat(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with no option: a step from t to t - 1 is not line 4 of Algorithm 2. Solved for z, it has
    mean -0.340 and variance 3.214 in place of 0 and 1. Is it your ddpm_step, with eps_hat and
    this t?"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = x0_hat if i == 1 else q_sample(x0_hat, t - 1, z, schedule)
        return x


def wrong_seed_inside(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """a second call gave the same sample: set no seed inside"""
    with torch.no_grad():
        generator = torch.Generator().manual_seed(0)
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_start_never_replaced(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """every step begins at x_T again: put the result into x"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        x_T = x
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x_T, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_starts_late(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """the first step, t = T, is left out"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T - 1, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_step_one_less(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with no option: a step from t to t - 1 is not line 4 of Algorithm 2. Solved for z, it has
    mean 0.100 and variance 0.633 in place of 0 and 1. Is it your ddpm_step, with eps_hat and
    this t?"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, (t - 1).clamp(min=1), eps_hat, z, schedule, variance=variance)
        return x


def wrong_stops_early(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """the last step, t = 1, is left out: range ends before its second number"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 1, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_t_number(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """t is a number, not (B,)"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.tensor(i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_told_one_less(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """the model is told t - 1: steps run from 1 to T"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(lambda x, t: model(x, t - 1), x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_uniform(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """rand gives numbers from 0 to 1: z is normal, randn"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.rand(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_uniform_start(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """x_T should be draws of N(0, 1); its mean is 0.496, its variance 0.082"""
    with torch.no_grad():
        x = torch.rand(tuple(shape), generator=generator, dtype=dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_variance_beta(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with no option: the steps have the other variance. Hand variance on to ddpm_step"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance="beta")
        return x


def wrong_variance_ignored(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """with variance='beta': the steps have the other variance. Hand variance on to ddpm_step"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule)
        return x


def wrong_x0_hat_of_first(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """the loop ends after its first turn: look where `return` or `break` stands"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            break
        return x0_hat


def wrong_z_is_xT(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """the same z in every step: draw it inside of the loop"""
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        z = x
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def wrong_zero_start(
    model,
    schedule,
    shape,
    generator=None,
    *,
    predicts="eps",
    variance="beta_tilde",
    clip=None,
    dtype=None,
):
    """x_T is the same everywhere: draw it"""
    with torch.no_grad():
        x = torch.zeros(tuple(shape), dtype=dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x
