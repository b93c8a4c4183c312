"""TITLE."""

import math
from collections import Counter

import numpy as np
import torch
from scipy.stats import entropy
from torch import nn

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.evaluate import classes_covered as definition


def cases(g):
    raise NotImplementedError


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


# Mistakes, and what a student is told.


def wrong_any(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: one sample is not
    enough: the share has to be min_share"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share > 0).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_axis(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: the class of each
    sample is the most likely in its row; here a sample was found for each column"""
    share = torch.bincount(p.argmax(dim=0), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_bits(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: the logarithm is to
    the base 2 and the exponential to the base e"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log2()).sum())


def wrong_covered_alone(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: rare classes count
    too, min_share has no say in the effective number"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share >= max(min_share, 1e-9)]
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_covered_shares_again(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: rare classes count
    too, min_share has no say in the effective number"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share >= min_share]
    seen = seen / seen.sum()
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_each_sample(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: this tells how unsure
    the classifier is of each sample; the shares of the classes are wanted"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, float(torch.special.entr(p).sum(1).exp().mean())


def wrong_entropy(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: this is the entropy;
    its exponential is wanted"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, float(-(seen * seen.log()).sum())


def wrong_mean_entropy(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: a sum over the
    classes, not a mean"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).mean())


def wrong_min_share_as_count(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: one sample is not
    enough: the share has to be min_share"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share * len(p) >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_min_share_fixed(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: min_share is an
    argument; this is the count for 0.01"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= 0.01).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_nan(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: the effective number
    is nan. 0 log 0 is 0 here"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_no_return(p, min_share=0.01):
    """nothing comes back"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    covered, math.exp(-(seen * seen.log()).sum())


def wrong_normalised(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: this is the entropy
    as a share of the largest one; exp of it is wanted"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, float(-(seen * seen.log()).sum()) / math.log(p.shape[1])


def wrong_of_the_largest(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: a share of all
    samples, not of the largest class"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share * share.max()).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_one_alone(p, min_share=0.01):
    """two numbers are wanted: the count, and the effective number; got 4"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered


def wrong_probability_threshold(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: a sample counts for
    one class, its most likely: no mean of the probabilities, no threshold for them"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((p >= min_share).any(0).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_rounded(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: it is no whole number"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, round(math.exp(-(seen * seen.log()).sum()))


def wrong_sample_entropy(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: this tells how unsure
    the classifier is of each sample; the shares of the classes are wanted"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, float(torch.special.entr(p).sum(1).mean().exp())


def wrong_share_of_classes(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: how many classes, not
    which share of them"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered / p.shape[1], math.exp(-(seen * seen.log()).sum())


def wrong_sign(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: the minus is missing"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, math.exp((seen * seen.log()).sum())


def wrong_simpson(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: this is one over the
    sum of the squared shares; the entropy is wanted"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, 1 / float((seen**2).sum())


def wrong_smoothed(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: nothing is added to
    the counts: 0 log 0 is 0"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = (share * len(p) + 1) / (len(p) + p.shape[1])
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_soft_entropy(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: each sample is of one
    class, the most likely: no mean of the probabilities"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = p.mean(0)
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_soft_shares(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: a sample counts for
    one class, its most likely: no mean of the probabilities, no threshold for them"""
    share = p.mean(0)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_strict(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: at least min_share:
    exactly as many are enough, and every sample counts, an unsure one too"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share > min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_sure_alone(p, min_share=0.01):
    """samples of each class [62, 34, 16, 8, 4, 3, 1, 0], min_share = 1/16: at least min_share:
    exactly as many are enough, and every sample counts, an unsure one too"""
    share = torch.bincount(p.argmax(dim=1)[p.amax(1) > 0.5], minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())


def wrong_swapped(p, min_share=0.01):
    """the count comes first, then the effective number"""
    share = torch.bincount(p.argmax(dim=1), minlength=p.shape[1]) / len(p)
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return math.exp(-(seen * seen.log()).sum()), covered


def wrong_ten(p, min_share=0.01):
    """there are not always ten classes"""
    share = torch.stack([(p.argmax(1) == k).double().mean() for k in range(10)])
    seen = share[share > 0]
    covered = int((share >= min_share).sum())
    return covered, math.exp(-(seen * seen.log()).sum())
