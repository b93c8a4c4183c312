"""6.6 Algorithm 2: sampling."""

import math

import torch
from torch import nn

from course.checks import draw, laws
from course.checks.cases import HOLDS, Call, Law, Reading, holds
from course.checks.exercise import change
from dgm.ddpm import ddpm_sample as definition
from dgm.ddpm import ddpm_step
from dgm.diffusion import posterior_mean_from_eps, q_posterior
from dgm.prediction import as_x0
from dgm.sampling import estimate, start
from dgm.schedule import NoiseSchedule, at


def cases(g):
    seed = int(torch.randint(2**31, (1,), generator=g))
    table = NoiseSchedule(torch.tensor([0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5], dtype=torch.float64))
    for words, options in (
        ("with no option", {}),
        ("with variance='beta'", {"variance": "beta"}),
        ("with predicts='x0', clip=(-0.3, 0.4)", {"predicts": "x0", "clip": (-0.3, 0.4)}),
        ("with predicts='v', variance='beta_tilde'", {"predicts": "v", "variance": "beta_tilde"}),
    ):
        yield Law(
            words, lambda answer, o=options: chain(answer, table, (60, 8, 12), o, seed, tails=not o)
        )
    yield Law("", lambda answer: laws.of_the_generator(lambda k: answer(wave(1.0), table, (3, 2), k), "samples"))  # fmt: skip
    yield Call(sure(table), table, (4, 2), laws.seeded(seed), dtype=torch.float64).but(
        words="all data are 0.7, and the model knows the exact noise"
    )
    for net in (Net(g), Net(g).double()):
        words = f"a network in {net.weight.dtype} with dropout"
        yield Call(net, table, (3, 2), laws.seeded(seed)).but(values=False, words=words)


class Net(nn.Module):
    """A network in training mode, whose state an answer leaves as it is."""

    def __init__(self, g):
        super().__init__()
        self.weight = nn.Parameter(draw.normal(g, 1).float())
        self.dropout = nn.Dropout(0.1)

    def forward(self, xt, t):
        return self.dropout(self.weight * xt)


def wave(gain):
    """A model that knows no truth: some smooth function, times a weight."""

    def model(xt, t):
        t = torch.as_tensor(t).to(xt.dtype)
        return gain * (2 * torch.sin(2 * xt) + 0.1 * t.reshape(-1, *[1] * (xt.dim() - 1)))

    return model


def sure(schedule):
    signal, rest = schedule.alpha_bar.sqrt(), (1 - schedule.alpha_bar).sqrt()
    return lambda xt, t: (xt - at(signal, t, xt) * 0.7) / at(rest, t, xt)


def chain(answer, schedule, shape, options, seed, dtype=draw.DOUBLE, tails=False):
    """What the model is asked, and the noise that follows from one step to the next."""
    gain, calls, T = torch.ones(1, dtype=dtype, requires_grad=True), [], schedule.T

    def model(xt, t):
        calls.append((xt.detach().clone(), torch.as_tensor(t).clone(), xt.requires_grad))
        return wave(gain)(xt, t)

    got = answer(model, schedule, shape, laws.seeded(seed), dtype=dtype, **options)
    yield holds(got is not None, "nothing came back: is a `return` missing?")
    yield holds(isinstance(got, torch.Tensor), f"the last sample is wanted, a tensor, not a {type(got).__name__}")  # fmt: skip
    if not isinstance(got, torch.Tensor):
        return
    fits = got.shape == shape, got.dtype == dtype
    yield holds(fits[0], f"shape {shape} is wanted, got {tuple(got.shape)}")
    yield holds(fits[1], f"dtype={dtype} was asked for, got {got.dtype}: hand dtype on")
    graph = got.requires_grad or any(k for _, _, k in calls)
    yield holds(not graph, "the samples hang in a graph: keep the line `@torch.no_grad()`")
    rows = all(k.shape == x.shape[:1] and bool((k == k[:1]).all()) for x, k, _ in calls)
    yield holds(rows, "t is one number for each row, shape (B,), the same in all rows of a call")
    if not (all(fits) and rows):
        return
    told, wanted = [int(k[0]) for _, k, _ in calls], list(range(T, 0, -1))
    rounds = shape[0] if len(told) == shape[0] * T else 1  # one sample after the other will do, too
    code = [math.log(1 + sum(abs(k) * (T + 1) ** i for i, k in enumerate(order))) for order in (told, wanted * rounds)]  # fmt: skip
    yield Reading(f"T is {T}; the model should be asked at {wanted}, and was at {told}", *[1e9 * k for k in code], HOLDS)  # fmt: skip
    if told != wanted * rounds:
        return
    x = [torch.cat([calls[r * T + i][0] for r in range(rounds)]) for i in range(T)]
    names = "rows of the batch", *["pixels"] * (len(shape) - 1)
    kept = slice(None if tails else -1)  # the largest draw is looked at once: it may be by bad luck
    yield from list(laws.standard_normal(x[0], "x_T", names))[kept]
    plan = {k: v for k, v in options.items() if k != "variance"}
    means, noise = [], [x[0]]
    for i, t in enumerate(wanted):
        t = torch.full((len(x[i]),), t)
        with torch.no_grad():
            eps_hat, _ = estimate(wave(gain), x[i], t, schedule, **plan)
        means.append(posterior_mean_from_eps(x[i], t, eps_hat, schedule))
        var = getattr(schedule, options.get("variance", "beta_tilde"))
        if i + 1 < T:
            noise.append((x[i + 1] - means[i]) / at(var.sqrt(), t, x[i]))
    z = torch.stack(noise)
    if T > 1:
        clue = "Is it line 4 of Algorithm 2, your ddpm_step, with this t, eps_hat and a z drawn in each step?"  # fmt: skip
        what = "the noise of the steps, solved from what the model saw,"
        yield Reading(f"the mean of {what}", z[1:].mean().item(), 0.0, 0.5, clue)
        yield Reading(f"the variance of {what}", z[1:].var().item(), 1.0, 0.45, clue)
        yield from list(laws.standard_normal(z[1:], what, ("steps", *names)))[kept]
        alike = torch.corrcoef(z.flatten(1)).nan_to_num().fill_diagonal_(0).abs().max().item()
        yield Reading("the likeness of the noises of two steps, in standard errors,", alike * math.sqrt(z[0].numel()), 0.0, laws.SIX, "Draw a fresh z in each step, and do not use x_T again")  # fmt: skip
    off = (got - means[-1]).abs().max().item()
    yield Reading("all steps are right but the last: it adds no noise, and what it gives is returned as it is. The largest difference", off, 0.0, 1e-5 if dtype == draw.DOUBLE else 1e-3)  # fmt: skip


