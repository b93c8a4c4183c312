"""1.10 Draw from the joint."""

import math

import numpy as np
import torch
from torch.distributions import Normal

from course.checks import draw, laws
from course.checks.cases import Doing, Law, Reading, holds
from course.checks.exercise import change
from dgm.naive_bayes import sample_joint as definition


def shapes(n, K, d, generator=True):
    """What may be said of each draw: shapes, the labels' dtype, and that no argument is changed."""

    def play(answer):
        g = laws.seeded(5)
        given = draw.uniform(g, K, low=0.5) / K, draw.normal(g, K, d), draw.uniform(g, K, d)
        mine = [a.clone() for a in given]
        X, y = two(answer(n, *mine, **({"generator": g} if generator else {})))
        return {"X, by its shape": tuple(X.shape), "y, by its shape": tuple(y.shape), "y's dtype": str(y.dtype)[6:],
            **dict(zip(["prior after it", "mean after it", "var after it"], mine))}  # fmt: skip

    return Doing(f"n = {n}, {K} classes, {d} features" + ", without a generator" * (not generator), play)  # fmt: skip


def two(got):
    if not isinstance(got, (tuple, list)) or len(got) != 2:
        raise TypeError(f"X and y are wanted, got {type(got).__name__}: is a `return` missing?")
    return got


def far(values, wanted):
    """The one that is farthest from what is wanted."""
    values = values.nan_to_num(wanted + 9.0)
    return values[(values - wanted).abs().argmax()].item()


