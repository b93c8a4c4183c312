"""7.5 The scale."""

import math

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from course.checks.stages import Network, Same, Stage
from dgm.latent import AT_ONCE, encode_latents
from dgm.latent import latent_scale as definition

EITHER = {"rtol": 2e-4, "atol": 0.0}  # over n or n - 1: each case has 2,700 entries and more


def cases(g):
    stage, x = Stage(g, (3, 2, 4), (3, 2, 4)), unlike(g, 120, 3, 2, 4)
    yield Call(stage, x).but(**EITHER)
    many = unlike(g, 2 * AT_ONCE + 300, 2)
    yield Call(Stage(g, (2,), (1, 2)), many).but(**EITHER)
    yield Call(Same(), x + 3).but(**EITHER, words="a first stage whose codes are x itself")
    far = Call(Same(), (many + 3000).float()).but(**EITHER, words="codes about 3000, in float32")
    yield far.but(clue="Take the mean off before you square")
    yield Call(Network(g, (2,), (3,)), many).but(
        **EITHER, words="a first stage that is a module, in training mode"
    )


def unlike(g, n, *shape):
    """Pictures that grow from first to last, in size and in mean."""
    grows = torch.linspace(0.2, 3, n, dtype=draw.DOUBLE).view(-1, *[1] * len(shape))
    return grows * draw.normal(g, n, *shape) + grows


# Right, in ways that differ.


def right_by_hand(first_stage, x):
    z = first_stage.encode(x)[0].detach().double().flatten()
    mean = z.sum() / len(z)
    return float(((z - mean) ** 2).mean() ** -0.5)


def right_in_parts(first_stage, x):
    codes = [first_stage.encode(part)[0].detach() for part in x.split(AT_ONCE)]
    return torch.cat(codes).double().std().pow(-1).item()


def right_numpy(first_stage, x):
    return 1 / np.std(first_stage.encode(x)[0].detach().double().numpy())


def right_plain(first_stage, x):
    with torch.no_grad():
        mu = first_stage.encode(x)[0]
    return 1 / mu.std().item()


def right_running_sums(first_stage, x):
    n, total, squares = 0, 0.0, 0.0
    for part in x.split(500):
        mu = first_stage.encode(part)[0].detach().double()
        n, total, squares = n + mu.numel(), total + mu.sum().item(), squares + (mu**2).sum().item()
    return 1 / math.sqrt(squares / n - (total / n) ** 2)


def right_tensor(first_stage, x):
    return first_stage.encode(x)[0].detach().double().var().rsqrt()


def right_through_encode_latents(first_stage, x):
    z = encode_latents(first_stage, x, 1.0)
    return 1 / z.double().std(correction=0).item()


def right_tensor_with_its_graph(first_stage, x):
    """the text asks for a number, and a tensor of one is one"""
    return 1 / first_stage.encode(x)[0].std()


def right_welford(first_stage, x):
    n, mean, total = 0, 0.0, 0.0
    for part in encode_latents(first_stage, x, 1.0).double().split(400):
        m, own = part.numel(), part.mean().item()
        total += (part - own).square().sum().item() + (own - mean) ** 2 * n * m / (n + m)
        mean, n = mean + (own - mean) * m / (n + m), n + m
    return (n / total) ** 0.5


# Mistakes, and what a student is told.

Z = "encode_latents(first_stage, x, 1.0).cpu().double()"
SIGMA, RESULT = f"{Z}.std(correction=0).item()", "return 1 / sigma"
PAIR = "first_stage.encode(x)"


def _sigma(words, formula):
    """The definition with another sigma, made of the mean codes z."""
    return change(words, f"sigma = {SIGMA}", f"z = {Z}\n    sigma = {formula}")


def _result(words, line):
    return change(words, RESULT, line)


def _apart(words, formula):
    """A deviation for each of something."""
    what = (
        f"a deviation for each {words}, and then a mean: take the deviation of all entries at once"
    )
    return _sigma(what, formula)


