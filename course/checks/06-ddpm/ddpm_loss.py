"""6.4 Algorithm 1: training."""

import torch
from torch import nn

from course.checks import draw, laws
from course.checks.cases import Call, Law, Reading, holds
from course.checks.exercise import change
from dgm.ddpm import ddpm_loss as definition
from dgm.diffusion import q_sample
from dgm.prediction import training_target
from dgm.sampling import call
from dgm.schedule import NoiseSchedule, at


def heavy(t):
    return 1.0 + torch.as_tensor(t).double() ** 2


def cases(g):
    seed = int(torch.randint(2**31, (1,), generator=g))
    yield Law("", lambda answer: draws(answer, seed))
    x0 = draw.uniform(g, 60, 3, 4, 4, low=-0.7, high=1.3)
    for words, options in (
        ("with no option", {}),
        ("with predicts='x0'", {"predicts": "x0"}),
        ("with predicts='v' and a weight", {"predicts": "v", "weight": heavy}),
        ("with a weight", {"weight": heavy}),
    ):
        yield Law(words, lambda answer, o=options: valued(answer, x0, plain(), o, seed))
    for words, beta in (("almost 1", [0, 1e-7, 0.5]), ("almost 0", [0, 0.999, 0.999])):
        table = NoiseSchedule(torch.tensor(beta, dtype=torch.float64))
        yield Law(f"alpha_bar {words}", lambda answer, k=table: valued(answer, 300 * x0, k, {}, seed))  # fmt: skip
    yield Law("float32", lambda answer: valued(answer, x0.float(), plain(), {}, seed))
    yield Call(Net(g), x0[:5].float(), plain(), laws.seeded(seed)).but(values=False, dtype=False, words="a network with dropout")  # fmt: skip


def plain():
    return NoiseSchedule(torch.tensor([0, 0.15, 0.25, 0.4, 0.5], dtype=torch.float64))


class Net(nn.Module):
    """A network in training mode, whose state an answer leaves as it is."""

    def __init__(self, g):
        super().__init__()
        self.weight = nn.Parameter(draw.normal(g, 1).float())
        self.dropout = nn.Dropout(0.1)

    def forward(self, xt, t):
        return self.dropout(self.weight * xt)


def shown(answer, x0, schedule, options, generator):
    """What holds of the loss and of what a model is shown; returns both, and the noise in xt."""
    calls, given = [], x0.clone()
    gain = torch.tensor(0.3, dtype=x0.dtype, requires_grad=True)

    def model(xt, t):
        calls.append((xt.detach().clone(), torch.as_tensor(t).clone()))
        return (gain * xt).to(x0.dtype) + 0.1 * column(torch.as_tensor(t).to(x0.dtype), xt)

    loss = answer(model, given, schedule, generator, **options)
    yield holds(loss is not None, "nothing came back: is a `return` missing?")
    if loss is None:
        return None
    graph = isinstance(loss, torch.Tensor) and loss.requires_grad
    yield holds(graph, "nothing can be trained on this: return a tensor with its graph, no .item(), no no_grad, no .detach()")  # fmt: skip
    if not graph:
        return None
    yield holds(loss.dim() == 0, f"one number is wanted, got shape {tuple(loss.shape)}: take the mean over the batch")  # fmt: skip
    yield holds(torch.equal(given, x0), "x0 was changed, and belongs to the caller: work on a copy")
    xt, t = torch.cat([x for x, _ in calls]), torch.cat([k.reshape(-1) for _, k in calls])
    fits = len(t) == len(x0), xt.shape == x0.shape, xt.dtype == x0.dtype, not t.is_floating_point()
    yield holds(fits[0], f"{len(x0)} rows need {len(x0)} steps, t of shape ({len(x0)},); the model was told {len(t)}")  # fmt: skip
    yield holds(fits[1], f"the model saw xt of shape {tuple(xt.shape)}, wanted {tuple(x0.shape)}")
    yield holds(fits[2], f"x0 is {x0.dtype}, and the model is shown {xt.dtype}: a network would refuse. `at` casts for you")  # fmt: skip
    yield holds(fits[3], "the model is told the step itself, a whole number, not t / T")
    if not all(fits) or loss.dim():
        return None
    inside = t.min() >= 1, t.max() <= schedule.T
    yield holds(inside[0], "the model was told step 0: steps run from 1 to T")
    yield holds(inside[1], "the model was told a step above T: steps run from 1 to T")
    if not all(inside):
        return None
    signal, rest = (column(k[t].to(x0.dtype), x0) for k in (schedule.alpha_bar.sqrt(), (1 - schedule.alpha_bar).sqrt()))  # fmt: skip
    return loss, gain, xt, t, (xt - signal * x0) / rest