def law(n, prior, d, seed, each=True):
    prior = torch.tensor(prior, dtype=torch.float64)
    K = len(prior)

    def measure(answer):
        g = laws.seeded(seed)
        mean, var = 3 * draw.normal(g, K, d), draw.uniform(g, K, d, low=0.1, high=4.0)
        arguments = prior, mean, var
        X, y = answer(n, *(a.clone() for a in arguments), generator=g)
        for k in range(K):
            yield laws.share(y == k, prior[k].item(), f"the share of class {k}")
        for k in range(K):
            hits = (y == k).double() - (y == k).double().mean()
            alike = ((hits[1:] * hits[:-1]).mean() / hits.var().clamp(min=1e-9)).item()
            yield Reading("the likeness of neighbours in y, in standard errors,", alike * math.sqrt(n - 1), 0.0, laws.SIX, "The classes come in random order")  # fmt: skip
        noise = (X.double() - mean[y]) / var[y].sqrt()
        for k in range(K):
            mine = noise[y == k]
            means, spreads = mine.mean(0), mine.var(0) if len(mine) > 1 else torch.ones(1)
            slack = laws.SIX / math.sqrt(max(len(mine), 1))
            what = f"of class {k}'s noise, (X - mean) / sd,"
            yield Reading(f"the mean {what}", far(means, 0), 0.0, slack)
            yield Reading(f"the variance {what}", far(spreads, 1), 1.0, 1.2 * math.sqrt(2) * slack)
        yield from laws.standard_normal(noise, axes=("samples", "features"))
        for what, one, other in (
            ("the first and the last feature's noise", noise[:, 0], noise[:, -1]),
            ("the noise of one half and the other", noise[: n // 2], noise[n - n // 2 :]),
        ):
            if d > 1 or one.dim() > 1:
                alike = (one * other).mean().item() * math.sqrt(one.numel())
                yield Reading(f"the likeness of {what}, in standard errors,", alike, 0.0, laws.SIX)
        if each:
            draws = [(answer(10, *arguments, generator=g)[1] == 0).sum() for _ in range(200)]
            wanted = (10 * prior[0] * (1 - prior[0])).item()
            yield Reading("the variance of the number of samples of class 0 among 10", torch.stack(draws).double().var().item(), wanted, 0.75 * wanted)  # fmt: skip
            one, other = (answer(50, *arguments)[0] for _ in range(2))
            yield holds(
                not torch.equal(one, other), "without a generator too, each call draws anew"
            )
            yield from laws.of_the_generator(lambda g: answer(200, *arguments, generator=g), "samples")  # fmt: skip

    return Law(f"{n} samples of {K} classes", measure)


def one_still(answer):
    """Two classes alike but in this: the first has no variance."""
    X, y = answer(400, *map(torch.tensor, ([0.5, 0.5], [[3.0], [5.0]], [[0.0], [1.0]])))
    still = (X[y == 0] == 3).double().mean().item()
    yield Reading("the share of class 0's samples at its mean, where its variance is 0,", still, 1.0, 0.01)  # fmt: skip


def cases(g):
    yield shapes(7, 3, 2)
    yield shapes(1, 2, 3)
    yield shapes(6, 4, 1, generator=False)

    def play(answer):
        X, y = answer(2, torch.tensor([0.0, 1.0]), torch.tensor([[3.0], [5.0]]), torch.zeros(2, 1))
        return {"y": y, "X": X}

    yield law(8000, [0.15, 0.53, 0.32], 3, seed=int(torch.randint(2**31, (1,), generator=g)))
    yield Doing("a class of probability 0, and variances of 0", play).but(dtype="float")
    yield Law("400 samples of 2 classes, one of variance 0", one_still)


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


wrong_int32_labels = change(
    "y is int64, not int32",
    "return mean[y] + var[y].sqrt() * eps, y",
    "return mean[y] + var[y].sqrt() * eps, y.int()",
)
wrong_squeezed = change(
    "an axis of one entry is lost: X is (n, d) and y is (n,), for one sample too",
    "return mean[y] + var[y].sqrt() * eps, y",
    "return (mean[y] + var[y].sqrt() * eps).squeeze(), y.squeeze()",
)
wrong_noise_clamped = change(
    "the noise is cut at 3 standard deviations: leave the tails", "* eps", "* eps.clamp(-3, 3)"
)
wrong_prior_rounded = change(
    "the prior is rounded to tenths", "multinomial(prior,", "multinomial((10 * prior).round(),"
)
wrong_stratified = change(
    "how many samples a class has is a matter of chance too: draw the class of each on its own",
    "torch.multinomial(prior, n, replacement=True, generator=generator)",
    "torch.searchsorted(prior.cumsum(0), (torch.arange(n) + torch.rand(n, generator=generator)) / n).clamp(max=len(prior) - 1)[torch.randperm(n, generator=generator)]",
)
wrong_pairs_of_opposite_noise = change(
    "samples come in pairs whose noise is opposite: draw anew for each",
    "* eps",
    "* torch.stack([eps, -eps], 1).flatten(0, 1)[:n]",
)
wrong_first_noise_again_for_the_last = change(
    "features share their noise: draw a number for each sample and each feature",
    "return mean[y]",
    "eps[:, -1] = eps[:, 0]\n    return mean[y]",
)
wrong_second_half_mirrored = change(
    "the second half has the noise of the first, turned round: draw anew for each",
    "* eps",
    "* torch.cat([eps[: (n + 1) // 2], -eps[: n // 2]])",
)
wrong_variance_floor = change(
    "a variance of 0 is allowed: add nothing to it", "var[y].sqrt()", "(var[y] + 1e-3).sqrt()"
)
wrong_changes_var = change("var is changed in place", "var[y].sqrt()", "var.sqrt_()[y]")
wrong_class_zero_variance = change(
    "each class has variances of its own; here those of class 0 serve for all",
    "var[y].sqrt()",
    "var[0].sqrt()",
)
wrong_classes_in_turn = change(
    "the classes come in turn: draw one for each sample, from the prior",
    "torch.multinomial(prior, n, replacement=True, generator=generator)",
    "torch.arange(n) % len(prior)",
)
wrong_classes_without_generator = change(
    "the same generator state gave other samples: pass generator=generator to all that draws",
    "torch.multinomial(prior, n, replacement=True, generator=generator)",
    "torch.multinomial(prior, n, replacement=True)",
)
wrong_fixed_counts_shuffled = change(
    "how many samples a class has is a matter of chance too: draw the class of each on its own",
    "eps =",
    "counts = (n * prior).round().long()\n    counts[-1] = n - counts[:-1].sum()\n    y = torch.repeat_interleave(torch.arange(len(prior)), counts)[torch.randperm(n, generator=generator)]\n    eps =",
)
wrong_fixed_counts_sorted = change(
    "the classes come in an order, and always as many of each: draw one for each sample anew",
    "eps =",
    "counts = (n * prior).round().long()\n    counts[-1] = n - counts[:-1].sum()\n    y = torch.repeat_interleave(torch.arange(len(prior)), counts)\n    eps =",
)
wrong_float_labels = change(
    "labels are whole numbers: y is int64",
    "return mean[y] + var[y].sqrt() * eps, y",
    "return mean[y] + var[y].sqrt() * eps, y.to(mean.dtype)",
)
wrong_generator_copied = change(
    "a second call gave the same samples: set no seed inside, and draw from the generator itself",
    "y = torch",
    "generator = torch.Generator().manual_seed(generator.initial_seed() if generator else 0)\n    y = torch",
)
wrong_generator_reset = change(
    "a second call gave the same samples: set no seed inside, and draw from the generator itself",
    "y = torch",
    "generator = (generator or torch.Generator()).manual_seed(0)\n    y = torch",
)
wrong_half_normal = change("the noise has lost its sign", "* eps", "* eps.abs()")
wrong_likeliest_class = change(
    "this is always the likeliest class: draw one for each sample, from the prior",
    "torch.multinomial(prior, n, replacement=True, generator=generator)",
    "torch.full((n,), int(prior.argmax()))",
)
wrong_mixture_mean = change(
    "these are mean and variance over all classes: take those of the class that was drawn",
    "return mean[y] + var[y].sqrt() * eps, y",
    "return prior @ mean + (prior @ var).sqrt() * eps, y",
)
wrong_no_noise = change(
    "there is no noise: these are the means alone",
    "return mean[y] + var[y].sqrt() * eps, y",
    "return mean[y], y",
)
wrong_no_replacement = change(
    "multinomial without replacement gives each class once", "replacement=True, ", ""
)
wrong_no_return = change(
    "forgot to return",
    "return mean[y] + var[y].sqrt() * eps, y",
    "(mean[y] + var[y].sqrt() * eps, y)",
)
wrong_no_scale = change(
    "the noise has variance 1: multiply it by the standard deviation", "var[y].sqrt() * ", ""
)
wrong_noise_per_class = change(
    "samples share their noise: draw a number for each sample and each feature",
    "(n, mean.shape[1])",
    "mean.shape",
    "return mean[y] + var[y].sqrt() * eps, y",
    "return (mean + var.sqrt() * eps)[y], y",
)
wrong_noise_per_feature = change(
    "samples share their noise: draw a number for each sample and each feature",
    "(n, mean.shape[1])",
    "mean.shape[1]",
)
wrong_noise_per_sample = change(
    "features share their noise: draw a number for each sample and each feature",
    "(n, mean.shape[1])",
    "(n, 1)",
)
wrong_noise_without_generator = change(
    "the same generator state gave other samples: pass generator=generator to all that draws",
    "torch.randn((n, mean.shape[1]), generator=generator, ",
    "torch.randn((n, mean.shape[1]), ",
)
wrong_normal_variance = change(
    "the noise is multiplied by the variance: by its root",
    "return mean[y] + var[y].sqrt() * eps, y",
    "return torch.normal(mean[y], var[y], generator=generator), y",
)
wrong_one_class = change(
    "one class serves for all samples: draw one for each",
    "torch.multinomial(prior, n, replacement=True, generator=generator)",
    "torch.multinomial(prior, 1, generator=generator).expand(n)",
)
wrong_only_x = change(
    "the labels are missing: X and y are wanted",
    "return mean[y] + var[y].sqrt() * eps, y",
    "return mean[y] + var[y].sqrt() * eps",
)
wrong_order = change(
    "X first, then y",
    "return mean[y] + var[y].sqrt() * eps, y",
    "return y, mean[y] + var[y].sqrt() * eps",
)
wrong_shared_variance = change(
    "each class has variances of its own; here their mean serves for all",
    "var[y].sqrt()",
    "(prior @ var).sqrt()",
)
wrong_softmax_prior = change(
    "the prior is made of probabilities already: no softmax",
    "multinomial(prior,",
    "multinomial(prior.softmax(0),",
)
wrong_sorted = change(
    "the classes come in an order: draw one for each sample anew",
    "torch.multinomial(prior, n, replacement=True, generator=generator)",
    "torch.multinomial(prior, n, replacement=True, generator=generator).sort().values",
)
wrong_two_classes = change(
    "written out for two classes: there are K",
    "torch.multinomial(prior, n, replacement=True, generator=generator)",
    "(torch.rand(n, generator=generator, dtype=prior.dtype) < prior[1]).long()",
)
wrong_two_draws_of_y = change(
    "the label is drawn a second time: return the one whose mean was picked",
    "return mean[y] + var[y].sqrt() * eps, y",
    "return mean[y] + var[y].sqrt() * eps, torch.multinomial(prior, n, replacement=True, generator=generator)",
)
wrong_uniform_classes = change(
    "the classes come up equally often: draw them from the prior",
    "torch.multinomial(prior, n, replacement=True, generator=generator)",
    "torch.randint(len(prior), (n,), generator=generator)",
)
wrong_uniform_noise = change(
    "the noise is uniform: randn, not rand", "eps = torch.randn(", "eps = torch.rand("
)
wrong_uniform_noise_standardised = change(
    "the noise is uniform, stretched to variance 1: it has to be Gaussian",
    "eps = torch.randn(",
    "eps = torch.rand(",
    "* eps",
    "* (eps - 0.5) * math.sqrt(12)",
)
wrong_variance_scale = change(
    "the noise is multiplied by the variance: by its root", "var[y].sqrt() *", "var[y] *"
)
wrong_y_drawn_for_each = change(
    "the means and the deviations are picked by different draws of the class",
    "var[y].sqrt()",
    "var[torch.multinomial(prior, n, replacement=True, generator=generator)].sqrt()",
)


def wrong_cdf_off_by_one(n, prior, mean, var, generator=None):
    """each class is one too high: the cumulative sum begins at the first prior, not at 0"""
    edges = torch.cat([torch.zeros(1, dtype=prior.dtype), prior.cumsum(0)])
    u = torch.rand(n, generator=generator, dtype=prior.dtype)
    y = torch.searchsorted(edges, u)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y


def wrong_changes_mean(n, prior, mean, var, generator=None):
    """mean is changed in place"""
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    x = torch.zeros(n, mean.shape[1], dtype=mean.dtype)
    for i in range(n):
        row = mean[y[i]]
        row += var[y[i]].sqrt() * torch.randn(row.shape, generator=generator, dtype=mean.dtype)
        x[i] = row
    return x, y


def wrong_distributions(n, prior, mean, var, generator=None):
    """the same generator state gave other samples: pass generator=generator to all that draws"""
    y = torch.distributions.Categorical(prior).sample((n,))
    return Normal(mean[y], var[y].sqrt()).sample(), y


def wrong_needs_generator(n, prior, mean, var, generator=None):
    """it fails without a generator"""
    u = torch.empty(n, dtype=prior.dtype).uniform_(generator=generator)
    y = torch.searchsorted(prior.cumsum(0), u).clamp(max=len(prior) - 1)
    own = torch.Generator().manual_seed(generator.initial_seed() + int(u[0] * 2**40))
    return mean[y] + var[y].sqrt() * torch.randn(mean[y].shape, generator=own), y


def wrong_no_generator(n, prior, mean, var, generator=None):
    """the same generator state gave other samples: pass generator=generator to all that draws"""
    y = torch.multinomial(prior, n, replacement=True)
    return torch.normal(mean[y], var[y].sqrt()), y


def wrong_same_stream(n, prior, mean, var, generator=None):
    """the noise goes along with the class: draw both independently"""
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
