"""Gaussian noise on every entry."""

import math

import numpy as np
import torch

from course.checks import draw, laws
from course.checks.cases import Call, Doing, Law
from dgm.autoencoder import gaussian_noise as definition


def cases(g):
    x = 3 * draw.normal(g, 60, 3, 4, 4)
    yield Call(x, 0.5, generator=draw.seeded(g)).but(values=False)
    yield Call(x.float(), 0.5).but(
        values=False, dtype="float", words="without a generator, float32"
    )

    def measure(answer, sigma=0.5):
        x = 3 * draw.normal(laws.seeded(3), 300, 3, 4, 4)
        noise = (answer(x.clone(), sigma, generator=laws.seeded(4)) - x) / sigma
        yield from laws.standard_normal(
            noise, axes=("rows of the batch", "channels", "pixels", "pixels")
        )
        yield from laws.of_the_generator(lambda g: answer(x.clone(), sigma, generator=g))

    yield Law("", measure)


# Right, in ways that differ.


def right_box_muller(x, sigma, generator=None):
    u = 1 - torch.rand(x.shape, generator=generator, dtype=torch.float64)
    v = torch.rand(x.shape, generator=generator, dtype=torch.float64)
    eps = torch.sqrt(-2 * torch.log(u)) * torch.cos(2 * math.pi * v)
    return x + sigma * eps.to(x.dtype)


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


def wrong_absolute(x, sigma, generator=None):
    """the noise should have mean 0, has 0.4001: torch.rand in place of torch.randn? Is something
    clipped?"""
    return x + sigma * torch.randn(x.shape, generator=generator, dtype=x.dtype).abs()


def wrong_clipped(x, sigma, generator=None):
    """the noise should have mean 0, has 0.0402: torch.rand in place of torch.randn? Is something
    clipped?"""
    eps = torch.randn(x.shape, generator=generator, dtype=x.dtype)
    return (x + sigma * eps).clamp(-1, 1)


def wrong_generator_ignored(x, sigma, generator=None):
    """the same generator state gave other noise: pass generator=generator to what draws"""
    return x + sigma * torch.randn_like(x)


def wrong_generator_reset(x, sigma, generator=None):
    """a second call gave the same noise: set no seed inside, and draw from the generator itself"""
    g = torch.Generator().manual_seed(generator.initial_seed() if generator else 0)
    return x + sigma * torch.randn(x.shape, generator=g, dtype=x.dtype)


def wrong_in_place(x, sigma, generator=None):
    """gaussian_noise has changed the x it was given: no `+=`, no method whose name ends in _"""
    x += sigma * torch.randn(x.shape, generator=generator, dtype=x.dtype)
    return x


def wrong_mixed(x, sigma, generator=None):
    """the noise should have standard deviation 0.5, has 0.6447: is nothing clipped, is the noise
    added and not multiplied?"""
    eps = torch.randn(x.shape, generator=generator, dtype=x.dtype)
    return math.sqrt(max(0.0, 1 - sigma**2)) * x + sigma * eps


def wrong_multiplied(x, sigma, generator=None):
    """the noise should have standard deviation 0.5, has 1.5262: is nothing clipped, is the noise
    added and not multiplied?"""
    return x * (1 + sigma * torch.randn(x.shape, generator=generator, dtype=x.dtype))


def wrong_needs_generator(x, sigma, generator=None):
    """fails without a generator"""
    g = torch.Generator(device=generator.device)
    g.set_state(generator.get_state())
    eps = torch.randn(x.shape, generator=generator, dtype=x.dtype)
    return x + sigma * eps


def wrong_noise_alone(x, sigma, generator=None):
    """this is the noise alone: add it to x"""
    return sigma * torch.randn(x.shape, generator=generator, dtype=x.dtype)


def wrong_one_noise_for_batch(x, sigma, generator=None):
    """rows of the batch share their noise: draw a number for each entry, in the shape of x"""
    return x + sigma * torch.randn(x.shape[1:], generator=generator, dtype=x.dtype)


def wrong_one_noise_for_channels(x, sigma, generator=None):
    """channels share their noise: draw a number for each entry, in the shape of x"""
    shape = (x.shape[0], 1, *x.shape[2:]) if x.dim() > 2 else x.shape
    return x + sigma * torch.randn(shape, generator=generator, dtype=x.dtype)


def wrong_one_noise_for_row(x, sigma, generator=None):
    """pixels share their noise: draw a number for each entry, in the shape of x"""
    eps = torch.randn(len(x), *[1] * (x.dim() - 1), generator=generator, dtype=x.dtype)
    return x + sigma * eps


def wrong_root(x, sigma, generator=None):
    """the noise should have standard deviation 0.5, has 0.7092: the root of sigma? sigma is the
    standard deviation"""
    return x + math.sqrt(sigma) * torch.randn(x.shape, generator=generator, dtype=x.dtype)


def wrong_seed_inside(x, sigma, generator=None):
    """a second call gave the same noise: set no seed inside, and draw from the generator itself"""
    torch.manual_seed(0)
    return x + sigma * torch.randn_like(x)


def wrong_square_images(x, sigma, generator=None):
    """shapes the noise for 8 by 8 images"""
    return x + sigma * torch.randn(len(x), 1, 8, 8, generator=generator, dtype=x.dtype)


def wrong_uniform(x, sigma, generator=None):
    """the noise should have mean 0, has 0.2499: torch.rand in place of torch.randn? Is something
    clipped?"""
    return x + sigma * torch.rand(x.shape, generator=generator, dtype=x.dtype)


def wrong_uniform_standardised(x, sigma, generator=None):
    """uniform noise, with mean 0 and variance sigma squared"""
    u = torch.rand(x.shape, generator=generator, dtype=x.dtype)
    return x + sigma * math.sqrt(12) * (u - 0.5)


def wrong_variance(x, sigma, generator=None):
    """the noise should have standard deviation 0.5, has 0.2507: sigma squared in place of sigma?
    sigma is the standard deviation"""
    return x + sigma**2 * torch.randn(x.shape, generator=generator, dtype=x.dtype)