# Right, in ways that differ.


def right_no_grad(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):  # fmt: skip
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def right_noise_drawn_first(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):  # fmt: skip
    x = start(model, schedule, shape, generator, dtype)
    noise = torch.randn((schedule.T, *x.shape), generator=generator, dtype=x.dtype)
    for i in range(schedule.T, 0, -1):
        t = torch.full((len(x),), i)
        with torch.no_grad():
            eps_hat, _ = estimate(model, x, t, schedule, predicts, clip)
        x = ddpm_step(x, t, eps_hat, noise[i - 1], schedule, variance=variance)
    return x


def right_one_at_a_time(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):  # fmt: skip
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


def right_reversed(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):  # fmt: skip
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in reversed(range(1, schedule.T + 1)):
            t = torch.tensor([i] * len(x))
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x


def right_through_x0(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):  # fmt: skip
    x = start(model, schedule, shape, generator, dtype)
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


def right_while(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):  # fmt: skip
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


@torch.no_grad()
def right_decorated(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):  # fmt: skip
    """as the line above the `def` has it, with a step written out"""
    x = start(model, schedule, shape, generator, dtype)
    var = schedule.beta if variance == "beta" else schedule.beta_tilde
    for i, t in zip(range(schedule.T, 0, -1), torch.arange(1, schedule.T + 1).flip(0)):
        t = t.repeat(len(x))
        eps_hat = estimate(model, x, t, schedule, predicts, clip)[0]
        x = posterior_mean_from_eps(x, t, eps_hat, schedule)
        if i > 1:
            x += var[i].sqrt().to(x) * torch.empty_like(x).normal_(generator=generator)
    return x


# Mistakes, and what a student is told.


X_T, Z = "start(model, schedule, shape, generator, dtype)", "torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)"  # fmt: skip
LOOP, CALL = "for i in range(schedule.T, 0, -1):", "estimate(model, x, t, schedule, predicts, clip)"
STEP, END = "ddpm_step(x, t, eps_hat, z, schedule, variance=variance)", "return x  # 6"


def _start(words, drawn):
    return change(words, f"{X_T}  # 1", drawn)


def _loop(words, head):
    return change(words, LOOP, head)


def _call(words, asked):
    return change(words, CALL, asked)


def _z(words, drawn):
    return change(words, Z, drawn)


def _step(words, line):
    return change(words, STEP, line)


def _end(words, line):
    return change(words, END, line)