def column(t, x):
    return t.reshape(-1, *[1] * (x.dim() - 1))


def valued(answer, x0, schedule, options, seed):
    """The loss and its gradient, by what follows from what the model was shown."""
    seen = yield from shown(answer, x0, schedule, options, laws.seeded(seed))
    if seen is None:
        return
    loss, gain, xt, t, eps = seen
    target = training_target(x0, eps, t, schedule, options.get("predicts", "eps"))
    error = ((target - gain * xt - 0.1 * column(t.to(x0.dtype), xt)) ** 2).flatten(1).mean(1)
    wanted = (options.get("weight", torch.ones_like)(t).to(error) * error).mean()
    loose = 1e-5 if x0.dtype == draw.DOUBLE else 1e-3
    words = "from what your model saw the loss"
    yield Reading(words, loss.item(), wanted.item(), loose * wanted.item())
    slopes = [torch.autograd.grad(k, gain)[0].item() for k in (loss, wanted)]
    yield Reading("the value is right, and its gradient", *slopes, 10 * loose * max(1.0, abs(slopes[1])))  # fmt: skip


def draws(answer, seed, shape=(300, 3, 4, 4), schedule=None):
    """The laws of the noise and of the steps, and where both come from."""
    schedule = schedule or plain()
    x0 = draw.uniform(laws.seeded(seed), *shape, low=-0.7, high=1.3)
    seen = yield from shown(answer, x0, schedule, {}, laws.seeded(seed + 1))
    if seen is None:
        return
    *_, t, eps = seen
    yield holds(len(t.unique()) > 1, "one step for the whole batch: draw one for each row")
    what = "the noise, solved from what your model saw,"
    names = "rows of the batch", "channels", "pixels", "pixels"
    yield from laws.standard_normal(eps, what, names)
    apart = (eps * x0).mean().item() / x0.square().mean().sqrt().item() * x0.numel() ** 0.5
    yield Reading(f"the likeness of {what} to x0, in standard errors,", apart, 0.0, laws.SIX)
    many = torch.zeros(6000, 1, dtype=x0.dtype)
    seen = yield from shown(answer, many, schedule, {}, laws.seeded(seed + 2))
    if seen is None:
        return
    t = seen[3]
    for step in range(1, schedule.T + 1):
        yield laws.share(t == step, 1 / schedule.T, f"the share of rows at step {step} of {schedule.T}")  # fmt: skip
    off = t.double() - t.double().mean()
    alike = ((off[1:] * off[:-1]).mean() / off.var() * len(t) ** 0.5).item()
    yield Reading("the likeness of neighbours' steps, in standard errors,", alike, 0.0, laws.SIX)

    def again(generator):
        loss = answer(lambda xt, t: xt.clone().requires_grad_(), x0[:9], schedule, generator)
        return torch.as_tensor(loss).detach()

    yield from laws.of_the_generator(again, "losses")


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


T = "torch.randint(1, schedule.T + 1, (len(x0),), generator=generator, device=x0.device)"
EPS = "torch.randn(x0.shape, generator=generator, dtype=x0.dtype, device=x0.device)"
XT, TARGET = "q_sample(x0, t, eps, schedule)", "training_target(x0, eps, t, schedule, predicts)"
ERROR = "((target - prediction) ** 2).reshape(len(x0), -1).mean(1)"
WEIGHED = "(weight(t).to(error) * error).mean()"
RESULT = f"error.mean() if weight is None else {WEIGHED}"


def _noised(words, signal, noise):
    return change(words, XT, f"at({signal}, t, x0) * x0 + at({noise}, t, x0) * eps")


def _eps(words, drawn):
    return change(words, EPS, drawn)


def _result(words, formula):
    return change(words, f"return {RESULT}", f"return {formula}")


