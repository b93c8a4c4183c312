"""7.3 Its loss."""

import torch
from torch import nn
from torch.distributions import Normal, kl_divergence

from course.checks import draw, laws
from course.checks.cases import Call, Law, Reading, holds
from course.checks.exercise import change
from course.checks.stages import Network, Same, Watched, anew
from dgm.autoencoder import reconstruction_loss
from dgm.distributions import kl_standard_normal, reparameterize
from dgm.latent import first_stage_loss as definition


def cases(g):
    seed = int(torch.randint(2**31, (1,), generator=g))
    stage, x = Watched(g, (2, 3, 2), (3, 2, 2)), draw.normal(g, 40, 2, 3, 2)
    wide = Watched(g, (2, 3, 2), (8, 6, 6))
    yield Law("", lambda answer: draws(answer, wide, x, seed))
    for words, options in (
        ("with kl_weight = 3", {"kl_weight": 3.0}),
        ("without kl_weight, which is 0.001 then", {}),
        ("with kl_weight = 0", {"kl_weight": 0.0}),
    ):
        yield Law(words, lambda answer, o=options: valued(answer, stage, x[:8], o, seed))
    three = {"kl_weight": 3.0}
    for words, spread in (("tiny", -30.0), ("huge", 12.0)):
        far = Watched(g, (2, 3, 2), (3, 2, 2), spread=spread, reach=1.0)
        yield Law(f"variances of codes that are {words}", lambda answer, far=far: valued(answer, far, x[:8], three, seed))  # fmt: skip
    exact = Watched(g, (4,), (3,))
    exact._back.data.zero_(), exact._ground.data.zero_()
    yield Law("pictures that the decoder knows", lambda answer: valued(answer, exact, torch.zeros(5, 4).double(), three, seed))  # fmt: skip
    single = Watched(g, (4,), (3, 2), draw.SINGLE)
    yield Law("float32", lambda answer: valued(answer, single, x[:8, 0].flatten(1)[:, :4].float(), three, seed))  # fmt: skip
    sure, rule = Network(g, (2, 3, 2), (3, 2), spread=-60.0), {"dtype": False, "rtol": 1e-4}
    yield Call(sure, x[:6], 0.3, laws.seeded(seed)).but(**rule, words="a first stage that is a module, in training mode, sigma next to nothing")  # fmt: skip
    yield Call(Same(), x[:6], 0.3, laws.seeded(seed)).but(values=False, dtype=False, words="a first stage whose codes are x itself")  # fmt: skip
    yield Call(sure, x[:6]).but(values=False, dtype=False, words="without a generator")
    yield anew(lambda answer: answer(stage, x[:3]))


def shown(answer, stage, x, options, generator):
    """What holds of the loss and of what a stage is shown; returns the loss, the codes, their noise."""
    stage._shown.clear(), stage._handed.clear()
    given = x.clone()
    loss = answer(stage, given, generator=generator, **options)
    yield holds(loss is not None, "nothing came back: is a `return` missing?")
    if loss is None:
        return None
    graph = isinstance(loss, torch.Tensor) and loss.requires_grad
    yield holds(graph, "nothing can be trained on this: return one tensor with its graph, no pair, no .item(), no no_grad")  # fmt: skip
    if not graph:
        return None
    yield holds(loss.dim() == 0, f"one number is wanted, got shape {tuple(loss.shape)}: take the mean over the batch")  # fmt: skip
    yield holds(torch.equal(given, x), "x was changed, and belongs to the caller: work on a copy")
    pictures = stage._pictures(x)
    yield holds(pictures, "the encoder should be shown x, as it is: the noise belongs on the code, not on the image")  # fmt: skip
    mu, logvar = stage._codes(x)
    fits = all(z.shape[1:] == mu.shape[1:] for z in stage._handed), all(z.dtype == mu.dtype for z in stage._handed)  # fmt: skip
    yield holds(fits[0], f"the decoder should be handed codes in the shape of mu, (B, {', '.join(map(str, mu.shape[1:]))})")  # fmt: skip
    yield holds(fits[1], f"the codes are {mu.dtype}, and the decoder is handed another dtype: draw noise of mu's dtype")  # fmt: skip
    if not (all(fits) and pictures) or loss.dim():
        return None
    z = stage._drawn(mu)
    yield holds(len(z) == len(x), f"one code is drawn and decoded for each image, z = mu + sigma eps: {len(x)} for {len(x)} images, got {len(z)}")  # fmt: skip
    if len(z) != len(x):
        return None
    return loss, mu, logvar, ((z - mu) / (logvar / 2).exp()).detach()