wrong_about_zero = _sigma(
    "the mean of the codes has to be taken off before the square", "z.square().mean().sqrt().item()"
)
wrong_about_the_mean_code = _sigma(
    "the mean that is taken off is one number, that of all entries, and not one for each place",
    "(z - z.mean(0)).square().mean().sqrt().item()",
)
wrong_about_each_picture = _sigma(
    "the mean that is taken off is one number, that of all entries, and not one for each picture",
    "(z.flatten(1) - z.flatten(1).mean(1, keepdim=True)).square().mean().sqrt().item()",
)
wrong_each_channel = change(
    "this is a number for each channel; one for all channels and places is wanted",
    f"sigma = {SIGMA}",
    f"z = {Z}\n    sigma = z.transpose(0, 1).flatten(1).std(1)",
    "    if not sigma > 0:\n",
    "    if not (sigma > 0).all():\n",
)
wrong_first_image = _sigma("the first picture alone; all are wanted", "z[0].std().item()")
wrong_first_image_of_n = _sigma(
    "the first picture alone; all are wanted", "z[0].std(correction=0).item()"
)
wrong_first_thousand = _sigma(
    "the first thousand pictures alone; all are wanted", "z[:1000].std(correction=0).item()"
)
wrong_whole_parts = _sigma(
    "whole parts alone: the pictures that are left over are lost",
    "z[: max(len(z) // AT_ONCE * AT_ONCE, min(len(z), AT_ONCE))].std(correction=0).item()",
)
wrong_largest = _sigma(
    "1 over the largest code; over their standard deviation is wanted", "z.abs().max().item()"
)
wrong_mean = _result(
    "1 over the mean of the codes; over their standard deviation is wanted",
    f"return 1 / {Z}.mean().item()",
)
wrong_mean_abs = _sigma(
    "1 over a mean absolute value; over the standard deviation is wanted", "z.abs().mean().item()"
)
wrong_mean_deviation = _sigma(
    "1 over a mean absolute deviation; over the standard deviation is wanted",
    "(z - z.mean()).abs().mean().item()",
)
wrong_median_deviation = _sigma(
    "1 over a median deviation; over the standard deviation is wanted",
    "1.4826 * (z - z.median()).abs().median().item()",
)
wrong_mean_of_channels = _apart("channel", "z.transpose(0, 1).flatten(1).std(1).mean().item()")
wrong_mean_of_images_deviations = _apart("picture", "z.flatten(1).std(1).mean().item()")
wrong_mean_of_images_scales = _apart("picture", "1 / (1 / z.flatten(1).std(1)).mean().item()")
wrong_mean_of_parts = _apart(
    "part of the pictures", "sum(m.std().item() for m in z.split(500)) / len(z.split(500))"
)
wrong_mean_of_thousands = _apart(
    "part of the pictures", "sum(m.std().item() for m in z.split(AT_ONCE)) / len(z.split(AT_ONCE))"
)
wrong_mean_of_small_batches = _apart(
    "part of the pictures", "sum(m.std().item() for m in z.split(64)) / len(z.split(64))"
)
wrong_mean_of_variances_of_parts = _apart(
    "part of the pictures", "(sum(m.var().item() * len(m) for m in z.split(500)) / len(z)) ** 0.5"
)
wrong_mean_of_scales_of_parts = _apart(
    "part of the pictures", "len(z.split(100)) / sum(1 / m.std().item() for m in z.split(100))"
)
wrong_mean_of_variances = _apart(
    "channel", "z.transpose(0, 1).flatten(1).var(1).mean().sqrt().item()"
)
wrong_over_batch = _apart("place of the code", "z.std(0).mean().item()")
wrong_over_channels = _apart(
    "place of each picture, over the channels", "z.std(1, correction=0).mean().item()"
)
wrong_no_return = change("nothing came back: is a `return` missing?", RESULT, "1 / sigma")
wrong_of_both = _sigma(
    "the scale of the pair; its means alone are wanted",
    f"torch.stack({PAIR}).detach().double().std(correction=0).item()",
)
wrong_of_images = _sigma(
    "the scale of the images; that of their codes is wanted", "x.double().std(correction=0).item()"
)
wrong_of_reconstructions = _sigma(
    "the scale of what the decoder makes; that of the codes is wanted",
    f"first_stage.decode({PAIR}[0]).detach().double().std(correction=0).item()",
)
wrong_of_logvar = _sigma(
    "the scale of the log-variances; the means come first in the pair",
    f"{PAIR}[1].detach().double().std(correction=0).item()",
)
wrong_one_over_variance = _result(
    "1 over the variance; 1 over its root is wanted", "return 1 / sigma**2"
)
wrong_range = _sigma(
    "1 over the range of the codes; over their standard deviation is wanted",
    "(z.max() - z.min()).item()",
)
wrong_root_of_sigma = _result("sigma is a root already: no second one", "return sigma**-0.5")
wrong_sampled = _sigma(
    "the codes are drawn; the mean codes are wanted, without noise",
    f"(z + ({PAIR}[1].detach() / 2).exp() * torch.randn_like(z)).std(correction=0).item()",
)
wrong_sampled_with_a_seed = _sigma(
    "the codes are drawn; the mean codes are wanted, without noise",
    f"(z + ({PAIR}[1].detach() / 2).exp() * torch.randn(z.shape, generator=torch.Generator().manual_seed(0), dtype=z.dtype)).std(correction=0).item()",
)
wrong_sampled_in_formula = _sigma(
    "the codes' own noise is no part of it: the mean codes alone",
    f"(z.var() + {PAIR}[1].detach().exp().mean()).sqrt().item()",
)
wrong_sigma = _result("this is sigma; the scale is 1 / sigma", "return sigma")
wrong_sigma_of_posterior = _sigma(
    "this takes sigma from logvar; what counts is how the mean codes are spread",
    f"({PAIR}[1].detach() / 2).exp().mean().item()",
)
wrong_stable_diffusion = _result(
    "0.18215 is the scale of Stable Diffusion's first stage; this is another one", "return 0.18215"
)
wrong_variance = _result("this is the variance; the scale is 1 over its root", "return sigma**2")
wrong_clipped = _sigma(
    "the codes are clipped; they may be any numbers", "z.clamp(-3, 3).std().item()"
)
wrong_single_precision = _sigma(
    "a difference of large numbers in float32 has no digits left: take the mean off, then square",
    "((z.float().square().mean() - z.float().mean() ** 2).abs() + 1e-12).sqrt().item()",
)
wrong_in_place = _sigma(
    "a first stage may give x itself for its codes: no `-=` and no `sub_`, which would change x",
    f"(m := {PAIR}[0].detach()).sub_(m.mean()).double().square().mean().sqrt().item()",
)
wrong_eval = _sigma(
    "a first stage has `encode` and `decode`, and nothing else of it is used: leave its mode as it is",
    "z.std().item() + 0 * len([first_stage.eval()])",
)
wrong_eval_of_a_module = _sigma(
    "the first stage is put into another mode: take it as it comes",
    f"(getattr(first_stage, 'eval', len) is not len and first_stage.eval(), {Z})[1].std().item()",
)
wrong_eval_and_back = _sigma(
    "the first stage is put into another mode while it encodes: take it as it comes",
    f"(hasattr(first_stage, 'eval') and first_stage.eval(), {Z}, hasattr(first_stage, 'eval') and first_stage.train())[1].std().item()",
)
