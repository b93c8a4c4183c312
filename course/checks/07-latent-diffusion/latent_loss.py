"""7.6 Training on latents."""

import copy

import torch
from torch import nn

from course.checks import draw, laws
from course.checks.cases import Call, Doing, Law, Reading, holds
from course.checks.exercise import change
from course.checks.stages import Network, Watched, anew
from dgm.ddpm import ddpm_loss
from dgm.diffusion import q_sample
from dgm.latent import encode_latents
from dgm.latent import latent_loss as definition
from dgm.prediction import training_target
from dgm.schedule import NoiseSchedule, at


def cases(g):
    seed = int(torch.randint(2**31, (1,), generator=g))
    table = NoiseSchedule(torch.tensor([0, 0.15, 0.25, 0.4, 0.5], dtype=torch.float64))
    stage, x = Watched(g, (1, 4, 4), (4, 2, 2)), draw.normal(g, 2000, 1, 4, 4)
    yield Law("", lambda answer: draws(answer, stage, x, table, seed))
    for scale, options in ((0.3, {}), (2.5, {"predicts": "x0"}), (0.3, {"predicts": "v"})):
        words = ", ".join([f"scale = {scale}", *(f"{k}={v!r}" for k, v in options.items())])
        given = stage, x[:40], table, scale, options
        yield Law(words, lambda answer, given=given: valued(answer, *given, seed))
    single = Watched(g, (2,), (3,), draw.SINGLE), x[:40].flatten(1)[:, :2].float(), table, 0.7, {}
    yield Law("float32", lambda answer: valued(answer, *single, seed))
    moded, few = Network(g, (1, 4, 4), (4, 2, 2)), x[:5]
    yield Call(lambda zt, t: 0 * zt, moded, few, table, 0.7, laws.seeded(seed), predicts="x0").but(
        dtype=False, words="a first stage in training mode, a model that says 0, predicts='x0'"
    )
    yield Call(lambda zt, t: 0 * zt, moded, few, table, 0.7).but(values=False, dtype=False, words="without a generator")  # fmt: skip
    yield anew(lambda answer: answer(lambda zt, t: 0 * zt, stage, x[:3], table, 0.7))
    yield Doing("both networks in training mode", lambda answer, net=Net(g): state(answer, net, moded, few, table))  # fmt: skip


def state(answer, net, stage, x, schedule):
    """What the two networks are like after the loss."""
    net, stage = copy.deepcopy((net, stage))
    answer(net, stage, x.clone(), schedule, 0.7, laws.seeded(0))
    return {
        f"{name}'s {what}": found
        for name, module in (("the model", net), ("the first stage", stage))
        for what, found in (
            ("mode: it is in training", module.training),
            ("gradients: it holds some", any(p.grad is not None for p in module.parameters())),
            ("parameters: they can learn", all(p.requires_grad for p in module.parameters())),
        )
    }


class Net(nn.Module):
    """A network in training mode, whose state an answer leaves as it is."""

    def __init__(self, g):
        super().__init__()
        self.weight = nn.Parameter(draw.normal(g, 1))

    def forward(self, zt, t):
        return self.weight * zt


