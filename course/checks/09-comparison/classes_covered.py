"""9.3 How many classes?"""

import math
from collections import Counter

import numpy as np
import torch
from scipy.stats import entropy
from torch import nn

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.evaluate import classes_covered as definition


def cases(g):
    extra = torch.randint(0, 3, (2,), generator=g).tolist()
    first = [64 - sum(extra), 32 + extra[0], 16, 8, 4 + extra[1], 3, 1, 0]  # 128 in all
    for counts, share in (
        (first, 1 / 16),
        (first[::-1], 1 / 8),
        ([40, 0, 19, 1, 0, 0, 2, 1, 0, 0, 0, 1], 1 / 64),
    ):
        words = f"{counts} samples of the classes, min_share = 1/{1 / share:.0f}"
        yield Call(opinions(g, counts), share).but(words=words)
    counts = [3, 379, 5, 0, 7, 6]
    words = f"{counts} samples of the classes, min_share left out"
    yield Call(opinions(g, counts)).but(words=words, clue="The default is 0.01")


def opinions(g, counts, dtype=draw.DOUBLE):
    """Rows of probabilities: counts[k] times class k is the most likely; some rows are unsure."""
    kinds = torch.cat([torch.full((n,), k) for k, n in enumerate(counts)])
    kinds = kinds[torch.randperm(len(kinds), generator=g)]
    p = draw.uniform(g, len(kinds), len(counts))
    p[torch.arange(len(kinds)), kinds] += 1 + 4 * draw.uniform(g, len(kinds))
    return (p / p.sum(1, keepdim=True)).to(dtype)


# Right, in ways that differ.


def right_bincount(p, min_share=0.01):
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def right_categorical(p, min_share=0.01):
    share = torch.stack([(p.argmax(1) == k).double().mean() for k in range(p.shape[1])])
    covered = torch.count_nonzero(share >= min_share)
    return covered, torch.distributions.Categorical(probs=share).perplexity()


def right_count_nonzero_float32(p, min_share=0.01):
    s = torch.bincount(p.argmax(1), minlength=p.shape[1]) / len(p)
    return torch.count_nonzero(s >= min_share).item(), float(torch.exp(torch.special.entr(s).sum()))


def right_counter(p, min_share=0.01):
    best = [max(range(len(row)), key=row.__getitem__) for row in p.tolist()]
    counts, n = Counter(best), len(best)
    covered = sum(c / n >= min_share for c in counts.values())
    effective = 1.0
    for c in counts.values():
        effective *= (n / c) ** (c / n)
    return covered, effective


def right_nansum(p, min_share=0.01):
    s = torch.stack([(p.argmax(1) == c).double().mean() for c in range(p.shape[1])])
    return int((s >= min_share).sum()), torch.nansum(-s * s.log()).exp().item()


def right_numpy(p, min_share=0.01):
    counts = np.bincount(p.numpy().argmax(1), minlength=p.shape[1])
    share = counts / counts.sum()
    return np.array([(share >= min_share).sum(), np.exp(entropy(share))])


def right_one_hot(p, min_share=0.01):
    share = nn.functional.one_hot(p.argmax(1), p.shape[1]).double().mean(0)
    entropy = -torch.xlogy(share, share).sum()
    return [share.ge(min_share).sum().item(), entropy.exp().item()]


def right_product(p, min_share=0.01):
    s = torch.bincount(p.max(dim=1).indices, minlength=p.size(1)).double() / p.size(0)
    return sum(x >= min_share for x in s.tolist()), 1 / torch.prod(s**s).item()


def right_scipy_entropy(p, min_share=0.01):
    a = p.numpy()
    counts = np.bincount(a.argmax(1), minlength=a.shape[1])
    s = counts / counts.sum()
    return int((s >= min_share).sum()), float(np.exp(entropy(s)))


def right_unique(p, min_share=0.01):
    kinds, counts = p.argmax(1).unique(return_counts=True)
    share = counts / len(p)
    return (share >= min_share).sum(), (-(share * share.log()).sum()).exp()


def right_bits(p, min_share=0.01):
    """base 2 in both places"""
    share = (p == p.amax(1, keepdim=True)).double().mean(0)
    return (share >= min_share).sum(), 2 ** -torch.xlogy(share, share).div(math.log(2)).sum()


# Mistakes, and what a student is told.


SHARE = "torch.bincount(p.argmax(1), minlength=p.shape[1]).double() / len(p)"
ENTROPY, COUNT, NUMBER = "torch.special.entr(share).sum()", "share >= min_share", "entropy.exp()"


def _share(words, share):
    return change(words, SHARE, share)


def _entropy(words, entropy):
    return change(words, ENTROPY, entropy)


def _covered(words, which):
    return change(words, COUNT, which)


def _number(words, number):
    return change(words, NUMBER, number)


def _gives(words, result):
    return change(words, "return int((share >= min_share).sum()), entropy.exp().item()", result)


