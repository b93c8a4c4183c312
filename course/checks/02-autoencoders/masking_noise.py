"""2.4 Masking corruption."""

import math

import numpy as np
import torch

from course.checks import draw, laws
from course.checks.cases import Call, Doing, Law, Reading, holds
from course.checks.exercise import change
from dgm.autoencoder import masking_noise as definition

SHAPE, AXES = (300, 3, 4, 4), ("rows of the batch", "channels", "pixels", "pixels")


def cases(g):
    x, seed = 1 + draw.uniform(g, 6, 2, 3), draw.seeded(g).initial_seed()
    yield Call(x, 0.0, generator=draw.seeded(g)).but(rtol=1e-6, words="p = 0: nothing is lost")
    yield Call(x, 1.0, draw.seeded(g)).but(words="p = 1: all is lost")
    yield Doing(
        "vectors of float32, without a generator",
        lambda answer: {"the masked x": answer(x[:, 0].float(), 0.5)},
    ).but(values=False)
    yield Law("p = 0.3", lambda answer: masked(answer, SHAPE, 0.3, seed, AXES))
    yield Law("p = 0.0035", lambda answer: masked(answer, SHAPE, 0.0035, seed, AXES))
    yield Law("", lambda answer: laws.of_the_generator(lambda g: answer(x.clone(), 0.3, g), "masks"))  # fmt: skip


def masked(answer, shape, p, seed, axes=(), dtype=draw.DOUBLE):
    """What is lost, and that chance alone decides it: of each entry, row and batch, whatever x is."""
    x = draw.normal(laws.seeded(seed), *shape, dtype=dtype)
    got = answer(x.clone(), p, generator=laws.seeded(seed + 1))
    lost = got == 0
    kept = (got - x).abs() <= 1e-6 * x.abs()
    if not lost.all():
        factor = (got / x)[~lost].double().median().item()
        yield Reading("what is kept, over what it was,", factor, 1.0, 1e-6)
    yield holds((lost | kept).all(), "an entry is neither 0 nor what it was")
    yield laws.share(lost, p, "the share of entries that are lost")
    for order, which in ((x, "large"), (x.abs(), "far from 0")):
        small, large = lost.flatten()[order.flatten().argsort()].double().chunk(2)
        off = (large.mean() - small.mean()) * math.sqrt(x.numel() / (4 * p * (1 - p)))
        yield Reading(f"how much rather an entry is lost that is {which}, in standard errors,", float(off), 0.0, laws.SIX)  # fmt: skip
    if p < 0.1:  # too few are lost for what follows
        return
    yield from laws.each_alone(lost, axes)
    twice = [answer(x[:20].clone(), p) for _ in range(2)]
    yield holds(not torch.equal(*twice), "without a generator too, each call draws anew")
    g = laws.seeded(seed + 2)
    small = [(answer(x[:2].clone(), p, generator=g) == 0).double().sum() for _ in range(300)]
    for counts, n, whose in (
        (lost.flatten(1).double().sum(1), x[0].numel(), "one row"),
        (torch.stack(small), x[:2].numel(), "two rows"),
    ):
        ratio = counts.var().item() / (n * p * (1 - p))
        yield Reading(f"the variance of how many entries {whose} of x may lose, over what it should be,", ratio, 1.0, laws.SIX * math.sqrt(2 / len(counts)), "Each entry is lost or kept alone")  # fmt: skip


# Right, in ways that differ.


def right_bernoulli(x, p, generator=None):
    keep = torch.bernoulli(torch.full_like(x, 1 - p), generator=generator)
    return keep * x


def right_keep_above(x, p, generator=None):
    u = torch.rand(x.numel(), generator=generator, dtype=torch.float64).view_as(x)
    return x.masked_fill(1 - u <= p, 0)


def right_loop_clone(x, p, generator=None):
    out = x.clone()
    for row in out:
        row[torch.rand(row.shape, generator=generator) < p] = 0
    return out


def right_masked_fill(x, p, generator=None):
    drop = torch.empty_like(x).uniform_(generator=generator).lt(p)
    return x.masked_fill(drop, 0.0)


def right_numpy(x, p, generator=None):
    seed = int(torch.randint(2**62, (1,), generator=generator))
    keep = np.random.default_rng(seed).binomial(1, 1 - p, size=tuple(x.shape))
    return x * torch.from_numpy(keep)


def right_times_mask(x, p, generator=None):
    mask = (torch.rand(x.shape, generator=generator) >= p).to(x.dtype)
    return x * mask


def right_where(x, p, generator=None):
    lost = torch.rand(x.shape, generator=generator) < p
    return torch.where(lost, torch.zeros_like(x), x)


# Mistakes, and what a student is told.

