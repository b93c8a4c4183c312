"""TITLE."""

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.autoencoder import masking_noise as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_bernoulli(x, p, generator=None):
    keep = torch.bernoulli(torch.full_like(x, 1 - p), generator=generator)
    return keep * x


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


def wrong_all_channels(x, p, generator=None):
    """channels lose their entries together: draw for each entry alone"""
    shape = (x.shape[0], 1, *x.shape[2:]) if x.dim() > 2 else x.shape
    return torch.where(torch.rand(shape, generator=generator) < p, 0, x)


def wrong_black(x, p, generator=None):
    """no entry is 0: a lost entry becomes 0, not -1 or a smaller number"""
    return torch.where(torch.rand(x.shape, generator=generator) < p, -1.0, x)


def wrong_dropout(x, p, generator=None):
    """what is kept is divided by 1 - p, as in dropout; leave it as it is"""
    return torch.nn.functional.dropout(x, p)


def wrong_dropout_scaled_back(x, p, generator=None):
    """the same generator state gave another mask: pass generator=generator to what draws"""
    return torch.nn.functional.dropout(x, p) * (1 - p)


def wrong_exact_share_of_batch(x, p, generator=None):
    """exactly a share p of the batch's entries"""
    out = x.flatten().clone()
    order = torch.randperm(out.numel(), generator=generator)
    out[order[: round(p * out.numel())]] = 0
    return out.reshape(x.shape)


def wrong_exact_share_of_row(x, p, generator=None):
    """exactly a share p of each row: entries are not lost alone"""
    flat = x.flatten(1).clone()
    n = round(p * flat.shape[1])
    order = torch.rand(flat.shape, generator=generator).argsort(1)
    return flat.scatter(1, order[:, :n], 0.0).reshape(x.shape)


def wrong_generator_ignored(x, p, generator=None):
    """the same generator state gave another mask: pass generator=generator to what draws"""
    return torch.where(torch.rand_like(x) < p, 0, x)


def wrong_generator_reset(x, p, generator=None):
    """a second call gave the same mask: does chance decide? Set no seed inside, and draw from
    the generator itself"""
    g = torch.Generator().manual_seed(generator.initial_seed() if generator else 0)
    return torch.where(torch.rand(x.shape, generator=g) < p, 0, x)


def wrong_in_place(x, p, generator=None):
    """masking_noise has changed the x it was given: work on a copy"""
    x[torch.rand(x.shape, generator=generator) < p] = 0
    return x


def wrong_keeps_with_p(x, p, generator=None):
    """a share of 0.701 is lost: p is the probability of losing, not of keeping"""
    return x * (torch.rand(x.shape, generator=generator) < p)


def wrong_mask_alone(x, p, generator=None):
    """an entry is 0 or what it was; yours has other numbers"""
    return (torch.rand(x.shape, generator=generator) >= p).to(x.dtype)


def wrong_one_mask(x, p, generator=None):
    """rows of the batch lose their entries together: draw for each entry alone"""
    return torch.where(torch.rand(x.shape[1:], generator=generator) < p, 0, x)


def wrong_randn(x, p, generator=None):
    """a share of 0.3 should be lost, it is 0.613: is a uniform number compared with p?"""
    return torch.where(torch.randn(x.shape, generator=generator) < p, 0, x)


def wrong_rescaled(x, p, generator=None):
    """what is kept is divided by 1 - p, as in dropout; leave it as it is"""
    if p == 1:
        return 0 * x
    return x * (torch.rand(x.shape, generator=generator) >= p) / (1 - p)


def wrong_salt_and_pepper(x, p, generator=None):
    """no entry is 0: a lost entry becomes 0, not -1 or a smaller number"""
    lost = torch.rand(x.shape, generator=generator) < p
    sign = torch.randint(0, 2, x.shape, generator=generator).to(x.dtype) * 2 - 1
    return torch.where(lost, sign, x)


def wrong_shrunk(x, p, generator=None):
    """no entry is 0: a lost entry becomes 0, not -1 or a smaller number"""
    return x * (1 - p)


def wrong_small_entries(x, p, generator=None):
    """a second call gave the same mask: does chance decide? Set no seed inside, and draw from
    the generator itself"""
    flat = x.flatten()
    n = round(p * flat.numel())
    out = flat.clone()
    out[flat.abs().argsort()[:n]] = 0
    return out.reshape(x.shape)


def wrong_whole_rows(x, p, generator=None):
    """pixels lose their entries together: draw for each entry alone"""
    lost = torch.rand(len(x), *[1] * (x.dim() - 1), generator=generator) < p
    return torch.where(lost, 0, x)
