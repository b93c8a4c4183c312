"""TITLE."""

import math

import numpy as np
import torch
from torch.distributions import Normal

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.naive_bayes import sample_joint as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_all_classes_then_pick(n, prior, mean, var, generator=None):
    d = mean.shape[1]
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    every = torch.randn(n, len(prior), d, generator=generator) * var.sqrt() + mean
    X = every.gather(1, y.view(n, 1, 1).expand(n, 1, d)).squeeze(1)
    return X, y


def right_counts_then_shuffle(n, prior, mean, var, generator=None):
    # how many of each class is itself drawn, and the order is shuffled at the end
    drawn = torch.multinomial(prior, n, replacement=True, generator=generator)
    counts = torch.bincount(drawn, minlength=len(prior))
    blocks, labels = [], []
    for k, c in enumerate(counts.tolist()):
        eps = torch.randn(c, mean.shape[1], generator=generator, dtype=mean.dtype)
        blocks.append(mean[k] + var[k].sqrt() * eps)
        labels.append(torch.full((c,), k))
    order = torch.randperm(n, generator=generator)
    return torch.cat(blocks)[order], torch.cat(labels)[order]


def right_fill_by_class(n, prior, mean, var, generator=None):
    K, d = mean.shape
    labels = torch.multinomial(prior, n, replacement=True, generator=generator)
    samples = torch.empty(n, d)
    for k in range(K):
        where = labels == k
        count = int(where.sum())
        eps = torch.randn(count, d, generator=generator)
        samples[where] = (mean[k] + var[k].sqrt() * eps).float()
    return samples, labels


def right_gumbel_max(n, prior, mean, var, generator=None):
    u = torch.rand(n, len(prior), generator=generator, dtype=torch.float64)
    y = (prior.log() - torch.log(-torch.log(u))).argmax(dim=1)
    z = torch.empty_like(mean[y]).normal_(generator=generator)
    return z * var[y] ** 0.5 + mean[y], y


def right_inverse_cdf(n, prior, mean, var, generator=None):
    u = torch.rand(n, generator=generator).to(prior.dtype)
    y = torch.searchsorted(torch.cumsum(prior, 0), u).clamp(max=len(prior) - 1)
    x = torch.normal(mean[y], var[y].sqrt(), generator=generator)
    return x, y