BLACK = "no entry is 0: a lost entry becomes 0, not -1 or a smaller number"
SHAPED = "rand(x.shape"
wrong_all_channels = change(
    "the channels lose their entries together: draw for each entry alone",
    SHAPED,
    "rand((len(x), 1, *x.shape[2:])",
)
wrong_black = change(BLACK, "p, 0, x", "p, -1, x")
wrong_dropout = change(
    "what is kept is divided by 1 - p, as in dropout; leave it as it is, and draw from the generator",
    "torch.where(u < p, 0, x)",
    "torch.nn.functional.dropout(x, p)",
)
wrong_dropout_scaled_back = change(
    "the generator is not used: pass generator=generator to what draws",
    "torch.where(u < p, 0, x)",
    "torch.nn.functional.dropout(x, p) * (1 - p)",
)
wrong_fixed_without_generator = change(
    "without a generator each call gives the same; it draws anew",
    "generator=generator,",
    "generator=generator or torch.Generator().manual_seed(0),",
)
wrong_generator_ignored = change(
    "the generator is not used: pass generator=generator to what draws", "generator=generator, ", ""
)
wrong_generator_reset = change(
    "a second call gives the same mask: draw from the generator itself, and set no seed",
    "generator=generator",
    "generator=torch.Generator().manual_seed(generator.initial_seed() if generator else 0)",
)
wrong_hundred_levels = change(
    "chance has a hundred levels here, and p may lie between them: draw a uniform number",
    "torch.rand(x.shape, generator=generator, dtype=x.dtype, device=x.device)",
    "torch.randint(0, 100, x.shape, generator=generator) / 100",
)
wrong_in_float64 = change("float64 comes back for float32", "0, x)", "0, x).double()")
wrong_keeps_with_p = change("p is the probability of losing, not of keeping", "u < p", "u > p")
wrong_mask_alone = change("this is the mask; x is wanted where it is kept", "0, x)", "0, torch.ones_like(x))")  # fmt: skip
wrong_mirrored = change(
    "one half of the batch keeps what the other half loses: draw for each entry alone",
    "    return",
    "    u[: len(u) // 2] = 1 - u[-(len(u) // 2) :] if len(u) > 1 else u[:0]\n    return",
)
wrong_needs_generator = change(
    "without a generator it fails, and it may be None",
    "    u =",
    "    generator.get_state()\n    u =",
)
wrong_one_line = change(
    "the lines of an image lose the same entries: draw for each entry alone",
    SHAPED,
    "rand((*x.shape[:-2], 1, x.shape[-1])",
)
wrong_one_mask = change("the rows of the batch lose the same entries: draw for each entry alone", SHAPED, "rand(x.shape[1:]")  # fmt: skip
wrong_randn = change("a Gaussian number is compared with p; a uniform one is wanted", "torch.rand(", "torch.randn(")  # fmt: skip
wrong_rescaled = change(
    "what is kept is divided by 1 - p, as in dropout; leave it as it is",
    "0, x)",
    "0, x / max(1 - p, 1e-9))",
)
wrong_shrunk = change(BLACK, "torch.where(u < p, 0, x)", "x * (1 - p)")
wrong_whole_rows = change(
    "an x is lost as a whole, or not at all: draw for each entry alone",
    SHAPED,
    "rand((len(x), *[1] * (x.dim() - 1))",
)


def wrong_exact_share_of_batch(x, p, generator=None):
    """exactly a share p of the batch is lost; the number is a matter of chance: draw for each entry alone"""
    out = x.flatten().clone()
    order = torch.randperm(out.numel(), generator=generator)
    out[order[: round(p * out.numel())]] = 0
    return out.reshape(x.shape)


def wrong_exact_share_of_row(x, p, generator=None):
    """exactly a share p of each row is lost; the number is a matter of chance: draw for each entry alone"""
    flat = x.flatten(1).clone()
    n = round(p * flat.shape[1])
    order = torch.rand(flat.shape, generator=generator).argsort(1)
    return flat.scatter(1, order[:, :n], 0.0).reshape(x.shape)


def wrong_in_place(x, p, generator=None):
    """x is changed in place: it belongs to the caller, so work on a copy"""
    x[torch.rand(x.shape, generator=generator) < p] = 0
    return x


def wrong_salt_and_pepper(x, p, generator=None):
    """no entry is 0: a lost entry becomes 0, not -1 or a smaller number"""
    lost = torch.rand(x.shape, generator=generator) < p
    sign = torch.randint(0, 2, x.shape, generator=generator).to(x.dtype) * 2 - 1
    return torch.where(lost, sign, x)


def wrong_small_entries(x, p, generator=None):
    """the entries nearest to 0 are lost; chance decides, whatever x is"""
    flat = x.flatten()
    n = round(p * flat.numel())
    out = flat.clone()
    out[flat.abs().argsort()[:n]] = 0
    return out.reshape(x.shape)
