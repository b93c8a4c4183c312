"""7.7 From noise to a picture."""

import math

import torch
from torch import nn

from course.checks import draw, laws
from course.checks.cases import HOLDS, Call, Law, Reading, holds
from course.checks.exercise import change
from course.checks.stages import Network, Watched, anew
from dgm.ddim import ddim_step, ddim_times
from dgm.ddpm import ddim_sample, ddpm_sample
from dgm.latent import latent_sample as definition
from dgm.sampling import estimate
from dgm.schedule import NoiseSchedule


def cases(g):
    seed = int(torch.randint(2**31, (1,), generator=g))
    table = NoiseSchedule(torch.tensor([0, 0.1, 0.2, 0.3, 0.35, 0.4, 0.5], dtype=torch.float64))
    shape, clip = (6, 4, 12, 16), {"predicts": "x0", "clip": (-0.5, 0.6)}
    stage = Watched(g, (1, 4, 4), shape[1:])
    for options in ({}, clip, {"eta": 0.3, "predicts": "v"}, {"steps": 3}, {"steps": 3, "predicts": "v"}, {"steps": 2, "eta": 0.5}, {"steps": 4, "eta": 1.0, **clip}):  # fmt: skip
        words = "with " + (", ".join(f"{k}={v!r}" for k, v in options.items()) or "no option")
        yield Law(words, lambda answer, o=options: chain(answer, stage, table, shape, 0.4, o, seed))
    for options in ({}, {"steps": 2}):
        yield Law("", lambda answer, o=options: laws.of_the_generator(lambda k: answer(Wave(), stage, table, (2, *shape[1:]), 0.4, k, **o), "images"))  # fmt: skip
    point, moded = draw.normal(g, 1, 3), Network(g, (2, 5), (3,))
    for options in ({}, {"steps": 2}):
        yield Call(Sure(point), moded, table, [4, 3], 2.5, laws.seeded(seed), predicts="x0", **options).but(  # fmt: skip
            dtype=False, rtol=1e-4, words="all latents are one, and the model knows it; a first stage in training mode"
        )  # fmt: skip
    yield Call(Wave(), moded, table, (4, 3), 2.5).but(values=False, dtype=False, words="without a generator; both networks in training mode")  # fmt: skip
    yield anew(lambda answer: answer(Wave(), stage, table, (1, *shape[1:]), 0.4, steps=2))


class Wave(nn.Module):
    """A model that knows no truth: some smooth function. It keeps what it is shown."""

    def __init__(self, dtype=draw.DOUBLE):
        super().__init__()
        self.weight = nn.Parameter(torch.ones(1, dtype=dtype))
        self._calls = []

    def forward(self, zt, t):
        self._calls.append((zt.detach().clone(), torch.as_tensor(t).clone(), zt.requires_grad))
        return self.weight * wave(zt, t)


class Sure(nn.Module):
    """A model that says x0 is the same point, whatever it is shown."""

    def __init__(self, point):
        super().__init__()
        self.point = nn.Parameter(point)

    def forward(self, zt, t):
        return self.point.expand_as(zt)


def wave(zt, t):
    t = torch.as_tensor(t).to(zt.dtype)
    return 2 * torch.sin(2 * zt) + 0.1 * t.reshape(-1, *[1] * (zt.dim() - 1))


