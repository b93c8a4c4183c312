"""7.4 Latents."""

import torch
from torch import nn

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from course.checks.stages import Network, Same, Stage
from dgm.latent import AT_ONCE
from dgm.latent import encode_latents as definition


def cases(g):
    stage, x = Stage(g, (3, 2, 2), (2, 2, 2)), draw.normal(g, 7, 3, 2, 2)
    for scale in (0.3, 2.5):
        yield Call(stage, x, scale).but(gradient=True)
    yield Call(Stage(g, (2, 3), (4,), draw.SINGLE), x[:5, :2, 0, :1].repeat(1, 1, 3).float(), 0.7)
    yield Call(Stage(g, (5,), (3, 1)), draw.normal(g, 1, 5), 0.7).but(words="one row")
    yield Call(Network(g, (4,), (3,)), draw.normal(g, 6, 4), 0.7).but(
        words="a first stage that is a module, in training mode"
    )
    yield Call(Same(), draw.normal(g, 6, 4), 0.7).but(
        words="a first stage whose codes are x itself"
    )
    yield Call(Stage(g, (2,), (1, 2)), draw.normal(g, 2 * AT_ONCE + 3, 2), 0.7)


# Right, in ways that differ.


def right_detached(first_stage, x, scale):
    return first_stage.encode(x)[0].detach() * scale


@torch.no_grad()
def right_divided_by_its_inverse(first_stage, x, scale):
    sigma = 1 / scale
    return first_stage.encode(x)[0] / sigma


@torch.no_grad()
def right_in_parts(first_stage, x, scale):
    parts = []
    for part in x.split(3):
        parts.append(first_stage.encode(part)[0])
    return torch.cat(parts) * scale


def right_inference(first_stage, x, scale):
    with torch.inference_mode():
        z = first_stage.encode(x)[0].mul(scale)
    return z.clone()


@torch.no_grad()
def right_into_a_table(first_stage, x, scale):
    first = first_stage.encode(x[:1])[0]
    table = torch.empty(len(x), *first.shape[1:], dtype=first.dtype)
    for start in range(0, len(x), AT_ONCE):
        stop = start + AT_ONCE
        table[start:stop] = first_stage.encode(x[start:stop])[0]
    return scale * table


@torch.no_grad()
def right_plain(first_stage, x, scale):
    mu, _ = first_stage.encode(x)
    return scale * mu


# Mistakes, and what a student is told.

Z = "first_stage.encode(part)[0] * scale"
PARTS = f"torch.cat([{Z} for part in x.split(AT_ONCE)])"


def _z(words, formula):
    return change(words, Z, formula)


def _whole(words, formula):
    return change(words, PARTS, formula)


def _first(words, line):
    return change(words, "    check_scale(scale)\n", f"    {line}\n")