wrong_with_grad = change(
    "the samples hang in a graph: keep the line `@torch.no_grad()`", "@torch.no_grad()\n", ""
)
wrong_detached_at_the_end = change(
    "the samples hang in a graph: keep the line `@torch.no_grad()`",
    "@torch.no_grad()\n",
    "",
    END,
    "return x.detach()",
)
wrong_one_start = _start(
    "all rows begin with the same noise", f"{X_T}; x = x[:1].expand_as(x).clone()"
)
wrong_start_of_a_row = _start(
    "x_T has one number for each row: draw it in the shape that is asked for",
    f"{X_T}; x = x.flatten(1)[:, 0].view(-1, *[1] * (x.dim() - 1)).expand_as(x).clone()",
)
wrong_uniform_start = _start(
    "x_T is drawn from N(0, 1): randn, not rand",
    "torch.rand(tuple(shape), generator=generator, dtype=dtype)",
)
wrong_zero_start = _start(
    "x_T is the same everywhere: draw it", "torch.zeros(tuple(shape), dtype=dtype)"
)
wrong_start_cut_off = _start("x_T is cut off: nothing is clamped", f"{X_T}.clamp(-2.5, 2.5)")
wrong_start_cooled = _start("x_T has the variance 1, as it comes from `start`", f"0.9 * {X_T}")
wrong_dtype_ignored = _start("dtype is not handed on", "start(model, schedule, shape, generator)")
wrong_dtype_default = _start(
    "without dtype the sample has that of the model's parameters: `start` knows it",
    "torch.randn(tuple(shape), generator=generator, dtype=dtype)",
)
wrong_no_generator_at_start = _start(
    "the same generator state gave other samples: pass generator=generator to all that draws",
    "start(model, schedule, shape, dtype=dtype)",
)
wrong_seed_inside = _start(
    "a second call gave the same samples: set no seed inside, and draw from the generator itself",
    "start(model, schedule, shape, generator := torch.Generator().manual_seed(0), dtype)",
)
wrong_eval = _start(
    "the model is put into another mode: take it as it comes",
    f"{X_T}; isinstance(model, torch.nn.Module) and model.eval()",
)
wrong_thousand = _loop("T is the schedule's; this has 1000 steps", "for i in range(1000, 0, -1):")
wrong_every_other = _loop(
    "every other step is left out: the model is asked at each t from T to 1",
    "for i in range(schedule.T, 0, -2):",
)
wrong_forwards = _loop(
    "from noise to data t falls; this runs from 1 to T", "for i in range(1, schedule.T + 1):"
)
wrong_from_zero = _loop(
    "this runs from T - 1 to 0: steps run from T to 1", "for i in range(schedule.T - 1, -1, -1):"
)
wrong_starts_late = _loop(
    "the first step, t = T, is left out", "for i in range(schedule.T - 1, 0, -1):"
)
wrong_stops_early = _loop(
    "the last step, t = 1, is left out: range ends before its second number",
    "for i in range(schedule.T, 1, -1):",
)
wrong_t_number = change(
    "t is a number; one for each row is wanted, shape (B,)",
    "torch.full((len(x),), i, device=x.device)",
    "torch.tensor(i)",
)
wrong_network_always_T = _call(
    "the model is told T in each step, not this t",
    "estimate(lambda x, t: model(x, 0 * t + schedule.T), x, t, schedule, predicts, clip)",
)
wrong_told_one_less = _call(
    "the model is told t - 1: steps run from 1 to T",
    "estimate(lambda x, t: model(x, t - 1), x, t, schedule, predicts, clip)",
)
wrong_asked_twice = _call("the model is asked twice in each step; once is enough", f"{CALL}; {CALL}")  # fmt: skip
wrong_always_clipped = _call(
    "something is clipped, and nobody asked for it",
    "estimate(model, x, t, schedule, predicts, clip or (-1, 1))",
)
wrong_clip_ignored = _call(
    "clip is not used: hand it on to estimate, which clips x0_hat and nothing else",
    "estimate(model, x, t, schedule, predicts)",
)
wrong_predicts_ignored = _call(
    "what the model predicts is taken for the noise: hand predicts on",
    'estimate(model, x, t, schedule, "eps", clip)',
)
wrong_prediction_as_eps = _call(
    "what the model predicts is taken for the noise as it is: `estimate` turns it into eps_hat, and clips",
    "model(x, t), None",
)
wrong_eps_for_x0 = change(
    "x0_hat is handed to the step in place of eps_hat", "eps_hat, _ = est", "_, eps_hat = est"
)
wrong_no_generator = _z(
    "the same generator state gave other samples: pass generator=generator to all that draws",
    "torch.randn_like(x)",
)
wrong_no_noise = _z("no noise is added on the way: draw a z in each step", "torch.zeros_like(x)")
wrong_noise_of_a_row = _z(
    "one z for the whole batch: draw it in the shape of x",
    "torch.randn(x[:1].shape, generator=generator, dtype=x.dtype).expand_as(x)",
)
wrong_noise_of_a_pixel = _z(
    "one z for a whole row: draw it in the shape of x",
    "torch.randn(len(x), *[1] * (x.dim() - 1), generator=generator, dtype=x.dtype).expand_as(x)",
)
wrong_noise_of_a_line = _z(
    "one z for a line of pixels: draw it in the shape of x",
    "torch.randn(*x.shape[:-1], 1, generator=generator, dtype=x.dtype).expand_as(x)",
)
wrong_noise_cut_off = _z("z is cut off: nothing is clamped", f"{Z}.clamp(-3, 3)")
wrong_noise_cooled = _z("z has the variance 1", f"0.9 * {Z}")
wrong_uniform = _z("rand gives numbers from 0 to 1: z is normal, randn", Z.replace("randn", "rand"))
wrong_uniform_standardised = _z(
    "z should be normal: randn, not a stretched rand",
    f"({Z.replace('randn', 'rand')} - 0.5) * 12**0.5",
)
wrong_one_noise = change(
    "the same z in every step: draw it inside of the loop",
    f"    {LOOP}",
    f"    z = {Z}\n    {LOOP}",
    f"        z = {Z}  # 3\n",
    "",
)
wrong_two_noises = _z(
    "the same z in two steps: draw a fresh one in each", f"{Z} if (schedule.T - i) % 2 == 0 else z"
)
wrong_z_is_xT = change(
    "the same z in every step: draw it inside of the loop",
    f"{X_T}  # 1",
    f"{X_T}; x_T = x",
    Z,
    "x_T",
)
wrong_ddim = _step(
    "this is DDIM's step, which adds no noise of its own; line 4 of Algorithm 2 is your ddpm_step",
    "ddim_step(x, t, t - 1, eps_hat, z, schedule)",
)
wrong_returns_x0_hat = _step(
    "x0_hat is noised anew in each step; line 4 of Algorithm 2 is your ddpm_step",
    "(x0_hat := predict_x0(x, t, eps_hat, schedule)) if i == 1 else q_sample(predict_x0(x, t, eps_hat, schedule), t - 1, z, schedule)",
)
wrong_start_never_replaced = change(
    "every step begins at x_T again: put the result into x",
    f"{X_T}  # 1",
    f"{X_T}; x_T = x",
    STEP,
    STEP.replace("(x,", "(x_T,"),
)
wrong_step_one_less = _step(
    "the step is told t - 1: it leads from t to t - 1, and its tables are those of t",
    STEP.replace("t,", "(t - 1).clamp(min=1),", 1),
)
wrong_variance_beta = _step(
    "variance is not handed on: these steps have 'beta' always",
    STEP.replace("=variance", '="beta"'),
)
wrong_variance_ignored = _step(
    "variance is not handed on: these steps have 'beta_tilde' always",
    STEP.replace(", variance=variance", ""),
)
wrong_default_variance = change(
    "the default of variance is 'beta_tilde'",
    'variance: str = "beta_tilde"',
    'variance: str = "beta"',
)
wrong_clip_the_sample = change(
    "x is clipped in each step; clip is for x0_hat: hand it on to estimate",
    CALL,
    CALL.replace(", clip", ""),
    f"{STEP}  # 4",
    f"{STEP}\n        x = x if clip is None else x.clamp(*clip)",
)
wrong_noise_at_the_end = _step(
    "noise is added in the last step too: at t = 1 there is none",
    "posterior_mean_from_eps(x, t, eps_hat, schedule) + max(float(getattr(schedule, variance)[i]), 1e-5) ** 0.5 * z",
)
wrong_clip_at_the_end = change(
    "x is clipped at the end; clip is for x0_hat in each step: hand it on to estimate",
    CALL,
    CALL.replace(", clip", ""),
    END,
    "return x if clip is None else x.clamp(*clip)",
)
wrong_clamped_at_the_end = _end(
    "what the last step gives is returned as it is: nobody asked for a clamp",
    "return x.clamp(-1, 1)",
)
wrong_returns_inside = _end(
    "the loop ends after its first turn: look where `return` or `break` stands", "    return x"
)
wrong_x0_hat_of_first = _step(
    "the loop ends after its first turn: look where `return` or `break` stands",
    "predict_x0(x, t, eps_hat, schedule); break",
)
wrong_path = change(
    "the last sample is wanted, a tensor, not a list",
    f"    {LOOP}",
    f"    path = []\n    {LOOP}",
    f"{STEP}  # 4",
    f"{STEP}; path.append(x)",
    END,
    "return path",
)
wrong_no_return = _end("nothing came back: is a `return` missing?", "")