def valued(answer, stage, x, options, seed):
    """The loss and its gradients, by what follows from the codes that the decoder was handed."""
    seen = yield from shown(answer, stage, x, options, laws.seeded(seed))
    if seen is None:
        return
    loss, mu, logvar, eps = seen
    error = (x - stage._images(mu + (logvar / 2).exp() * eps)).square().flatten(1).sum(1)
    wanted = (error + options.get("kl_weight", 1e-3) * kl_standard_normal(mu, logvar)).mean()
    loose = 1e-5 if x.dtype == draw.DOUBLE else 1e-3
    yield Reading("from the codes that your decoder was handed the loss", loss.item(), wanted.item(), loose * wanted.item())  # fmt: skip
    for name, part in (
        ("mu", stage._mean),
        ("logvar", stage._spread),
        ("the decoder", stage._back),
    ):
        slope, truth = (
            torch.autograd.grad(v, part, retain_graph=True, materialize_grads=True, allow_unused=True)[0]
            for v in (loss, wanted)
        )  # fmt: skip
        gap = (
            ((slope - truth).norm() / truth.norm().clamp(min=1e-9)).nan_to_num(float("inf")).item()
        )
        words = f"the value is right, and the gradient that reaches {name} is not. How far it is off, in parts of it,"  # fmt: skip
        yield Reading(words, gap, 0.0, 10 * loose, "Is something detached, or under no_grad?")


def draws(answer, stage, x, seed):
    """The law of the noise, and where it comes from."""
    seen = yield from shown(answer, stage, x, {"kl_weight": 0.0}, laws.seeded(seed))
    if seen is None:
        return
    what = "the noise, z = mu + sigma eps solved for eps,"
    names = "rows of the batch", "channels of a code", "places of a code", "places of a code"
    yield from laws.standard_normal(seen[3], what, names, of="mu")
    yield laws.drawn_each(seen[3])

    def again(generator):
        return torch.as_tensor(answer(stage, x[:5].clone(), 0.1, generator)).detach()

    yield from laws.of_the_generator(again, "losses")


# Right, in ways that differ.


def right_einsum(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)
    noise = torch.empty(mu.shape, dtype=mu.dtype).normal_(0, 1, generator=generator)
    gap = (first_stage.decode(torch.addcmul(mu, logvar.mul(0.5).exp(), noise)) - x).reshape(
        len(x), -1
    )
    each = torch.einsum("bd,bd->b", gap, gap)
    for part in (mu**2, logvar.exp(), -logvar, torch.full_like(mu, -1.0)):
        each = each + kl_weight / 2 * part.reshape(len(x), -1).sum(1)
    return each.sum() / len(each)


def right_given_functions(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)
    eps = torch.zeros_like(mu).normal_(generator=generator)
    x_hat = first_stage.decode(reparameterize(mu, logvar, eps))
    return reconstruction_loss(x, x_hat) + kl_weight * kl_standard_normal(mu, logvar).mean()


def right_mse_times_dimensions(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)
    z = torch.normal(torch.zeros_like(mu), torch.ones_like(mu), generator=generator)
    z = z * logvar.exp().sqrt() + mu
    error = nn.functional.mse_loss(first_stage.decode(z), x, reduction="sum") / x.size(0)
    kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp()) / x.size(0)
    return error + kl * kl_weight


