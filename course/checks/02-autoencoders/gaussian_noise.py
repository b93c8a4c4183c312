"""2.3 Gaussian corruption."""

import math

import numpy as np
import torch

from course.checks import draw, laws
from course.checks.cases import Call, Doing, Law, Reading, holds
from course.checks.exercise import change
from dgm.autoencoder import gaussian_noise as definition

SHAPE, AXES = (300, 3, 4, 4), ("rows of the batch", "channels", "pixels", "pixels")


def cases(g):
    x, seed = 3 * draw.normal(g, 60, 3, 4, 4), draw.seeded(g).initial_seed()
    vectors = x[:, 0, 0].float()
    yield Call(x, 0.5, generator=draw.seeded(g)).but(values=False, dtype="float")
    yield Call(x[:1], 0.0, draw.seeded(g)).but(dtype="float", words="one row, sigma = 0: nothing changes")  # fmt: skip
    yield Doing(
        "vectors of float32, without a generator",
        lambda answer: {"the noisy x": answer(vectors.clone(), 0.5)},
    ).but(values=False, dtype="float")
    yield Law("", lambda answer: noisy(answer, SHAPE, 0.5, seed, AXES))
    yield Law("", lambda answer: laws.of_the_generator(lambda g: answer(x.clone(), 0.5, generator=g)))  # fmt: skip


def noisy(answer, shape, sigma, seed, axes=(), dtype=draw.DOUBLE):
    """The noise is standard normal times sigma, in every entry anew, whatever x is."""
    x = 3 * draw.normal(laws.seeded(seed), *shape, dtype=dtype)
    got = answer(x.clone(), sigma, generator=laws.seeded(seed + 1))
    noise = (got.double() - x.double()) / sigma
    yield Reading("the standard deviation of the noise, over sigma,", noise.std().item(), 1.0, laws.SIX / math.sqrt(2 * x.numel()))  # fmt: skip
    for by, what in ((x, "x"), (x.abs() - x.abs().mean(), "the size of x")):
        for power in (noise, noise.abs() - noise.abs().mean()):
            alike = (power * by).mean() / (power.std() * by.std()).clamp(min=1e-300)
            name = "noise" if power is noise else "the size of the noise"
            yield Reading(f"the likeness of {name} and {what}, in standard errors,", alike.item() * math.sqrt(x.numel()), 0.0, laws.SIX, "Chance does not look at x")  # fmt: skip
    yield from laws.standard_normal(noise, axes=axes)
    several = (noise * 1e4).round().unique().numel()
    yield holds(several > 3000, "the noise has few different values: draw numbers of N(0, 1)")
    g, one = laws.seeded(seed + 2), x[:1]
    means = torch.stack(
        [(answer(one.clone(), sigma, generator=g) - one).mean() for _ in range(300)]
    )
    ratio = means.double().var().item() / sigma**2 * one.numel()
    yield Reading("the variance of the mean noise of one x, over what it should be,", ratio, 1.0, laws.SIX * math.sqrt(2 / 300), "Each entry is drawn alone")  # fmt: skip
    twice = [answer(x[:2].clone(), sigma) for _ in range(2)]
    yield holds(not torch.equal(*twice), "without a generator too, each call draws anew")


# Right, in ways that differ.


def right_box_muller(x, sigma, generator=None):
    u = 1 - torch.rand(x.shape, generator=generator, dtype=torch.float64)
    v = torch.rand(x.shape, generator=generator, dtype=torch.float64)
    eps = torch.sqrt(-2 * torch.log(u)) * torch.cos(2 * math.pi * v)
    return x + sigma * eps.to(x.dtype)


def right_copy(x, sigma, generator=None):
    eps = torch.randn(x.numel(), generator=generator, dtype=torch.float64).view(x.shape)
    return x.clone().add_(eps.to(x.dtype), alpha=sigma)


def right_loop(x, sigma, generator=None):
    out = torch.zeros_like(x)
    for i in range(x.shape[0]):
        out[i] = x[i] + torch.randn(x[i].shape, generator=generator) * sigma
    return out


def right_normal_in_place_on_new(x, sigma, generator=None):
    noise = torch.empty_like(x).normal_(mean=0.0, std=1.0, generator=generator)
    noise.mul_(sigma)
    return noise.add_(x)


def right_numpy(x, sigma, generator=None):
    seed = int(torch.randint(2**62, (1,), generator=generator))
    noise = np.random.default_rng(seed).normal(scale=sigma, size=tuple(x.shape))
    return x + torch.from_numpy(noise)


