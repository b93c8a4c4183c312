"""TITLE."""

import math
from collections import Counter

import numpy as np
import torch
from scipy.spatial import KDTree

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.evaluate import modes_covered as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_cdist(x, centers, sigma, min_share=0.01):
    distance = torch.cdist(x, centers, compute_mode="donot_use_mm_for_euclid_dist")
    nearest = distance.argmin(1)
    good = distance.amin(1) <= 3 * sigma
    counts = torch.bincount(nearest[good], minlength=len(centers))
    return (counts >= min_share * len(x)).sum().item(), good.double().mean().item()


def right_loop(x, centers, sigma, min_share=0.01):
    counts = [0] * len(centers)
    for point in x.tolist():
        lengths = [math.dist(point, c) for c in centers.tolist()]
        best = min(range(len(lengths)), key=lengths.__getitem__)
        if lengths[best] <= 3 * sigma:
            counts[best] += 1
    return sum(c / len(x) >= min_share for c in counts), sum(counts) / len(x)


def right_mode_by_mode(x, centers, sigma, min_share=0.01):
    distance = torch.stack([torch.linalg.vector_norm(x - c, dim=1) for c in centers])
    best = distance.min(0).values
    modes, good = 0, 0.0
    for m in range(len(centers)):
        mine = (distance[m] == best) & (best <= 3 * sigma)
        share = mine.double().mean().item()
        good += share
        modes += share >= min_share
    return modes, good


def right_numpy(x, centers, sigma, min_share=0.01):
    x, centers = x.numpy(), centers.numpy()
    distance = np.linalg.norm(x[:, None] - centers[None], axis=2)
    good = distance.min(1) < 3 * sigma
    share = np.bincount(distance.argmin(1)[good], minlength=len(centers)) / len(x)
    return int(np.count_nonzero(share >= min_share)), float(good.mean())


def right_squares(x, centers, sigma, min_share=0.01):
    squares = ((x[:, None, :] - centers[None, :, :]) ** 2).sum(-1)
    least, which = squares.min(dim=1)
    good = least <= 9 * sigma**2
    one_hot = torch.nn.functional.one_hot(which, len(centers)) * good[:, None]
    share = one_hot.sum(0) / len(x)
    return (share >= min_share).sum(), good.sum() / len(x)


def right_tree(x, centers, sigma, min_share=0.01):
    # beyond the limit the tree answers with the number of centres
    _, nearest = KDTree(centers.numpy()).query(x.numpy(), distance_upper_bound=3 * sigma)
    counts = [(nearest == m).sum() for m in range(len(centers))]
    covered = [c for c in counts if c / len(x) >= min_share]
    return len(covered), sum(counts) / len(x)


def right_unique(x, centers, sigma, min_share=0.01):
    distance, nearest = (x.unsqueeze(1) - centers).pow(2).sum(2).sqrt().min(dim=1)
    counts = Counter(nearest[distance <= 3 * sigma].tolist())
    modes = len([m for m, n in counts.items() if n / len(x) >= min_share])
    return modes, sum(counts.values()) / len(x)


# Mistakes, and what a student is told.


def wrong_bad_share(x, centers, sigma, min_share=0.01):
    """this is the share of the bad samples"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), 1 - len(good) / len(x)


def wrong_box(x, centers, sigma, min_share=0.01):
    """76 of 128 samples lie within 3 sigma of a centre, a share of 0.5938; got 0.8750. Too many:
    Euclidean distance, compared with 3 sigma? Axis by axis, a square is larger than a circle"""
    distance, nearest = (x[:, None] - centers).abs().amax(2).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)


def wrong_counted_twice(x, centers, sigma, min_share=0.01):
    """a sample between two close centres counts for both"""
    near = torch.cdist(x, centers) <= 3 * sigma
    share = near.double().mean(0)
    return int((share >= min_share).sum()), float(near.any(1).double().mean())


def wrong_covered_samples_only(x, centers, sigma, min_share=0.01):
    """the share counts every good sample, whether or not its mode is covered"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)).double() / len(x)
    return int((share >= min_share).sum()), float(share[share >= min_share].sum())


def wrong_diamond(x, centers, sigma, min_share=0.01):
    """76 of 128 samples lie within 3 sigma of a centre, a share of 0.5938; got 0.3594. Too few:
    is the squared distance compared with 3 sigma^2, or a limit of one or two sigma? Is it the
    Euclidean distance?"""
    distance, nearest = torch.cdist(x, centers, p=1).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)


def wrong_eight(x, centers, sigma, min_share=0.01):
    """eight modes, whatever the centres say"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    counts = [int((good == m).sum()) for m in range(8)]
    return sum(c / len(x) >= min_share for c in counts), len(good) / len(x)


def wrong_first_centre(x, centers, sigma, min_share=0.01):
    """the first centre in reach, not the nearest"""
    near = torch.cdist(x, centers) <= 3 * sigma
    good = near.int().argmax(1)[near.any(1)]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)


def wrong_mean_distance(x, centers, sigma, min_share=0.01):
    """every sample counts as good: is the distance the squared one, or the limit not 3 sigma?"""
    distance, nearest = ((x[:, None] - centers) ** 2).mean(2).sqrt().min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)


def wrong_min_share_as_count(x, centers, sigma, min_share=0.01):
    """one sample near a centre is not enough: its mode needs the share min_share of all samples.
    The good samples: [40, 20, 8, 7, 1, 0, 0, 0] of 128, and min_share = 1/16"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    counts = torch.bincount(good, minlength=len(centers))
    return int((counts >= min_share).sum()), len(good) / len(x)