def right_multinomial(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    noise = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + torch.sqrt(var[y]) * noise, y


def right_noise_first(n, prior, mean, var, generator=None):
    eps = torch.randn(n, mean.size(-1), generator=generator)
    y = torch.multinomial(prior.expand(n, -1), 1, generator=generator).squeeze(1)
    return [torch.addcmul(mean[y], eps, var.sqrt()[y]), y]


def right_numpy(n, prior, mean, var, generator=None):
    seed = int(torch.randint(2**62, (1,), generator=generator))
    rng = np.random.default_rng(seed)
    p = prior.double().numpy()
    y = rng.choice(len(p), size=n, p=p / p.sum())
    x = rng.normal(mean.numpy()[y], np.sqrt(var.numpy())[y])
    return torch.from_numpy(x), torch.from_numpy(y)


def right_one_by_one(n, prior, mean, var, generator=None):
    sd = var.sqrt()
    edges = prior.cumsum(0).tolist()
    u = torch.rand(n, generator=generator).tolist()
    y = []
    for i in range(n):
        k = 0
        while k < len(edges) - 1 and u[i] > edges[k]:
            k += 1
        y.append(k)
    y = torch.tensor(y)
    cols = []
    for j in range(mean.shape[1]):
        cols.append(mean[y, j] + sd[y, j] * torch.randn(n, generator=generator))
    return torch.stack(cols, dim=1), y


# Mistakes, and what a student is told.


def wrong_cdf_off_by_one(n, prior, mean, var, generator=None):
    """searchsorted over a cumulative sum that starts at 0: each class is one too high"""
    edges = torch.cat([torch.zeros(1, dtype=prior.dtype), prior.cumsum(0)])
    u = torch.rand(n, generator=generator, dtype=prior.dtype)
    y = torch.searchsorted(edges, u)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_changes_mean(n, prior, mean, var, generator=None):
    """your function changed mean or var, which are the caller's: work on a copy"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    x = torch.zeros(n, mean.shape[1], dtype=mean.dtype)
    for i in range(n):
        row = mean[y[i]]
        row += var[y[i]].sqrt() * torch.randn(row.shape, generator=generator, dtype=mean.dtype)
        x[i] = row
    return x, y


def wrong_changes_var(n, prior, mean, var, generator=None):
    """your function changed mean or var, which are the caller's: work on a copy"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var.sqrt_()[y] * eps, y


def wrong_class_zero_variance(n, prior, mean, var, generator=None):
    """class 1 should have variance [4.0, 0.04, 2.0], has [0.25025715850503855,
    9.149503088469622, 0.9975611167395098]"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[0].sqrt() * eps, y


def wrong_classes_in_turn(n, prior, mean, var, generator=None):
    """class 0 should come up with probability 0.15, came up 0.500"""
    y = torch.arange(n) % len(prior)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_classes_without_generator(n, prior, mean, var, generator=None):
    """the same generator state gave other samples: pass generator=generator to all that draws"""
    y = torch.multinomial(prior, n, replacement=True)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_distributions(n, prior, mean, var, generator=None):
    """the same generator state gave other samples: pass generator=generator to all that draws"""
    y = torch.distributions.Categorical(prior).sample((n,))
    return Normal(mean[y], var[y].sqrt()).sample(), y


def wrong_fixed_counts_shuffled(n, prior, mean, var, generator=None):
    """round(n * prior) samples of each class, shuffled"""
    counts = (n * prior).round().long()
    counts[-1] = n - counts[:-1].sum()
    y = torch.repeat_interleave(torch.arange(len(prior)), counts)
    y = y[torch.randperm(n, generator=generator)]
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_fixed_counts_sorted(n, prior, mean, var, generator=None):
    """the classes come in an order: draw one for each sample anew"""
    counts = (n * prior).round().long()
    counts[-1] = n - counts[:-1].sum()
    y = torch.repeat_interleave(torch.arange(len(prior)), counts)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_float_labels(n, prior, mean, var, generator=None):
    """labels are whole numbers: y is int64"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y.to(mean.dtype)


def wrong_generator_copied(n, prior, mean, var, generator=None):
    """a second call gave the same samples: set no seed inside, and draw from the generator
    itself"""
    seed = 0 if generator is None else generator.initial_seed()
    g = torch.Generator().manual_seed(seed)
    y = torch.multinomial(prior, n, replacement=True, generator=g)
    eps = torch.randn(n, mean.shape[1], generator=g, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_generator_reset(n, prior, mean, var, generator=None):
    """a second call gave the same samples: set no seed inside, and draw from the generator
    itself"""
    generator = generator or torch.Generator()
    generator.manual_seed(0)
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_half_normal(n, prior, mean, var, generator=None):
    """class 0 should have mean [-4.0, 0.0, 1.0], has [-3.609663601890886, 2.3675420008105883,
    1.795389906814567]"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps.abs(), y


def wrong_likeliest_class(n, prior, mean, var, generator=None):
    """class 0 should come up with probability 0.15, came up 0.000"""
    y = torch.full((n,), int(prior.argmax()))
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_mixture_mean(n, prior, mean, var, generator=None):
    """class 0 should have mean [-4.0, 0.0, 1.0], has [2.8125047818815543, 1.6997696660686021,
    1.0439298504393213], the mean of all classes: pick mean[y] with the y that you return"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return prior @ mean + (prior @ var).sqrt() * eps, y


def wrong_needs_generator(n, prior, mean, var, generator=None):
    """a call without a generator fails: None is not looked at"""
    u = torch.empty(n, dtype=prior.dtype).uniform_(generator=generator)
    y = torch.searchsorted(prior.cumsum(0), u).clamp(max=len(prior) - 1)
    own = torch.Generator().manual_seed(generator.initial_seed() + int(u[0] * 2**40))
    return mean[y] + var[y].sqrt() * torch.randn(mean[y].shape, generator=own), y


def wrong_no_generator(n, prior, mean, var, generator=None):
    """the same generator state gave other samples: pass generator=generator to all that draws"""
    y = torch.multinomial(prior, n, replacement=True)
    return torch.normal(mean[y], var[y].sqrt()), y


def wrong_no_noise(n, prior, mean, var, generator=None):
    """a feature is the same in all samples of class 0: draw noise for each sample"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    return mean[y], y


def wrong_no_replacement(n, prior, mean, var, generator=None):
    """multinomial without replacement, which gives out after K classes"""
    y = torch.multinomial(prior, n, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_no_return(n, prior, mean, var, generator=None):
    """forgot to return"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    x = mean[y] + var[y].sqrt() * eps


def wrong_no_scale(n, prior, mean, var, generator=None):
    """class 0 should have variance [0.25, 9.0, 1.0], has [0.9632189407559173,
    0.9844449492532683, 1.0060356273994322]"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    return mean[y] + torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype), y


def wrong_noise_per_class(n, prior, mean, var, generator=None):
    """a feature is the same in all samples of class 0: draw noise for each sample"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    x = mean + var.sqrt() * torch.randn(mean.shape, generator=generator, dtype=mean.dtype)
    return x[y], y


def wrong_noise_per_feature(n, prior, mean, var, generator=None):
    """a feature is the same in all samples of class 0: draw noise for each sample"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_noise_per_sample(n, prior, mean, var, generator=None):
    """the features of a class are correlated: draw noise for each feature too"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, 1, generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_noise_without_generator(n, prior, mean, var, generator=None):
    """the same generator state gave other samples: pass generator=generator to all that draws"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    return mean[y] + var[y].sqrt() * torch.randn_like(mean[y]), y


def wrong_normal_variance(n, prior, mean, var, generator=None):
    """class 0 should have variance [0.25, 9.0, 1.0], has [0.0602011837972448, 79.74004088951475,
    1.0060356273994322]: did you scale the noise by the variance?"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    return torch.normal(mean[y], var[y], generator=generator), y


def wrong_one_class(n, prior, mean, var, generator=None):
    """class 0 should come up with probability 0.15, came up 0.000"""
    y = torch.multinomial(prior, 1, generator=generator).expand(n)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_only_x(n, prior, mean, var, generator=None):
    """the labels are not returned"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps


def wrong_order(n, prior, mean, var, generator=None):
    """labels first: (y, X) and not (X, y)"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return y, mean[y] + var[y].sqrt() * eps


def wrong_same_stream(n, prior, mean, var, generator=None):
    """class 0 should have mean [-4.0, 0.0, 1.0], has [-4.7753490768711515,
    -0.031356243832713404, 0.9971895182103261]"""
    seed = int(torch.randint(2**31, (1,), generator=generator))
    one, two = (torch.Generator().manual_seed(seed) for _ in range(2))
    u = torch.rand(n, generator=one, dtype=torch.float64)
    y = torch.searchsorted(prior.double().cumsum(0), u).clamp(max=len(prior) - 1)
    v = torch.rand(n, mean.shape[1], generator=two, dtype=torch.float64)
    v[:, 0] = u
    return mean[y] + var[y].sqrt() * torch.special.ndtri(v.clamp(1e-12, 1 - 1e-12)), y


def wrong_seed_inside(n, prior, mean, var, generator=None):
    """a second call gave the same samples: set no seed inside, and draw from the generator
    itself"""
    torch.manual_seed(0)
    y = torch.multinomial(prior, n, replacement=True)
    return mean[y] + var[y].sqrt() * torch.randn_like(mean[y]), y


def wrong_shared_variance(n, prior, mean, var, generator=None):
    """class 0 should have variance [0.25, 9.0, 1.0], has [3.311065108848467, 1.362471809766522,
    1.861165910688947]"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + (prior @ var).sqrt() * eps, y


def wrong_softmax_prior(n, prior, mean, var, generator=None):
    """class 0 should come up with probability 0.15, came up 0.329"""
    y = torch.multinomial(prior.softmax(0), n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_sorted(n, prior, mean, var, generator=None):
    """the classes come in an order: draw one for each sample anew"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    y, _ = torch.sort(y)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_two_classes(n, prior, mean, var, generator=None):
    """a coin for two classes, whatever K"""
    y = (torch.rand(n, generator=generator, dtype=prior.dtype) < prior[1]).long()
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_two_draws_of_y(n, prior, mean, var, generator=None):
    """class 0 should have mean [-4.0, 0.0, 1.0], has [2.7648406627751037, 1.7168674323702104,
    0.9846454484067573], the mean of all classes: pick mean[y] with the y that you return"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    x = mean[y] + var[y].sqrt() * eps
    return x, torch.multinomial(prior, n, replacement=True, generator=generator)


def wrong_uniform_classes(n, prior, mean, var, generator=None):
    """class 0 should come up with probability 0.15, came up 0.497"""
    y = torch.randint(len(prior), (n,), generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_uniform_noise(n, prior, mean, var, generator=None):
    """class 0 should have mean [-4.0, 0.0, 1.0], has [-3.750373360263162, 1.4855999445729553,
    1.5017734433681853]"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.rand(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_uniform_noise_standardised(n, prior, mean, var, generator=None):
    """uniform noise, with mean 0 and variance 1"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.rand(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * (eps - 0.5) * math.sqrt(12), y


def wrong_variance_scale(n, prior, mean, var, generator=None):
    """class 0 should have variance [0.25, 9.0, 1.0], has [0.0602011837972448, 79.74004088951475,
    1.0060356273994322]: did you scale the noise by the variance?"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y] * eps, y


def wrong_y_drawn_for_each(n, prior, mean, var, generator=None):
    """the means and the deviations are picked by different draws of the class"""

    def draw():
        return torch.multinomial(prior, n, replacement=True, generator=generator)

    y = draw()
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[draw()].sqrt() * eps, y