MU = "(mu := first_stage.encode(x)[0])"
wrong_added = _z("the scale multiplies, it is not added", Z.replace("*", "+"))
wrong_centred = _whole(
    "no mean is taken off: the latents are the codes times the scale", f"({MU} - mu.mean()) * scale"
)
wrong_centred_places = _whole(
    "no mean is taken off: the latents are the codes times the scale",
    f"({MU} - mu.mean(0)) * scale",
)
wrong_chunk_of_pair = _z(
    "mu and logvar stand in one tensor; the means alone are wanted",
    "torch.cat(first_stage.encode(part), dim=1) * scale",
)
wrong_clipped = _z("nothing is clipped: latents may be any numbers", f"({Z}).clamp(-1, 1)")
wrong_divided = _z("divided by the scale; to be multiplied with it", Z.replace("*", "/"))
wrong_first_part = _whole(
    "the first part of many images alone: all are wanted",
    "first_stage.encode(x[:AT_ONCE])[0] * scale",
)
wrong_flat = _z("the codes are made flat: latents have their shape", f"({Z}).flatten(1)")
wrong_float64 = _z("x is float32 and its codes too, the latents are float64", f"({Z}).double()")
wrong_float32 = _z("x is float64 and its codes too, the latents are float32", f"({Z}).float()")
wrong_graph = change(
    "the latents hang in a graph: keep the line `@torch.no_grad()`", "@torch.no_grad()\n", ""
)
wrong_graph_cut_at_x = change(
    "the latents hang in a graph: keep the line `@torch.no_grad()`",
    "@torch.no_grad()\n",
    "",
    "x.split",
    "x.detach().split",
)
wrong_last_part = _whole(
    "whole parts alone: the images that are left over are lost",
    "torch.cat([first_stage.encode(x[i * AT_ONCE : (i + 1) * AT_ONCE])[0] for i in range(max(len(x) // AT_ONCE, 1))]) * scale",
)
wrong_list = _whole(
    "one tensor of latents is wanted, not a list: put the parts together",
    PARTS.removeprefix("torch.cat(").removesuffix(")"),
)
wrong_stacked = _whole(
    "the parts are put one after the other by torch.cat: stack gives them an axis of their own",
    PARTS.replace("cat", "stack").replace("AT_ONCE", "1"),
)
wrong_logvar = _z(
    "these are the log-variances; the means come first in the pair", Z.replace("[0]", "[1]")
)
wrong_sigma = _z(
    "these are the deviations of the codes; their means are wanted",
    "(first_stage.encode(part)[1] / 2).exp() * scale",
)
wrong_no_return = change("nothing came back: is a `return` missing?", f"return {PARTS}", PARTS)
wrong_not_scaled = _z("these are the codes; the scale is not used", Z.removesuffix(" * scale"))
wrong_numpy = _whole("one tensor of latents is wanted, not an array", f"{PARTS}.numpy()")
wrong_own_deviation = _whole(
    "the scale is an argument; here the latents are divided by their own deviation",
    f"{MU} / mu.std()",
)
wrong_own_deviation_of_n = _whole(
    "the scale is an argument; here the latents are divided by their own deviation",
    f"{MU} / mu.std(correction=0)",
)
wrong_pair = _whole(
    "one tensor of latents is wanted, not a pair",
    "(first_stage.encode(x)[0] * scale, first_stage.encode(x)[1])",
)
wrong_scaled_image = _z(
    "the scale is meant for the code, not for the image", "first_stage.encode(part * scale)[0]"
)
wrong_scaled_twice = _z("the scale is in it twice", f"{Z} * scale")
wrong_standardised = _whole(
    "the scale is an argument; here the latents are standardised", f"({MU} - mu.mean()) / mu.std()"
)
wrong_tanh = _z("nothing squeezes latents: they may be any numbers", f"({Z}).tanh()")
wrong_squeezed = _z(
    "an axis of length 1 is lost: latents have the shape of codes", f"({Z}).squeeze()"
)
wrong_in_place = _z(
    "a first stage may give x itself for its codes: no `*=` and no `mul_`, which would change x",
    "first_stage.encode(part)[0].mul_(scale)",
)
wrong_eval = _first(
    "a first stage has `encode` and `decode`, and nothing else of it is used: leave its mode as it is",
    "first_stage.eval()",
)
wrong_called = _z(
    "a first stage is no function: it has `encode` and `decode`, and nothing else of it is used",
    "first_stage(part)[0] * scale",
)
wrong_eval_of_a_module = _first(
    "the first stage is put into another mode: take it as it comes",
    'if hasattr(first_stage, "eval"): first_stage.eval()',
)


@torch.no_grad()
def wrong_eval_and_back(first_stage, x, scale):
    """the first stage is put into another mode while it encodes: take it as it comes"""
    mode = getattr(first_stage, "training", False)
    if isinstance(first_stage, nn.Module):
        first_stage.eval()
    z = first_stage.encode(x)[0] * scale
    if isinstance(first_stage, nn.Module):
        first_stage.train(mode)
    return z


@torch.no_grad()
def wrong_sampled(first_stage, x, scale):
    """codes are drawn; the mean codes are wanted, without noise"""
    mu, logvar = first_stage.encode(x)
    return scale * (mu + (logvar / 2).exp() * torch.randn_like(mu))


@torch.no_grad()
def wrong_sampled_from_normal(first_stage, x, scale):
    """codes are drawn; the mean codes are wanted, without noise"""
    mu, logvar = first_stage.encode(x)
    return scale * torch.distributions.Normal(mu, (logvar / 2).exp()).sample()


@torch.no_grad()
def wrong_sampled_with_a_seed(first_stage, x, scale):
    """codes are drawn; the mean codes are wanted, without noise"""
    mu, logvar = first_stage.encode(x)
    g = torch.Generator().manual_seed(0)
    return scale * (mu + (logvar / 2).exp() * torch.randn(mu.shape, generator=g, dtype=mu.dtype))


@torch.no_grad()
def wrong_sampled_after(first_stage, x, scale):
    """codes are drawn; the mean codes are wanted, without noise"""
    mu, logvar = first_stage.encode(x)
    return scale * mu + (logvar / 2).exp() * torch.randn_like(mu)