def chain(answer, stage, schedule, shape, scale, options, seed, dtype=draw.DOUBLE):
    """What the model is shown on the way, what the decoder is handed at its end, and what comes back."""
    stage._shown.clear(), stage._handed.clear()
    model, n, T = Wave(dtype), shape[0], schedule.T
    got = answer(model, stage, schedule, shape, scale, laws.seeded(seed), **options)
    yield holds(got is not None, "nothing came back: is a `return` missing?")
    yield holds(isinstance(got, torch.Tensor), f"a tensor of images is wanted, not a {type(got).__name__}")  # fmt: skip
    if not isinstance(got, torch.Tensor):
        return
    yield holds(not stage._shown, "first_stage.encode has no part in sampling: noise is drawn in the latents' shape")  # fmt: skip
    calls = model._calls
    fits = all(z.shape[1:] == tuple(shape[1:]) for z, _, _ in calls)
    yield holds(calls, "the model was never called")
    yield holds(fits, f"`shape` is that of the latents: the model should be shown (B, {', '.join(map(str, shape[1:]))})")  # fmt: skip
    yield holds(stage._handed, "first_stage.decode was never called: these are latents, and images are wanted")  # fmt: skip
    graph = got.requires_grad or any(k for _, _, k in calls)
    yield holds(not graph, "the images hang in a graph: keep the line `@torch.no_grad()`")
    if not (calls and fits and stage._handed):
        return
    steps = options.get("steps")
    path = [*range(T, 0, -1)] if steps is None else ddim_times(T, steps)
    told = [int(t.reshape(-1)[0]) for _, t, _ in calls]
    rounds = max(1, len(told) // len(path))  # one latent after the other will do, too
    code = [math.log(1 + sum(abs(k) * (T + 1) ** i for i, k in enumerate(order[: len(path) + 1]))) for order in (told, path * rounds)]  # fmt: skip
    how = "without `steps`, DDPM" if steps is None else "with `steps`, DDIM in so many steps"
    yield Reading(f"the model should be asked at {path}, and was at {told[: len(path) + 1]}: {how}", *[1e9 * k for k in code], HOLDS)  # fmt: skip
    if told != path * rounds:
        return
    z = [torch.cat([calls[r * len(path) + i][0] for r in range(rounds)]).double() for i in range(len(path))]  # fmt: skip
    yield holds(len(z[0]) == n, f"{n} latents go all the way: the model should see {n} at each step, not {len(z[0])}")  # fmt: skip
    if len(z[0]) != n:
        return
    names, exact = ("rows of the batch", *["entries"] * (len(shape) - 1)), dtype == draw.DOUBLE
    yield from list(laws.standard_normal(z[0], "z_T, where the way begins,", names, of="the latents"))[:-1]  # fmt: skip
    eta, noise, far = options.get("eta", 0.0) if steps else 1.0, [], 0.0
    plan = {k: v for k, v in options.items() if k in ("predicts", "clip")}
    for zt, now, after, follows in zip(z, path, [*path[1:], 0], [*z[1:], None], strict=True):
        t, s = torch.full((n,), now), torch.full((n,), after)
        eps_hat, x0_hat = estimate(wave, zt, t, schedule, **plan)
        if follows is None:
            break
        still, moved = (
            ddim_step(zt, t, s, eps_hat, k, schedule, eta) for k in (0 * zt, 0 * zt + 1)
        )
        if eta:
            noise.append((follows - still) / (moved - still))
        far = max(far, (follows - still).abs().max().item())
    clue = "Are eta, predicts and clip handed on? Is scale left for the end?"
    if noise:
        what = "the noise of the steps, solved from what the model saw,"
        e = torch.stack(noise)
        yield Reading(f"the mean of {what}", e.mean().item(), 0.0, 6 / math.sqrt(e.numel()), clue)
        yield Reading(
            f"the variance of {what}", e.var().item(), 1.0, 9 / math.sqrt(e.numel()), clue
        )
        yield from laws.each_alone(e, ("steps", *names), of="the latents")
    elif len(path) > 1:
        yield Reading("what the model is shown next is not what DDIM with eta = 0 makes of it. The largest difference", far, 0.0, 1e-6 if exact else 1e-3, clue)  # fmt: skip
    handed = torch.cat(stage._handed).double()
    fits = handed.shape == x0_hat.shape
    yield holds(fits, f"the decoder should be handed the {n} latents at the end of the way, {tuple(shape)}, and was handed {tuple(handed.shape)}")  # fmt: skip
    if not fits:
        return
    size = ((handed * x0_hat).sum() / x0_hat.square().sum()).item()
    loose = 1e-5 if exact else 1e-2
    yield Reading("what the decoder is handed, in parts of the latents at the end of the way,", size, 1 / scale, loose / scale, "Undo the scale, once")  # fmt: skip
    off = (handed * scale - x0_hat).abs().max().item()
    yield Reading("what the decoder is handed is not those latents over the scale. The largest difference, times the scale,", off, 0.0, loose)  # fmt: skip
    images = stage._images(torch.cat(stage._handed)).detach()
    yield holds(got.shape == images.shape, f"the decoder's images are wanted, shape {tuple(images.shape)}, got {tuple(got.shape)}")  # fmt: skip
    if got.shape == images.shape:
        off = (got.double() - images.double()).abs().max().item()
        yield Reading("what the decoder gives is to be returned as it is. The largest difference", off, 0.0, 1e-4)  # fmt: skip


# Right, in ways that differ.


@torch.no_grad()
def right_ddpm_is_ddim(model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None):  # fmt: skip
    if steps is None:
        steps, eta = schedule.T, 1.0
    z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return torch.cat([first_stage.decode(part) for part in (z / scale).split(2)])


def right_detached(model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None):  # fmt: skip
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    z = z * (1 / scale)
    return first_stage.decode(z).detach()


@torch.no_grad()
def right_one_by_one(model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None):  # fmt: skip
    images = []
    for _ in range(shape[0]):
        one, given = (1, *shape[1:]), {"predicts": predicts, "clip": clip}
        if steps is None:
            z = ddpm_sample(model, schedule, one, generator, **given)
        else:
            z = ddim_sample(model, schedule, one, steps, eta, generator, **given)
        images.append(first_stage.decode(z / scale))
    return torch.cat(images)


def right_options(model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None):  # fmt: skip
    options = {"generator": generator, "predicts": predicts, "clip": clip}
    sampler = ddpm_sample
    if steps is not None:
        sampler, options = ddim_sample, {**options, "steps": steps, "eta": eta}
    with torch.no_grad():
        return first_stage.decode(sampler(model, schedule, shape, **options).div(scale))


@torch.no_grad()
def right_plain(model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None):  # fmt: skip
    if steps is None:
        z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
    else:
        z = ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)
    return first_stage.decode(z / scale)