SIGNAL, NOISE = "schedule.alpha_bar.sqrt()", "(1 - schedule.alpha_bar).sqrt()"
wrong_alpha = _noised(
    "alpha in place of alpha_bar: this is a single step",
    "schedule.alpha.sqrt()",
    "schedule.beta.sqrt()",
)
wrong_beta = _noised(
    "the noise's share is sqrt(1 - alpha_bar), not sqrt(beta)", SIGNAL, "schedule.beta.sqrt()"
)
wrong_no_root_of_noise = _noised(
    "1 - alpha_bar is a variance: take its square root", SIGNAL, "1 - schedule.alpha_bar"
)
wrong_no_root_of_signal = _noised(
    "the square root of alpha_bar is missing", "schedule.alpha_bar", NOISE
)
wrong_no_roots = _noised(
    "both square roots are missing", "schedule.alpha_bar", "1 - schedule.alpha_bar"
)
wrong_swapped = _noised("signal and noise have changed places", NOISE, SIGNAL)
wrong_bar_clamped = _noised(
    "nothing is clamped: alpha_bar may be as small as it is",
    "schedule.alpha_bar.clamp(min=1e-5).sqrt()",
    "(1 - schedule.alpha_bar.clamp(min=1e-5)).sqrt()",
)
wrong_rest_clamped = _noised(
    "nothing is clamped: 1 - alpha_bar may be as small as it is",
    SIGNAL,
    "(1 - schedule.alpha_bar).clamp(min=1e-5).sqrt()",
)
wrong_off_by_one = change(
    "x0 is noised to the step before the one that the model is told: t off by one",
    XT,
    f"at({SIGNAL}, t - 1, x0) * x0 + at({NOISE}, t - 1, x0) * eps",
)
wrong_clean_input = change("the model is shown x0, without noise", XT, "x0")
wrong_noise_alone = change("the model is shown the noise alone", XT, "eps")
wrong_xt_clamped = change("xt is clamped; nothing is clipped here", XT, f"{XT}.clamp(-1, 1)")
wrong_detached = change(
    "nothing can be trained on this: return a tensor with its graph, no .item(), no no_grad, no .detach()",
    f"call(model, {XT}, t)",
    f"call(model, {XT}, t).detach()",
)
wrong_item = _result(
    "nothing can be trained on this: return a tensor with its graph, no .item(), no no_grad, no .detach()",
    f"({RESULT}).item()",
)
wrong_no_grad = change(
    "nothing can be trained on this: return a tensor with its graph, no .item(), no no_grad, no .detach()",
    '@shapes(x0="B *D: float")',
    "@torch.no_grad()",
)
wrong_eval = change(
    "the model is put into another mode: take it as it comes",
    f"    t = {T}",
    f"    isinstance(model, nn.Module) and model.eval()\n    t = {T}",
)
wrong_backward = change(
    "the gradients are the training loop's business: no backward here",
    f"    return {RESULT}",
    f"    loss = {RESULT}\n    loss.backward(retain_graph=True)\n    return loss",
)
wrong_float64 = change(
    "x0 is float32, and the model is shown float64: a network would refuse. `at` casts for you",
    XT,
    "q_sample(x0.double(), t, eps.double(), schedule)",
)
wrong_absolute = change(
    "absolute errors; squares are wanted",
    "((target - prediction) ** 2)",
    "(target - prediction).abs()",
)
wrong_huber = change(
    "this is a Huber loss; squares are wanted",
    "((target - prediction) ** 2)",
    'nn.functional.smooth_l1_loss(prediction, target, reduction="none")',
)
wrong_sum_of_pixels = change(
    "a sum over the entries of a row; their mean is wanted", ".mean(1)", ".sum(1)"
)
wrong_sum_of_batch = _result(
    "a sum over the batch; its mean is wanted", RESULT.replace("mean", "sum")
)
wrong_sum = change(
    "a sum over everything; the loss is a mean over batch and entries",
    ".mean(1)",
    ".sum(1)",
    RESULT,
    RESULT.replace("mean", "sum"),
)
wrong_half = _result("there is no half before the square", f"({RESULT}) / 2")
wrong_root = _result("the root is one too many: the mean of squares is wanted", f"({RESULT}).sqrt()")  # fmt: skip
wrong_not_averaged = _result(
    "one number is wanted: take the mean over the batch",
    "error if weight is None else weight(t).to(error) * error",
)
wrong_no_return = change("nothing came back: is a `return` missing?", f"return {RESULT}", RESULT)
wrong_weight_ignored = _result("the weight is not used", "error.mean()")
wrong_weight_normalised = _result(
    "the weights are not divided by their sum",
    RESULT.replace(WEIGHED, "(weight(t) * error).sum() / weight(t).sum()"),
)
wrong_weight_of_means = _result(
    "each row's error is multiplied by its own weight, before the mean",
    RESULT.replace(WEIGHED, "weight(t).mean() * error.mean()"),
)
wrong_weight_squared = _result(
    "the weight stands outside of the square",
    RESULT.replace("(weight(t).to(error) *", "(weight(t).to(error)**2 *"),
)
wrong_weight_root = _result(
    "the weight is used as it is, without a root",
    RESULT.replace("(weight(t).to(error) *", "(weight(t).to(error)**0.5 *"),
)
wrong_always_eps = change("predicts is not used: the target is still eps", TARGET, "eps")
wrong_default_v = change(
    'the default of predicts is "eps"', 'predicts: str = "eps"', 'predicts: str = "v"'
)
wrong_x0_for_eps = change(
    "the target is eps, and x0 has been taken", TARGET, f'x0 if predicts == "eps" else {TARGET}'
)
wrong_xt_for_eps = change(
    "the target is eps itself; xt - x0 is another thing",
    TARGET,
    f'{XT} - x0 if predicts == "eps" else {TARGET}',
)
wrong_target_of_other_noise = change(
    "the noise of the target is not the noise in xt: draw it once",
    TARGET,
    TARGET.replace("eps", "torch.randn(x0.shape, generator=generator, dtype=x0.dtype)"),
)
wrong_one_noise = _eps(
    "rows of the batch share their noise: draw it in the shape of x0",
    "torch.randn(x0[:1].shape, generator=generator, dtype=x0.dtype).expand(x0.shape)",
)
wrong_noise_for_rows = _eps(
    "there is one number of noise for each row: draw it in the shape of x0",
    "torch.randn(len(x0), *[1] * (x0.dim() - 1), generator=generator, dtype=x0.dtype).expand(x0.shape)",
)
wrong_noise_for_channels = _eps(
    "the pixels of a channel share their noise: draw it in the shape of x0",
    "torch.randn(*x0.shape[:2], *[1] * (x0.dim() - 2), generator=generator, dtype=x0.dtype).expand(x0.shape)",
)
wrong_noise_for_pixels = _eps(
    "the channels share their noise: draw it in the shape of x0",
    "torch.randn(len(x0), 1, *x0.shape[2:], generator=generator, dtype=x0.dtype).expand(x0.shape)",
)
wrong_clamped_noise = _eps("the noise is cut off: nothing is clamped", f"{EPS}.clamp(-3, 3)")
wrong_uniform = _eps("rand gives numbers from 0 to 1: randn is normal", EPS.replace("randn", "rand"))  # fmt: skip
wrong_uniform_standardised = _eps(
    "the noise should be normal: randn, not a stretched rand",
    f"({EPS.replace('randn', 'rand')} - 0.5) * 12**0.5",
)
wrong_no_generator = _eps(
    "the same generator state gave other losses: pass generator=generator to all that draws",
    "torch.randn_like(x0)",
)
wrong_no_generator_for_t = change(
    "the same generator state gave other losses: pass generator=generator to all that draws",
    T,
    "torch.randint(1, schedule.T + 1, (len(x0),))",
)
wrong_seed_inside = change(
    "a second call gave the same losses: set no seed inside",
    f"    t = {T}",
    f"    generator = torch.Generator().manual_seed(0)\n    t = {T}",
)
wrong_one_t = change(
    "one step for the whole batch: draw one for each row",
    T,
    "torch.randint(1, schedule.T + 1, (1,), generator=generator).expand(len(x0))",
)
wrong_large_t_only = change(
    "the small steps never come up: all from 1 to T are equally likely",
    T,
    "torch.randint(schedule.T // 2 + 1, schedule.T + 1, (len(x0),), generator=generator)",
)
wrong_last_step_never = change(
    "step T never comes up: the upper end of randint is not included",
    T,
    "torch.randint(1, schedule.T, (len(x0),), generator=generator)",
)
wrong_first_step_never = change(
    "step 1 never comes up: all from 1 to T are equally likely",
    T,
    "torch.randint(2, schedule.T + 1, (len(x0),), generator=generator)",
)
wrong_steps_in_order = change(
    "the rows' steps are drawn independently; here they stand in order", T, f"{T}.sort().values"
)
wrong_steps_squared = change(
    "large steps come up too often: all from 1 to T are equally likely",
    T,
    "1 + (schedule.T * torch.rand(len(x0), generator=generator).sqrt()).long()",
)
wrong_step_above_T = change(
    "the model was told a step above T: steps run from 1 to T", "schedule), t)", "schedule), t + 1)"
)
wrong_t_from_zero = change(
    "the model was told step 0: steps run from 1 to T",
    T,
    "torch.randint(0, schedule.T, (len(x0),), generator=generator)",
)
wrong_t_normalised = change(
    "the model is told the step itself, a whole number, not t / T",
    "schedule), t)",
    "schedule), t / schedule.T)",
)
wrong_t_told_is_one_less = change(
    "the model was told step 0: steps run from 1 to T", "schedule), t)", "schedule), t - 1)"
)


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