def shown(answer, stage, x, schedule, scale, options, generator):
    """What holds of the loss and of what is shown; returns the loss, what it hangs on, and the noise."""
    stage._shown.clear()
    calls, given = [], x.clone()
    gain = torch.tensor(0.3, dtype=x.dtype, requires_grad=True)

    def model(zt, t):
        calls.append((zt.detach().clone(), torch.as_tensor(t).clone().reshape(-1)))
        return gain * zt + 0.1 * column(torch.as_tensor(t).to(zt.dtype), zt)

    loss = answer(model, stage, given, schedule, scale, generator, **options)
    yield holds(loss is not None, "nothing came back: is a `return` missing?")
    if loss is None:
        return None
    graph = isinstance(loss, torch.Tensor) and loss.requires_grad
    yield holds(graph, "nothing can be trained on this: return a tensor with its graph, no .item(), and no_grad for the first stage alone")  # fmt: skip
    if not graph:
        return None
    yield holds(loss.dim() == 0, f"one number is wanted, got shape {tuple(loss.shape)}: take the mean over the batch")  # fmt: skip
    yield holds(torch.equal(given, x), "x was changed, and belongs to the caller: work on a copy")
    yield holds(stage._shown, "first_stage.encode was never called: the model learns latents, not pictures")  # fmt: skip
    pictures = stage._pictures(x)
    yield holds(pictures, "the encoder should be shown x, as it is: noise and scale belong on the latents, not on the pictures")  # fmt: skip
    z = scale * stage._codes(x)[0].detach()
    sizes = {tuple(k.shape[1:]) for k, _ in calls}
    fits = sizes == {tuple(z.shape[1:])}
    yield holds(fits, f"the model should be shown latents, (B, {', '.join(map(str, z.shape[1:]))}), noised")  # fmt: skip
    if not (pictures and fits) or loss.dim():
        return None
    zt, t = (torch.cat([call[i] for call in calls]) for i in (0, 1))
    fits = len(t) == len(zt) == len(x), zt.dtype == z.dtype, not t.is_floating_point()
    yield holds(fits[0], f"{len(x)} rows need {len(x)} steps, t of shape ({len(x)},); the model was told {len(t)}")  # fmt: skip
    yield holds(fits[1], f"the latents are {z.dtype}, and the model is shown {zt.dtype}: a network would refuse")  # fmt: skip
    yield holds(fits[2], "the model is told the step itself, a whole number, not t / T")
    if not all(fits):
        return None
    inside = t.min() >= 1 and t.max() <= schedule.T
    yield holds(inside, "the model was told a step that is not one of 1 to T")
    if not inside:
        return None
    parts = [stage._mean, stage._spread, stage._off, stage._back]
    leaks = torch.autograd.grad(loss, parts, retain_graph=True, allow_unused=True)
    yield holds(all(k is None or not k.any() for k in leaks), "the first stage gets a gradient: its encoder would be trained along. Cut the graph of the latents")  # fmt: skip
    signal, rest = (at(k.sqrt(), t, z) for k in (schedule.alpha_bar, 1 - schedule.alpha_bar))
    return loss, gain, zt, t, z, (zt - signal * z) / rest


def column(t, z):
    return t.reshape(-1, *[1] * (z.dim() - 1))


def valued(answer, stage, x, schedule, scale, options, seed):
    """The loss and the model's gradient, by what follows from what the model was shown."""
    seen = yield from shown(answer, stage, x, schedule, scale, options, laws.seeded(seed))
    if seen is None:
        return
    loss, gain, zt, t, z, eps = seen
    target = training_target(z, eps, t, schedule, options.get("predicts", "eps"))
    wanted = ((target - gain * zt - 0.1 * column(t.to(z.dtype), z)) ** 2).mean()
    loose = 1e-5 if x.dtype == draw.DOUBLE else 1e-3
    yield Reading("from what your model saw the loss", loss.item(), wanted.item(), loose * wanted.item())  # fmt: skip
    slopes = [torch.autograd.grad(k, gain)[0].item() for k in (loss, wanted)]
    yield Reading("the value is right, and its gradient", *slopes, 10 * loose * max(1.0, abs(slopes[1])))  # fmt: skip


def draws(answer, stage, x, schedule, seed):
    """The laws of the noise and of the steps, and where both come from."""
    seen = yield from shown(answer, stage, x, schedule, 0.3, {}, laws.seeded(seed))
    if seen is None:
        return
    *_, t, _, eps = seen
    what = (
        "the noise, sqrt(alpha_bar) z + sqrt(1 - alpha_bar) eps with z = scale * mu solved for eps,"
    )
    names = "rows of the batch", "channels", "places", "places"
    yield from laws.standard_normal(eps, what, names, of="the latents")
    for step in range(1, schedule.T + 1):
        yield laws.share(t == step, 1 / schedule.T, f"the share of rows at step {step} of {schedule.T}")  # fmt: skip

    def again(generator):
        model = lambda zt, t: zt.clone().requires_grad_()  # noqa: E731
        return torch.as_tensor(answer(model, stage, x[:9].clone(), schedule, 0.3, generator)).detach()  # fmt: skip

    yield from laws.of_the_generator(again, "losses")


# Right, in ways that differ.


def _squares(model, z, t, eps, schedule, predicts):
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": z, "v": a * eps - b * z}[predicts]
    return (model(a * z + b * eps, t) - target).pow(2)


def right_by_hand(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]
    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    return _squares(model, z, t, eps, schedule, predicts).mean()