def wrong_min_share_of_a_mode(x, centers, sigma, min_share=0.01):
    """one sample near a centre is not enough: its mode needs the share min_share of all samples.
    The good samples: [40, 20, 8, 7, 1, 0, 0, 0] of 128, and min_share = 1/16"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share / len(centers)).sum()), len(good) / len(x)


def wrong_modes_only(x, centers, sigma, min_share=0.01):
    """two numbers are wanted: how many modes are covered, and the share of good samples"""
    distance, nearest = torch.cdist(x, centers).min(1)
    share = torch.bincount(nearest[distance <= 3 * sigma], minlength=len(centers)) / len(x)
    return int((share >= min_share).sum())


def wrong_nearest_sample(x, centers, sigma, min_share=0.01):
    """one sample near a centre is not enough: its mode needs the share min_share of all samples.
    The good samples: [40, 20, 8, 7, 1, 0, 0, 0] of 128, and min_share = 1/16"""
    distance = torch.cdist(x, centers)
    covered = distance.min(0).values <= 3 * sigma
    return int(covered.sum()), float((distance.min(1).values <= 3 * sigma).double().mean())


def wrong_no_limit(x, centers, sigma, min_share=0.01):
    """far samples count for their nearest centre: only those within 3 sigma do. The good
    samples: [40, 20, 8, 7, 1, 0, 0, 0] of 128, and min_share = 1/16"""
    distance, nearest = torch.cdist(x, centers).min(1)
    share = torch.bincount(nearest, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), (distance <= 3 * sigma).double().mean().item()


def wrong_no_return(x, centers, sigma, min_share=0.01):
    """forgot to return"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    result = int((share >= min_share).sum()), len(good) / len(x)


def wrong_number_of_good(x, centers, sigma, min_share=0.01):
    """this is the number of good samples; its share of all is wanted"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good)


def wrong_one_percent(x, centers, sigma, min_share=0.01):
    """min_share is an argument, to be used as it is, and a share of all samples, good or bad.
    The good samples: [40, 20, 8, 7, 1, 0, 0, 0] of 128, and min_share = 1/16"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= 0.01).sum()), len(good) / len(x)


def wrong_one_sample_is_enough(x, centers, sigma, min_share=0.01):
    """one sample near a centre is not enough: its mode needs the share min_share of all samples.
    The good samples: [40, 20, 8, 7, 1, 0, 0, 0] of 128, and min_share = 1/16"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    return len(good.unique()), len(good) / len(x)


def wrong_one_sigma(x, centers, sigma, min_share=0.01):
    """no sample counts as good: the limit is 3 sigma, not one"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)


def wrong_rounded_down(x, centers, sigma, min_share=0.01):
    """the least count is rounded down"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    counts = torch.bincount(good, minlength=len(centers))
    return int((counts >= int(min_share * len(x))).sum()), len(good) / len(x)


def wrong_share_counted_twice(x, centers, sigma, min_share=0.01):
    """the share adds up the modes' samples: some count twice"""
    near = torch.cdist(x, centers) <= 3 * sigma
    _, nearest = torch.cdist(x, centers).min(1)
    good = nearest[near.any(1)]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), float(near.sum() / len(x))


def wrong_share_of_good(x, centers, sigma, min_share=0.01):
    """min_share is an argument, to be used as it is, and a share of all samples, good or bad.
    The good samples: [40, 20, 8, 7, 1, 0, 0, 0] of 128, and min_share = 1/16"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / max(len(good), 1)
    return int((share >= min_share).sum()), len(good) / len(x)


def wrong_share_of_modes(x, centers, sigma, min_share=0.01):
    """how many modes, not which share of them. The good samples: [40, 20, 8, 7, 1, 0, 0, 0] of
    128, and min_share = 1/16"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()) / len(centers), len(good) / len(x)


def wrong_sigma_as_variance(x, centers, sigma, min_share=0.01):
    """every sample counts as good: is the distance the squared one, or the limit not 3 sigma?"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * math.sqrt(sigma)]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)


def wrong_squared_distance(x, centers, sigma, min_share=0.01):
    """every sample counts as good: is the distance the squared one, or the limit not 3 sigma?"""
    squares, nearest = ((x[:, None] - centers) ** 2).sum(2).min(1)
    good = nearest[squares <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)


def wrong_strict(x, centers, sigma, min_share=0.01):
    """exactly min_share is enough: at least, not more than. The good samples: [40, 20, 8, 7, 1,
    0, 0, 0] of 128, and min_share = 1/16"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share > min_share).sum()), len(good) / len(x)


def wrong_swapped(x, centers, sigma, min_share=0.01):
    """the number of modes comes first, then the share"""
    distance, nearest = torch.cdist(x, centers).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return len(good) / len(x), int((share >= min_share).sum())


def wrong_three_sigma_squared(x, centers, sigma, min_share=0.01):
    """76 of 128 samples lie within 3 sigma of a centre, a share of 0.5938; got 0.1719. Too few:
    is the squared distance compared with 3 sigma^2, or a limit of one or two sigma? Is it the
    Euclidean distance?"""
    squares, nearest = ((x[:, None] - centers) ** 2).sum(2).min(1)
    good = nearest[squares <= 3 * sigma**2]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)


def wrong_two_coordinates(x, centers, sigma, min_share=0.01):
    """only the first two coordinates count"""
    dx, dy = (x[:, None, i] - centers[None, :, i] for i in (0, 1))
    distance, nearest = torch.sqrt(dx**2 + dy**2).min(1)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)) / len(x)
    return int((share >= min_share).sum()), len(good) / len(x)