wrong_any = _covered(
    "one sample is not enough: a class is covered if its share is min_share or more", "share > 0"
)
wrong_min_share_as_count = _covered(
    "one sample is not enough: a class is covered if its share is min_share or more",
    "share * len(p) >= min_share",
)
wrong_min_share_fixed = _covered(
    "min_share is an argument; this is the count for 0.01", "share >= 0.01"
)
wrong_min_share_of_classes = _covered(
    "min_share is a share of all samples; here it is multiplied by the number of classes",
    "share >= min_share * len(share)",
)
wrong_default = change(
    "where min_share is left out it is 0.01", "min_share: float = 0.01", "min_share: float = 0.05"
)
wrong_of_the_largest = _covered(
    "min_share is a share of all samples, not of the largest class",
    "share >= min_share * share.max()",
)
wrong_strict = _covered(
    "min_share is enough: a share that is exactly as large counts, >= and not >",
    "share > min_share",
)
wrong_probability_threshold = _covered(
    "the count is of samples: a share of them, not a probability, is held against min_share",
    "(p >= min_share).any(0)",
)
wrong_soft_count = _covered(
    "each sample counts for one class, its most likely; here is the mean of the probabilities",
    "p.mean(0) >= min_share",
)
wrong_soft_shares = _share(
    "each sample counts for one class, its most likely; here is the mean of the probabilities",
    "p.double().mean(0)",
)
wrong_soft_entropy = _entropy(
    "the effective number: each sample counts for one class, its most likely; here is the mean of the probabilities",
    "torch.special.entr(p.mean(0)).sum()",
)
wrong_sure_alone = _share(
    "every sample counts for its most likely class, an unsure one too",
    "torch.bincount(p.argmax(1)[p.amax(1) > 0.5], minlength=p.shape[1]).double() / len(p)",
)
wrong_sure_alone_shares = _share(
    "every sample counts for its most likely class, an unsure one too; here they are left out",
    "(k := torch.bincount(p.argmax(1)[p.amax(1) > 0.5], minlength=p.shape[1]).double()) / k.sum()",
)
wrong_axis = _share(
    "the most likely class of each row is wanted; here is the most likely sample of each column",
    "torch.bincount(p.argmax(0), minlength=p.shape[1]).double() / len(p)",
)
wrong_least_likely = _share(
    "a sample is of its most likely class; this is the least likely one: argmax",
    SHARE.replace("argmax", "argmin"),
)
wrong_in_place = change(
    "p was changed, and belongs to the caller: work on a copy",
    f"share = {SHARE}",
    f"p.copy_(p == p.amax(1, keepdim=True)); share = {SHARE}",
)
wrong_ten = _share(
    "there are as many classes as p has columns, not always ten",
    "torch.bincount(p.argmax(1), minlength=10).double()[:10] / len(p)",
)
wrong_divided_by_classes = _share(
    "shares are of the samples: divide by their number, not by that of the classes",
    SHARE.replace("len(p)", "p.shape[1]"),
)
wrong_smoothed = _entropy(
    "the effective number: nothing is added to the counts; 0 log 0 is 0",
    "torch.special.entr((share * len(p) + 1) / (len(p) + len(share))).sum()",
)
wrong_bits = _entropy(
    "the logarithm has base 2 and the exponential base e: the same for both",
    "torch.special.entr(share).sum() / math.log(2)",
)
wrong_two_to_nats = _number(
    "the exponential has base 2 and the logarithm base e: the same for both", "(2**entropy)"
)
wrong_covered_alone = _entropy(
    "the effective number: rare classes count too, min_share has no say here",
    "torch.special.entr(share[share >= min_share]).sum()",
)
wrong_covered_shares_again = _entropy(
    "the effective number: rare classes count too, and the shares are of all samples",
    "torch.special.entr((s := share[share >= min_share]) / s.sum()).sum()",
)
wrong_each_sample = _number(
    "this tells how unsure the classifier is of each sample; the effective number is of the classes' shares",
    "torch.special.entr(p).sum(1).exp().mean()",
)
wrong_sample_entropy = _entropy(
    "this tells how unsure the classifier is of the samples; the effective number is of the classes' shares",
    "torch.special.entr(p).sum(1).mean()",
)
wrong_entropy = _number("this is the entropy; its exponential is wanted", "entropy")
wrong_normalised = _number(
    "this is the entropy as a part of the largest one; its exponential is wanted",
    "(entropy / math.log(len(share)))",
)
wrong_mean_entropy = _entropy(
    "the effective number: a sum over the classes, not a mean", "torch.special.entr(share).mean()"
)
wrong_mean_over_seen = _entropy(
    "the effective number: a sum over the classes, not a mean over those that have samples",
    "torch.special.entr(share[share > 0]).mean()",
)
wrong_nan = _entropy("log 0 is -inf, and 0 times it nan: 0 log 0 is to be 0", "-(share * share.log()).sum()")  # fmt: skip
wrong_sign = _number("the effective number: the minus is missing", "(-entropy).exp()")
wrong_simpson = _number(
    "this is one over the sum of the squared shares; the exponential of the entropy is wanted",
    "(1 / share.square().sum())",
)
wrong_rounded = _number("the effective number is no whole number: nothing is rounded", "entropy.exp().round()")  # fmt: skip
wrong_no_return = _gives(
    "nothing came back: is a `return` missing?", "int((share >= min_share).sum()), entropy.exp()"
)
wrong_one_alone = _gives(
    "two numbers are wanted: the count, and the effective number",
    "return int((share >= min_share).sum())",
)
wrong_effective_alone = _gives(
    "two numbers are wanted: the count is missing", "return entropy.exp().item()"
)
wrong_share_of_classes = _gives(
    "how many classes is wanted, not which share of them",
    "return ((share >= min_share).sum() / p.shape[1]).item(), entropy.exp().item()",
)
wrong_list_of_classes = _gives(
    "how many classes is wanted, not which of them",
    "return (share >= min_share).nonzero().flatten().tolist(), entropy.exp().item()",
)
wrong_swapped = _gives(
    "the count comes first, then the effective number",
    "return entropy.exp().item(), int((share >= min_share).sum())",
)