def right_inference(model, first_stage, schedule, shape, scale, generator=None, *, steps=None, eta=0.0, predicts="eps", clip=None):  # fmt: skip
    with torch.inference_mode():
        if steps:
            z = ddim_sample(
                model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip
            )
        else:
            z = ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)
        return first_stage.decode(z.div_(scale)).clone()


# Mistakes, and what a student is told.

DDPM = "ddpm_sample(model, schedule, shape, generator, predicts=predicts, clip=clip)"
DDIM = "ddim_sample(model, schedule, shape, steps, eta, generator, predicts=predicts, clip=clip)"
END, CHECKED = "first_stage.decode(z / scale)", "    check_scale(scale)\n"


def _both(words, old, new):
    return change(words, DDPM, DDPM.replace(old, new), DDIM, DDIM.replace(old, new))


def _net(words, formula):
    """The sampler asks a function in the model's place."""
    net, kept = f"(lambda zt, t: {formula},", "clip=clip, dtype=next(model.parameters()).dtype)"
    new = (k.replace("(model,", net).replace("clip=clip)", kept) for k in (DDPM, DDIM))
    return change(words, DDPM, next(new), DDIM, next(new))


def _first(words, line):
    return change(words, CHECKED, f"    {line}\n")


def _end(words, line):
    return change(words, f"return {END}", line)


def _handed(words, formula):
    return _end(words, f"return first_stage.decode({formula})")