def right_norm_squared(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps
    x_hat = first_stage.decode(z)
    distance = torch.linalg.vector_norm((x - x_hat).flatten(1), dim=1) ** 2
    kl = (mu.square() + logvar.exp() - logvar).flatten(1).sum(1) / 2 - mu[0].numel() / 2
    return torch.mean(distance) + kl_weight * torch.mean(kl)


def right_plain(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps
    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)
    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return (error + kl_weight * kl).mean()


def right_row_by_row(first_stage, x, kl_weight=1e-3, generator=None):
    total = 0
    for row in x.split(1):
        mu, logvar = first_stage.encode(row)
        sigma = torch.exp(0.5 * logvar)
        z = mu + sigma * torch.randn(mu.size(), generator=generator, dtype=x.dtype)
        total = total + ((row - first_stage.decode(z)) ** 2).sum()
        total = (
            total + kl_weight * ((mu**2).sum() + (sigma**2).sum() - logvar.sum() - mu.numel()) / 2
        )
    return total / len(x)


def right_torch_distributions(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)
    q = Normal(mu, (0.5 * logvar).exp())
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = q.mean + q.stddev * eps
    kl = kl_divergence(q, Normal(torch.zeros_like(mu), torch.ones_like(mu)))
    error = nn.MSELoss(reduction="none")(first_stage.decode(z), x)
    return error.flatten(1).sum(1).mean() + kl_weight * kl.flatten(1).sum(1).mean()


def right_draws_in_float32(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape, generator=generator).to(mu)
    error = reconstruction_loss(x, first_stage.decode(reparameterize(mu, logvar, eps)))
    return error + kl_weight * kl_standard_normal(mu, logvar).mean()


def right_decodes_the_mean_too(first_stage, x, kl_weight=1e-3, generator=None):
    """a look at the reconstruction, and z decoded twice"""
    mu, logvar = first_stage.encode(x)
    assert first_stage.decode(mu).shape == x.shape
    z = reparameterize(mu, logvar, torch.randn(*mu.shape, generator=generator, dtype=mu.dtype))
    assert first_stage.decode(z).shape == x.shape
    kl = kl_standard_normal(mu, logvar).sum() / len(x)
    return (first_stage.decode(z) - x).square().sum() / len(x) + kl_weight * kl


# Mistakes, and what a student is told.

EPS = "torch.randn(mu.shape, generator=generator, dtype=mu.dtype, device=mu.device)"
Z, REC, KL = "reparameterize(mu, logvar, eps)", "reconstruction_loss(x, x_hat)", "kl_standard_normal(mu, logvar)"  # fmt: skip
RESULT = f"{REC} + kl_weight * {KL}.mean()"
UNTRAINABLE = "nothing can be trained on this: return one tensor with its graph, no pair, no .item(), no no_grad"  # fmt: skip
EACH = f"((x - x_hat) ** 2).flatten(1).sum(1) + kl_weight * {KL}"


def _error(words, formula):
    return change(words, REC, formula)


def _kl(words, formula):
    """The KL's mean over the batch by another formula."""
    return change(words, f"{KL}.mean()", formula)


def _terms(words, formula):
    """Half the sum of these terms over a code for the KL."""
    return _kl(words, f"({formula}).flatten(1).sum(1).mean() / 2")


def _z(words, formula):
    return change(words, Z, formula)


def _eps(words, drawn):
    return change(words, EPS, drawn)


def _result(words, formula):
    return change(words, f"return {RESULT}", f"return {formula}")


def _first(words, line):
    return change(words, "    mu, logvar = first", f"    {line}\n    mu, logvar = first")


wrong_absolute = _error(
    "absolute errors; squares are wanted", "(x - x_hat).abs().flatten(1).sum(1).mean()"
)
wrong_all_means = _result(
    "means over the entries; sums over image and code are wanted",
    f"((x - x_hat) ** 2).mean() + kl_weight * {KL}.mean() / mu[0].numel()",
)
wrong_always_float64 = _z(
    "the codes are float32, and the decoder is handed float64: draw noise of mu's dtype",
    f"{Z}.double()",
)
wrong_decodes_the_mean = _z("the decoder is handed mu, without noise: z = mu + sigma eps", "mu")
wrong_detached_code = _z(
    "no gradient flows through the code z: no .detach() there", f"{Z}.detach()"
)
wrong_detached_mu = _z(
    "no gradient flows through mu in the code: no .detach() there", Z.replace("mu", "mu.detach()")
)
wrong_detached_sigma = _z(
    "no gradient flows through sigma in the code: no .detach() there",
    Z.replace("logvar", "logvar.detach()"),
)
wrong_detached_kl = _kl(
    "no gradient comes from the KL: no .detach() there", f"{KL}.mean().detach()"
)
wrong_detached_images = _error(
    "no gradient comes from the error: no .detach() there", REC.replace("hat", "hat.detach()")
)
wrong_mse_loss = _error(
    "the squared error is a mean over the pixels; their sum is wanted",
    "torch.nn.functional.mse_loss(x_hat, x)",
)
wrong_no_noise = _eps("the decoder is handed mu, without noise: z = mu + sigma eps", "torch.zeros_like(mu)")  # fmt: skip
wrong_kl_sign_inside = _terms(
    "the KL is subtracted; it is added to a loss, and it is 0 or more",
    "1 + logvar - mu**2 - logvar.exp()",
)
wrong_first_row = _error("one image alone; the mean over the batch is wanted", "((x - x_hat)[0] ** 2).sum()")  # fmt: skip
wrong_half_the_error = _error(
    "half of the squared error; no half stands before it here", f"{REC} / 2"
)
wrong_item = _result(UNTRAINABLE, f"({RESULT}).item()")
wrong_pair = _result(UNTRAINABLE, f"({REC}, kl_weight * {KL}.mean())")
wrong_no_grad = change(UNTRAINABLE, '@shapes(x="B *D: float")', "@torch.no_grad()")
wrong_kl_mean_of_channels = _kl(
    "the KL is summed over the channels alone; sum over the whole code",
    "(mu**2 + logvar.exp() - 1 - logvar).sum(1).mean() / 2",
)
wrong_error_mean_of_channels = _error(
    "the squared error is summed over the channels alone; sum over the whole image",
    "((x - x_hat) ** 2).sum(1).mean()",
)
wrong_kl_mean_of_entries = _kl(
    "the KL is a mean over the entries of the code; their sum is wanted",
    f"{KL}.mean() / mu[0].numel()",
)
wrong_kl_no_half = _kl("the KL is twice too large: its half is missing", f"{KL}.mean() * 2")
wrong_kl_no_one = _terms("the 1 of the KL is missing", "mu**2 + logvar.exp() - logvar")
wrong_kl_of_sample = _kl(
    "this is z squared; the KL is a function of mu and logvar",
    f"({Z} ** 2).flatten(1).sum(1).mean() / 2",
)
wrong_kl_reversed = _terms(
    "the KL is that of q from the standard normal; this is the other way round",
    "logvar - 1 + (1 + mu**2) / logvar.exp()",
)
wrong_kl_sampled = _kl(
    "this is a draw of the KL, log q(z|x) - log p(z); its closed form is wanted",
    f"({Z} ** 2 - eps**2 - logvar).flatten(1).sum(1).mean() / 2",
)
wrong_kl_sigma_for_logvar = _kl(
    "logvar is the logarithm of the variance; here it was taken for that of sigma",
    f"{KL.replace('logvar', '2 * logvar')}.mean()",
)
wrong_kl_sign = _result(
    "the KL is subtracted; it is added to a loss, and it is 0 or more", RESULT.replace("+", "-")
)
wrong_kl_sum_of_batch = _kl("the KL is summed over the batch; its mean is wanted", f"{KL}.sum()")
wrong_kl_without_variance = _terms("the KL has four terms, not the mean's alone", "mu**2")
wrong_kl_without_mean = _terms(
    "the KL has four terms, the mean's among them", "logvar.exp() - 1 - logvar"
)
wrong_logvar_for_sigma = _z(
    "logvar itself times the noise; sigma is wanted, exp(logvar / 2)", "mu + logvar * eps"
)
wrong_mean_of_pixels = _error(
    "the squared error is a mean over the pixels; their sum is wanted", "((x - x_hat) ** 2).mean()"
)
wrong_no_generator = _eps(
    "the same generator state gave other losses: pass generator=generator to all that draws",
    "torch.randn_like(mu)",
)
wrong_seed_without_generator = _eps(
    "without a generator nothing is drawn from torch's global one: set no seed inside",
    EPS.replace("=generator", "=generator or torch.Generator().manual_seed(0)"),
)
wrong_seed_inside = _eps(
    "a second call gave the same losses: set no seed inside",
    EPS.replace("=generator", "=torch.Generator().manual_seed(0)"),
)
wrong_seed_of_torch = _first(
    "without a generator two calls give the same: set no seed inside",
    "if generator is None: torch.manual_seed(0)",
)
wrong_no_kl = _result("the KL is missing", REC)
wrong_no_error = _result("the error is missing", f"{REC} * 0 + kl_weight * {KL}.mean()")
wrong_no_return = change("nothing came back: is a `return` missing?", f"return {RESULT}", RESULT)
wrong_noise_of_a_row = _eps(
    "entries of a code share their noise: draw it in the shape of mu",
    "torch.randn(len(mu), *[1] * (mu.dim() - 1), generator=generator, dtype=mu.dtype).expand_as(mu)",
)
wrong_noise_of_a_channel = _eps(
    "entries of a code share their noise: draw it in the shape of mu",
    "torch.randn(*mu.shape[:2], *[1] * (mu.dim() - 2), generator=generator, dtype=mu.dtype).expand_as(mu)",
)
wrong_noise_of_a_place = _eps(
    "the channels of a code share their noise: draw it in the shape of mu",
    "torch.randn(len(mu), 1, *mu.shape[2:], generator=generator, dtype=mu.dtype).expand_as(mu)",
)
wrong_one_noise = _eps(
    "one noise for the whole batch: draw it in the shape of mu",
    "torch.randn(mu.shape[1:], generator=generator, dtype=mu.dtype).expand_as(mu)",
)
wrong_half_the_noise = _z(
    "half of the rows have the others' noise turned round: draw it in the shape of mu",
    Z.replace("eps", "torch.cat([half := eps[: (len(eps) + 1) // 2], -half])[: len(eps)]"),
)
wrong_noise_clamped = _z("the noise is clamped: it has tails", Z.replace("eps", "eps.clamp(-3, 3)"))
wrong_noise_on_image = change(
    "the encoder should be shown x, as it is: the noise belongs on the code, not on the image",
    "first_stage.encode(x)",
    "first_stage.encode(x + torch.randn(x.shape, generator=generator, dtype=x.dtype))",
)
wrong_noise_without_mean = _z("mu is missing: z = mu + sigma eps", "torch.exp(logvar / 2) * eps")
wrong_two_draws = change(
    "two codes are drawn for each image; one is wanted",
    REC,
    f"({REC} + reconstruction_loss(x, first_stage.decode({Z.replace('eps', EPS)}))) / 2",
)
wrong_not_averaged = _result("this is one loss for each row; their mean is wanted", EACH)
wrong_sum_of_batch = _result("the sum over the batch; its mean is wanted", f"({EACH}).sum()")
wrong_root = _error(
    "the square of the distance is wanted, not the distance",
    "((x - x_hat) ** 2).flatten(1).sum(1).sqrt().mean()",
)
wrong_root_squared = _error(
    "a root that is squared has no gradient where the error is 0: take no root",
    "(((x - x_hat) ** 2).flatten(1).sum(1).sqrt() ** 2).mean()",
)
wrong_sigma_upside_down = _z(
    "sigma is exp(logvar / 2), with a plus", Z.replace("logvar", "-logvar")
)
wrong_swapped = change(
    "mu and logvar have changed places: encode gives mu first",
    "    mu, logvar =",
    "    logvar, mu =",
)
wrong_uniform = _eps(
    "rand gives numbers from 0 to 1: randn is normal", EPS.replace("randn", "rand")
)
wrong_uniform_standardised = _eps(
    "the noise should be normal: randn, not a stretched rand",
    f"({EPS.replace('randn', 'rand')} - 0.5) * 12**0.5",
)
wrong_unit_noise = _z("noise of standard deviation 1; its sigma is exp(logvar / 2)", "mu + eps")
wrong_variance_for_sigma = _z(
    "the variance times the noise; sigma is wanted, exp(logvar / 2)", "mu + torch.exp(logvar) * eps"
)
wrong_logvar_clamped = change(
    "logvar is clamped: it may be any number, and encode has seen to it",
    f"    eps = {EPS}",
    f"    logvar = logvar.clamp(-20, 10)\n    eps = {EPS}",
)
wrong_images_clamped = change(
    "what the decoder gives is clamped: the error is that of its images as they are",
    f"first_stage.decode({Z})",
    f"first_stage.decode({Z}).clamp(-1, 1)",
)
wrong_weight_hard_coded = _result(
    "kl_weight is an argument; 0.001 is only its default", RESULT.replace("kl_weight", "1e-3")
)
wrong_weight_default = change(
    "kl_weight is 0.001 where it is not given", "kl_weight: float = 1e-3", "kl_weight: float = 1.0"
)
wrong_weight_or_default = _result(
    "a kl_weight of 0 is 0, and not the default", RESULT.replace("kl_weight", "(kl_weight or 1e-3)")
)
wrong_weight_ignored = _result("kl_weight is not used", RESULT.replace("kl_weight * ", ""))
wrong_weight_on_both = _result("kl_weight stands before the error too", f"kl_weight * ({REC} + {KL}.mean())")  # fmt: skip
wrong_weight_on_error = _result(
    "kl_weight stands before the error, not before the KL", f"kl_weight * {REC} + {KL}.mean()"
)
wrong_weight_squared = _result(
    "kl_weight is in it twice", RESULT.replace("kl_weight", "kl_weight**2")
)
wrong_weights_share = _result(
    "the error has no weight; 1 - kl_weight is not it", f"(1 - kl_weight) * {RESULT}"
)
wrong_in_place = _first(
    "x was changed, and belongs to the caller: work on a copy", "x.clamp_(-1, 1)"
)
wrong_code_in_place = _z(
    "a first stage may give x itself for its codes: no `+=` and no `add_`, which would change x",
    "mu.data.add_(torch.exp(logvar.detach() / 2) * eps) + 0 * mu",
)
wrong_backward = _result(
    "gradients are filled here: backward belongs to the training loop",
    f"(loss := {RESULT}, loss.requires_grad and loss.backward(retain_graph=True))[0]",
)
wrong_train = _first(
    "a first stage has `encode` and `decode`, and nothing else of it is used: leave its mode as it is",
    "first_stage.train()",
)
wrong_eval_of_a_module = _first(
    "the first stage is put into another mode: take it as it comes",
    'hasattr(first_stage, "eval") and first_stage.eval()',
)
wrong_eval_and_back = change(
    "the first stage is put into another mode meanwhile: take it as it comes",
    "    mu, logvar = first",
    '    hasattr(first_stage, "eval") and first_stage.eval()\n    mu, logvar = first',
    f"return {RESULT}",
    f'hasattr(first_stage, "train") and first_stage.train()\n    return {RESULT}',
)


def wrong_sampled_by_q(first_stage, x, kl_weight=1e-3, generator=None):
    """the same generator state gave other losses: pass generator=generator to all that draws"""
    q = Normal((mu := (pair := first_stage.encode(x))[0]), (pair[1] / 2).exp())
    error = (first_stage.decode(q.rsample()) - x).square().flatten(1).sum(1)
    kl = kl_divergence(q, Normal(torch.zeros_like(mu), torch.ones_like(mu))).flatten(1).sum(1)
    return (error + kl_weight * kl).mean()