def right_detach(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    mu, _ = first_stage.encode(x)
    z = mu.detach() * scale
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def right_in_parts(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    z = torch.cat([first_stage.encode(part)[0].detach() for part in x.split(7)]) * scale
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def right_no_grad(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def right_plain(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    z = encode_latents(first_stage, x, scale)
    return ddpm_loss(model, z, schedule, generator, predicts=predicts)


def right_row_means(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]
    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    return _squares(model, z, t, eps, schedule, predicts).flatten(1).mean(1).mean()


def right_noise_first(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    z = encode_latents(first_stage, x, scale)
    eps = torch.empty_like(z).normal_(generator=generator)
    t = torch.randint(schedule.T, (len(z),), generator=generator) + 1
    return _squares(model, z, t, eps, schedule, predicts).sum() / z.numel()


# Mistakes, and what a student is told.

Z = "encode_latents(first_stage, x, scale)"
RESULT = "ddpm_loss(model, z, schedule, generator, predicts=predicts)"
HAND = """t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    z0, a, b = z, *(k.sqrt()[t].to(z.dtype).view(-1, *[1] * (z.dim() - 1)) for k in (schedule.alpha_bar, 1 - schedule.alpha_bar))
    target = {"eps": eps, "x0": z0, "v": a * eps - b * z0}[predicts]
    error = model(a * z + b * eps, t) - target
    return error.square().mean()"""
UNTRAINABLE = "nothing can be trained on this: return a tensor with its graph, no .item(), and no_grad for the first stage alone"  # fmt: skip


def _z(words, formula):
    """Other latents, made of the pair that encode gives."""
    pair = "with torch.no_grad(): mu, logvar = first_stage.encode(x)"
    return change(words, f"z = {Z}", f"{pair}\n    z = {formula}")


def _result(words, formula):
    return change(words, f"return {RESULT}", f"return {formula}")


def _hand(words, *pairs):
    """The loss written out, with the first of each pair turned into the second."""
    text = HAND
    for old, new in zip(pairs[::2], pairs[1::2], strict=True):
        assert text.count(old) == 1, old
        text = text.replace(old, new)
    return change(words, f"return {RESULT}", text)


wrong_centred = _z("no mean is taken off the codes", "scale * (mu - mu.mean())")
wrong_centred_by_place = _z("no mean is taken off the codes", "scale * (mu - mu.mean(0))")
wrong_clean_latents = _hand(
    "the model is shown clean latents: noise is missing", "model(a * z + b * eps", "model(z"
)
wrong_noise_alone = _hand(
    "the model is shown the noise alone", "model(a * z + b * eps", "model(eps"
)
wrong_clipped = _z("the latents are clipped; they may be any numbers", "(scale * mu).clamp(-1, 1)")
wrong_tanh = _z("the latents are squeezed; they may be any numbers", "(scale * mu).tanh()")
wrong_noisy_latents_clipped = _hand(
    "the noised latents are clipped; they may be any numbers",
    "model(a * z + b * eps",
    "model((a * z + b * eps).clamp(-1, 1)",
)
wrong_decoded = _z(
    "these are pictures again: the model learns latents, which no decoder has seen",
    "first_stage.decode(mu).detach()",
)
wrong_decoded_error = _hand(
    "the error is that of the latents, and not of what the decoder makes of them",
    "error = model(a * z + b * eps, t) - target",
    "error = first_stage.decode(model(a * z + b * eps, t)) - first_stage.decode(target)",
)
wrong_divided = _z("the codes are divided by the scale; they are multiplied with it", "mu / scale")
wrong_item = _result(UNTRAINABLE, f"{RESULT}.item()")
wrong_detached = _result(UNTRAINABLE, f"{RESULT}.detach()")
wrong_no_grad_everywhere = change(UNTRAINABLE, '@shapes(x="B *D: float")', "@torch.no_grad()")
wrong_leak = change(
    "the first stage gets a gradient: its encoder would be trained along. Cut the graph of the latents",
    Z,
    "scale * first_stage.encode(x)[0]",
)
wrong_leak_by_the_target = _hand(
    "the first stage gets a gradient: its encoder would be trained along. Cut the graph of the latents",
    "z0, a, b = z,",
    "z0, a, b = scale * first_stage.encode(x)[0],",
)
wrong_leak_of_mean = change(
    "the first stage gets a gradient: its encoder would be trained along. Cut the graph of the latents",
    Z,
    "scale * first_stage.encode(x)[0]",
    f"return {RESULT}",
    f"return {RESULT} + reconstruction_loss(x, first_stage.decode(z / scale))",
)
wrong_logvar = _z(
    "the log-variances were taken for the codes: encode gives mu first", "scale * logvar"
)
wrong_loss_back_in_codes = _result(
    "the loss is divided by the square of the scale: it is that of the scaled latents",
    f"{RESULT} / scale**2",
)
wrong_loss_divided = _result(
    "the loss is divided by the scale: it is that of the scaled latents", f"{RESULT} / scale"
)
wrong_loss_scaled = _result("the loss is multiplied with the scale", f"scale * {RESULT}")
wrong_no_generator = _result(
    "the same generator state gave other losses: hand generator on",
    RESULT.replace("generator", "None"),
)
wrong_no_generator_for_t = _hand(
    "the same generator state gave other losses: hand generator on",
    "(len(z),), generator=generator)",
    "(len(z),))",
)
wrong_seed_inside = _result(
    "a second call gave the same losses: set no seed inside",
    RESULT.replace("generator", "torch.Generator().manual_seed(0)"),
)
wrong_seed_of_torch = change(
    "without a generator two calls give the same: set no seed inside",
    f"z = {Z}",
    f"generator is None and torch.manual_seed(0)\n    z = {Z}",
)
wrong_no_return = change("nothing came back: is a `return` missing?", f"return {RESULT}", RESULT)
wrong_no_root = _hand("both roots are missing", "k.sqrt()", "k")
wrong_no_root_of_noise = _hand(
    "1 - alpha_bar is a variance: take its root", "+ b * eps", "+ b**2 * eps"
)
wrong_alpha = _hand(
    "alpha in place of alpha_bar: this is a single step",
    "(schedule.alpha_bar, 1 - schedule.alpha_bar)",
    "(schedule.alpha, 1 - schedule.alpha)",
)
wrong_noise_scaled_too = change(
    "the noise is scaled too: scale the codes before noise is added",
    Z,
    "encode_latents(first_stage, x, 1.0)",
    f"return {RESULT}",
    HAND.replace("model(a * z + b * eps", "model(scale * (a * z + b * eps)"),
)
wrong_not_scaled = _z("the latents are not scaled: the model is shown the codes as they are", "mu")
wrong_one_noise = _hand(
    "one noise for the whole batch: draw it in the shape of the latents",
    "z.shape,",
    "(1, *z.shape[1:]),",
    "+ b * eps, t",
    "+ b * eps.expand_as(z), t",
)
wrong_noise_of_a_channel = _hand(
    "entries of a latent share their noise: draw it in the shape of the latents",
    "z.shape,",
    "(*z.shape[:2], *[1] * (z.dim() - 2)),",
)
wrong_noise_of_a_row = _hand(
    "entries of a latent share their noise: draw it in the shape of the latents",
    "z.shape,",
    "(len(z), *[1] * (z.dim() - 1)),",
)
wrong_uniform_noise = _hand("rand gives numbers from 0 to 1: randn is normal", "randn", "rand")
wrong_own_deviation = _z(
    "scale is an argument; these latents are divided by their own deviation", "mu / mu.std()"
)
wrong_scale_of_the_batch = change(
    "scale is an argument; these latents are divided by their own deviation",
    Z,
    "encode_latents(first_stage, x, latent_scale(first_stage, x))",
)
wrong_standardised = _z(
    "scale is an argument; these latents are standardised", "(mu - mu.mean()) / mu.std()"
)
wrong_pixels = change(
    "first_stage.encode was never called: the model learns latents, not pictures", Z, "scale * x"
)
wrong_predicts_ignored = _result(
    "predicts is not used: the target is still eps", RESULT.replace(", predicts=predicts", "")
)
wrong_default_v = change(
    'predicts is "eps" where it is not given', 'predicts: str = "eps"', 'predicts: str = "v"'
)
wrong_v_turned = _hand(
    "the velocity is sqrt(alpha_bar) eps - sqrt(1 - alpha_bar) z: its sign is turned",
    "a * eps - b * z0",
    "b * z0 - a * eps",
)
wrong_v_of_signal = _hand(
    "the velocity is sqrt(alpha_bar) eps - sqrt(1 - alpha_bar) z: its roots have changed places",
    "a * eps - b * z0",
    "b * eps - a * z0",
)
wrong_reconstruction_added = _result(
    "the first stage's error is no part of this loss",
    f"{RESULT} + reconstruction_loss(x, first_stage.decode(z / scale)).detach()",
)
wrong_sampled = _z(
    "codes are drawn; the mean codes are wanted",
    "scale * (mu + (logvar / 2).exp() * torch.randn_like(mu))",
)
wrong_sampled_by_the_generator = _z(
    "codes are drawn; the mean codes are wanted",
    "scale * (mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=generator, dtype=mu.dtype))",
)
wrong_scaled_image = _z(
    "the encoder should be shown x, as it is: noise and scale belong on the latents, not on the pictures",
    "encode_latents(first_stage, scale * x, 1.0)",
)
wrong_scaled_twice = change(
    "the scale is in it twice: encode_latents has used it already", Z, f"scale * {Z}"
)
wrong_sum = _hand("a sum over everything; the mean is wanted, as in ddpm_loss", ".mean()", ".sum()")
wrong_sum_of_entries = _hand(
    "a sum over the entries of a latent; the mean is wanted, as in ddpm_loss",
    ".square().mean()",
    ".square().flatten(1).sum(1).mean()",
)
wrong_sum_of_channels = _hand(
    "a sum over the channels; the mean is wanted, as in ddpm_loss",
    ".square().mean()",
    ".square().sum(1).mean()",
)
wrong_not_averaged = _hand(
    "one number is wanted: take the mean over the batch",
    ".square().mean()",
    ".square().flatten(1).mean(1)",
)
wrong_absolute = _hand("absolute errors; squares are wanted", "square", "abs")
wrong_t_from_zero = _hand(
    "the model was told a step that is not one of 1 to T",
    "torch.randint(1, schedule.T + 1,",
    "torch.randint(0, schedule.T,",
)
wrong_last_step_never = _hand(
    "step T never comes up: the upper end of randint is not included",
    "schedule.T + 1",
    "schedule.T",
)
wrong_one_t = _hand(
    "one step for the whole batch: draw one for each row",
    "(len(z),), generator=generator)",
    "(1,), generator=generator).expand(len(z))",
)
wrong_t_told_is_one_less = _hand(
    "the model is told another step than the latents were noised to",
    "* eps, t)",
    "* eps, (t - 1).clamp(min=1))",
)
wrong_target_not_scaled = _hand(
    "the target has no scale; the model sees scaled latents and predicts them",
    "z0, a, b = z,",
    "z0, a, b = z / scale,",
)
wrong_float64 = change(
    "the latents are float32, and the model is shown float64: a network would refuse",
    Z,
    f"{Z}.double()",
)
wrong_in_place = change(
    "x was changed, and belongs to the caller: work on a copy",
    Z,
    Z.replace("x,", "x.clamp_(-1, 1),"),
)
wrong_backward = _result(
    "gradients are filled here: backward belongs to the training loop",
    f"(loss := {RESULT}, loss.requires_grad and loss.backward(retain_graph=True))[0]",
)
wrong_eval = change(
    "a first stage has `encode` and `decode`, and nothing else of it is used: leave its mode as it is",
    f"z = {Z}",
    f"first_stage.eval()\n    z = {Z}",
)
wrong_frozen = change(
    "a first stage has `encode` and `decode`, and nothing else of it is used: cut the graph of the latents",
    f"z = {Z}",
    f"first_stage.requires_grad_(False)\n    z = {Z}",
)
wrong_eval_of_a_module = change(
    "the first stage is put into another mode: take it as it comes",
    f"z = {Z}",
    f'hasattr(first_stage, "eval") and first_stage.eval()\n    z = {Z}',
)
wrong_eval_and_back = change(
    "the first stage is put into another mode while it encodes: take it as it comes",
    f"z = {Z}",
    f'mode = hasattr(first_stage, "eval")\n    mode and first_stage.eval()\n    z = {Z}\n    mode and first_stage.train()',
)
wrong_model_in_training_mode = change(
    "the model is put into another mode: take it as it comes",
    f"z = {Z}",
    f'hasattr(model, "eval") and model.eval()\n    z = {Z}',
)


def wrong_noise_on_pixels(
    model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"
):
    """the encoder should be shown x, as it is: noise and scale belong on the latents, not on the
    pictures"""
    t = torch.randint(1, schedule.T + 1, (len(x),), generator=generator)
    xt = q_sample(x, t, torch.randn(x.shape, generator=generator, dtype=x.dtype), schedule)
    z, noisy = (encode_latents(first_stage, y, scale) for y in (x, xt))
    return (model(noisy, t) - (noisy - z)).square().mean()