def right_randn(x, sigma, generator=None):
    return x + sigma * torch.randn(x.shape, generator=generator, dtype=x.dtype)


def right_torch_normal(x, sigma, generator=None):
    return torch.normal(x, torch.full_like(x, sigma), generator=generator)


# Mistakes, and what a student is told.

DRAWN = "torch.randn(x.shape, generator=generator, dtype=x.dtype, device=x.device)"
SHAPED, RETURN = "randn(x.shape", "x + sigma * eps"
SIGMA = "sigma is the standard deviation: multiply a number of N(0, 1) by sigma itself"

wrong_absolute = change("noise is above 0 only; it has mean 0", RETURN, "x + sigma * eps.abs()")
wrong_clipped = change("the noisy x is clipped; nothing is", RETURN, "(x + sigma * eps).clamp(-1, 1)")  # fmt: skip
wrong_clipped_noise = change("the noise is clipped; nothing is", RETURN, "x + sigma * eps.clamp(-3, 3)")  # fmt: skip
wrong_few_levels = change(
    "the noise has few different values: draw numbers of N(0, 1)",
    RETURN,
    "x + sigma * (8 * eps).round() / 8",
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
    "a second call gives the same noise: draw from the generator itself, and set no seed",
    "generator=generator",
    "generator=torch.Generator().manual_seed(generator.initial_seed() if generator else 0)",
)
wrong_in_place = change("x is changed in place: it belongs to the caller, so work on a copy", RETURN, "x.add_(sigma * eps)")  # fmt: skip
wrong_mirrored = change(
    "one half of the batch has the noise of the other with its sign turned: draw for each entry anew",
    "    return",
    "    eps[: len(eps) // 2] = -eps[len(eps) - len(eps) // 2 :]\n    return",
)
wrong_mixed = change("x is shrunk; noise is added to x as it is", RETURN, "max(0, 1 - sigma**2) ** 0.5 * x + sigma * eps")  # fmt: skip
wrong_multiplied = change("the noise is multiplied by x; it is added, whatever x is", RETURN, "x + x * sigma * eps")  # fmt: skip
wrong_needs_generator = change(
    "without a generator it fails, and it may be None",
    "    eps =",
    "    generator.get_state()\n    eps =",
)
wrong_noise_alone = change("this is the noise alone: add it to x", RETURN, "sigma * eps")
wrong_one_noise_for_batch = change(
    "the rows of the batch have the same noise: draw for each entry anew",
    SHAPED,
    "randn(x.shape[1:]",
)
wrong_one_noise_for_channels = change(
    "the channels have the same noise: draw for each entry anew",
    SHAPED,
    "randn((len(x), 1, *x.shape[2:])",
)
wrong_one_noise_for_line = change(
    "the pixels of a line have the same noise: draw for each entry anew",
    SHAPED,
    "randn((*x.shape[:-1], 1)",
)
wrong_one_noise_for_row = change(
    "the entries of an x have the same noise: draw for each entry anew",
    SHAPED,
    "randn((len(x), *[1] * (x.dim() - 1))",
)
wrong_root = change(SIGMA, RETURN, "x + sigma**0.5 * eps")
wrong_seed_inside = change(
    "a seed is set inside: draw from the generator that is given",
    DRAWN,
    "torch.randn(x.shape, generator=torch.manual_seed(0), dtype=x.dtype)",
)
wrong_sigma_unused = change(SIGMA, RETURN, "x + eps")
wrong_square_images = change("the noise is made for 8 by 8 images; it has the shape of x", SHAPED, "randn((len(x), 1, 8, 8)")  # fmt: skip
wrong_standardised = change(
    "the noise is brought to mean 0; it stays as it is drawn",
    RETURN,
    "x + sigma * (eps - eps.mean()) / eps.std().clamp(min=1e-9)",
)
wrong_standardised_rows = change(
    "the noise is brought to mean 0; it stays as it is drawn",
    "return " + RETURN,
    "flat = eps.flatten(1)\n    return x + sigma * (flat - flat.mean(1, keepdim=True)).view(x.shape)",
)
wrong_uniform = change("uniform numbers between 0 and 1; those of N(0, 1) are wanted", SHAPED, "rand(x.shape")  # fmt: skip
wrong_uniform_standardised = change(
    "uniform noise; numbers of N(0, 1) are wanted",
    DRAWN,
    DRAWN.replace("randn", "rand") + " * 12**0.5 - 3**0.5",
)
wrong_variance = change(SIGMA, RETURN, "x + sigma**2 * eps")