wrong_always_ddim = change(
    "without steps it is DDPM, with noise in each step; this is DDIM always",
    DDPM,
    DDIM.replace("steps,", "schedule.T,"),
)
wrong_ddpm_by_eta = change(
    "without steps it is DDPM, whatever eta is",
    DDPM,
    DDIM.replace("steps, eta", "schedule.T, eta or 1.0"),
)
wrong_clip_after_scale = _handed(
    "the scale is undone, and then clipped; clip is a range of the scaled latents: hand it on",
    "z / scale if clip is None else (z / scale).clamp(*clip)",
)
wrong_clip_always = _first(
    "latents are clipped, and nobody asked for it: they may be any numbers",
    "clip = clip or (-1, 1)",
)
wrong_clip_both = _end(
    "the images are clipped; clip is a range of the scaled latents",
    f"return {END} if clip is None else {END}.clamp(*clip)",
)
wrong_clip_ignored = _both("clip is not handed on", ", clip=clip", "")
wrong_clip_ignored_by_ddim = change(
    "clip is not handed on to DDIM", DDIM, DDIM.replace(", clip=clip", "")
)
wrong_clip_at_the_end = change(
    "clip is for what the model says in each step: hand it on, and clip nothing at the end",
    DDPM,
    DDPM.replace(", clip=clip", ""),
    DDIM,
    DDIM.replace(", clip=clip", ""),
    f"return {END}",
    f"return {END.replace('z /', '(z if clip is None else z.clamp(*clip)) /')}",
)
wrong_clip_in_codes = _first(
    "clip is a range of the scaled latents: hand it on as it is",
    "clip = clip and (clip[0] * scale, clip[1] * scale)",
)
wrong_divided_twice = _handed("the scale is undone twice", "z / scale / scale")
wrong_encoded_start = _first(
    "first_stage.encode has no part in sampling: noise is drawn in the latents' shape",
    "first_stage.encode(torch.randn(first_stage.decode(torch.zeros(tuple(shape), dtype=torch.float64)).shape, generator=generator, dtype=torch.float64))",
)
wrong_eta_ignored = change("eta is not handed on", DDIM, DDIM.replace("eta", "0.0"))
wrong_eta_one = change("eta is an argument; here it is 1 always", DDIM, DDIM.replace("eta", "1.0"))
wrong_eta_default = change("eta is 0 where it is not given", "eta: float = 0.0", "eta: float = 1.0")
wrong_first_only = _handed("one latent is decoded; all that were drawn are wanted", "z[:1] / scale")
wrong_generator_ignored = _both(
    "the same generator state gave other images: hand generator on", "generator,", "None,"
)
wrong_generator_ignored_by_ddim = change(
    "the same generator state gave other images: hand generator on to DDIM",
    DDIM,
    DDIM.replace("generator,", "None,"),
)
wrong_graph = change(
    "the images hang in a graph: keep the line `@torch.no_grad()`", "@torch.no_grad()\n", ""
)
wrong_image_clipped = change(
    "the images are clipped in place of the latents: hand clip on",
    DDPM,
    DDPM.replace(", clip=clip", ""),
    DDIM,
    DDIM.replace(", clip=clip", ""),
    f"return {END}",
    f"return {END} if clip is None else {END}.clamp(*clip)",
)
wrong_image_divided = _end(
    "the decoder was handed scaled latents: undo the scale first",
    "return first_stage.decode(z) / scale",
)
wrong_image_divided_too = _end(
    "the scale has nothing to do with the images: it is undone before the decoder",
    f"return {END} / scale",
)
wrong_image_multiplied_too = _end(
    "the scale has nothing to do with the images: it is undone before the decoder",
    f"return {END} * scale",
)
wrong_images_shape = _first(
    "`shape` is that of the latents, and not of the images",
    "shape = (shape[0], *first_stage.decode(torch.zeros(tuple(shape), dtype=torch.float64)).shape[1:])",
)
wrong_latents = _end(
    "first_stage.decode was never called: these are latents, and images are wanted",
    "return z / scale",
)
wrong_multiplied = _handed(
    "the scale is undone by a division; here it is multiplied once more", "z * scale"
)
wrong_no_return = _end("nothing came back: is a `return` missing?", END)
wrong_one_start = _both(
    "one latent for the whole batch: draw them in the shape that is asked for",
    ", shape,",
    ", (1, *shape[1:]),",
)
wrong_one_start_for_all = change(
    "one latent for the whole batch: draw them in the shape that is asked for",
    DDPM,
    f"{DDPM.replace(', shape,', ', (1, *shape[1:]),')}.expand(tuple(shape))",
    DDIM,
    f"{DDIM.replace(', shape,', ', (1, *shape[1:]),')}.expand(tuple(shape))",
)
wrong_only_decoded_noise = change(
    "the model was never called: this is noise, decoded",
    DDPM,
    "torch.randn(tuple(shape), generator=generator, dtype=torch.float64)",
    DDIM,
    "torch.randn(tuple(shape), generator=generator, dtype=torch.float64)",
)
wrong_noise_added_at_the_end = _handed(
    "noise is added at the end of the way: the sampler's latents are decoded as they are",
    "(z + 0.1 * torch.randn(z.shape, generator=generator, dtype=z.dtype)) / scale",
)
wrong_predicts_ignored = _both("predicts is not handed on", "predicts=predicts, ", "")
wrong_predicts_ignored_by_ddim = change(
    "predicts is not handed on to DDIM", DDIM, DDIM.replace("predicts=predicts, ", "")
)
wrong_predicts_default = change(
    'predicts is "eps" where it is not given', 'predicts: str = "eps"', 'predicts: str = "v"'
)
wrong_scaled_model = _net(
    "the model is shown latents over the scale: it has learned the scaled ones",
    "model(zt / scale, t)",
)
wrong_scaled_prediction = _net(
    "what the model says is multiplied with the scale: it speaks of scaled latents already",
    "scale * model(zt, t)",
)
wrong_told_one_less = _net("the model is told another step than the sampler's", "model(zt, t - 1)")
wrong_scaled_to_decoder = _handed(
    "the decoder was handed scaled latents: undo the scale first", "z"
)
wrong_root_of_scale = _handed("the scale is undone as it is, without a root", "z / scale**0.5")
wrong_seed_inside = _first(
    "a second call gave the same images: set no seed inside",
    "generator = torch.Generator().manual_seed(0)",
)
wrong_seed_without_generator = _first(
    "without a generator it is torch's global one that draws: set no seed inside",
    "generator = generator or torch.Generator().manual_seed(0)",
)
wrong_seed_of_torch = _first(
    "without a generator two calls give the same: set no seed inside",
    "generator is None and torch.manual_seed(0)",
)
wrong_steps_hard_coded = change(
    "steps is an argument; here it is 3 always", DDIM, DDIM.replace("steps,", "min(3, schedule.T),")
)
wrong_steps_ignored = change("with steps it is DDIM in so many steps; this takes all T", DDIM, DDPM)
wrong_steps_of_T = change(
    "with steps it is DDIM in so many steps; this takes all T",
    DDIM,
    DDIM.replace("steps,", "schedule.T,"),
)
wrong_one_step_more = change(
    "DDIM takes one step more than it should",
    DDIM,
    DDIM.replace("steps,", "min(steps + 1, schedule.T),"),
)
wrong_subtracted = _handed("the scale is taken off; it is to be divided by", "z - scale")
wrong_standardised = _handed(
    "the latents are divided by their own deviation; it is the scale that is undone",
    "z / z.std() / scale",
)
wrong_tanh = _end(
    "the images are squeezed; they are what the decoder gives", f"return {END}.tanh()"
)
wrong_images_clamped = _end(
    "the images are clamped; they are what the decoder gives", f"return {END}.clamp(-1, 1)"
)
wrong_turned_round = change(
    "it is the other way round: DDPM without steps, DDIM with them",
    "steps is None:",
    "steps is not None:",
    DDIM,
    DDIM.replace("steps,", "schedule.T,"),
)
wrong_reconstructed = _end(
    "first_stage.encode has no part in sampling: the decoder's images are wanted as they are",
    f"return first_stage.decode(first_stage.encode({END})[0])",
)
wrong_eval = _first(
    "a first stage has `encode` and `decode`, and nothing else of it is used: leave its mode as it is",
    "first_stage.eval()",
)
wrong_eval_of_a_module = _first(
    "the first stage is put into another mode: take it as it comes",
    'hasattr(first_stage, "eval") and first_stage.eval()',
)
wrong_model_eval = _first(
    "the model is put into another mode: take it as it comes",
    'hasattr(model, "eval") and model.eval()',
)
wrong_eval_and_back = _end(
    "the first stage is put into another mode while it decodes: take it as it comes",
    f"hasattr(first_stage, 'eval') and first_stage.eval(); x = {END}; hasattr(first_stage, 'eval') and first_stage.train(); return x",
)
