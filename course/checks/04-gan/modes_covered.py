"""4.7 How many modes?"""

import math
from collections import Counter

import numpy as np
import torch
from scipy.spatial import KDTree

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.evaluate import modes_covered as definition

GOOD = [70, 0, 18, 7, 0, 0, 1, 0, 3, 25, 0, 0]  # samples within 3 sigma of each of twelve centres
FAR = [0, 0, 0, 0, 37, 0, 0, 39, 0, 0, 0, 0]  # and farther away: 200 in all


def cases(g):
    x, centers = samples(g, 0.5)
    clue = f"Good samples of each mode: {GOOD}, of 200 in all"
    for shares in ((0.125,), (0.091,), ()):
        words = f"min_share = {shares[0]}" if shares else "min_share by default"
        yield Call(x, centers, 0.5, *shares).but(
            words=f"{words}, three axes, twelve modes", clue=clue
        )
    x = torch.tensor([1.5] + [2.5] * 2 + [5.5] * 3 + [50.0] * 2)[:, None]
    centers = torch.tensor([[0.0], [4.0], [8.0]])
    clue = "A sample in reach of two centres counts for the nearer one"
    yield Call(x, centers, 1.0, 0.375).but(words="centres four sigma apart, float32", clue=clue)
    yield Call(x.double() + 1e7, centers.double() + 1e7, 1.0, 0.375).but(
        words="the same in float64, far from the origin", clue="Is the dtype of x kept?"
    )
    far = torch.tensor([[0.0, 3.1]], dtype=draw.DOUBLE)
    yield Call(far, 0 * far, 1.0).but(words="one sample, 3.1 sigma from the only centre")


def samples(g, sigma, dtype=draw.DOUBLE):
    """In three dimensions, around centres far apart; half of them along a diagonal, shuffled."""
    centers = torch.cartesian_prod(*(10.0 * torch.arange(k, dtype=dtype) for k in (2, 2, 3)))
    mode = torch.arange(12).repeat(2).repeat_interleave(torch.tensor(GOOD + FAR))
    n = len(mode)
    step = draw.normal(g, n, 3, dtype=dtype)
    step[::2] = 1.0
    reach = torch.where(
        torch.arange(n) < sum(GOOD),
        draw.uniform(g, n, low=0.2, high=0.97, dtype=dtype),
        draw.uniform(g, n, low=1.05, high=2.3, dtype=dtype),
    )
    x = centers[mode] + (3 * sigma * reach / step.norm(dim=1))[:, None] * step
    return x[torch.randperm(n, generator=g)], centers


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

DISTANCE = "(x[:, None] - centers).norm(dim=2).min(1)"
NEAR = "    near = (x[:, None] - centers).norm(dim=2) <= 3 * sigma\n"
LIMIT, SHARE = "distance <= 3 * sigma", "len(good) / len(x)\n"
MODES = "int((share >= min_share).sum())"
ENOUGH = "one sample near a centre is not enough: its mode needs the share min_share of all samples"


def far(words, distance, limit="distance <= 3 * sigma"):
    """Another distance, or another limit for it."""
    return change(words, DISTANCE, distance, LIMIT, limit)


wrong_bad_share = change("this is the share of the bad samples", SHARE, "1 - " + SHARE)
wrong_box = far(
    "axis by axis, a box is larger than a ball: the Euclidean distance is wanted",
    "(x[:, None] - centers).abs().amax(2).min(1)",
)
wrong_counted_twice = change(
    "a sample in reach of two centres counts for both: it counts for the nearer one",
    "    good =",
    NEAR + "    good =",
    MODES,
    "int((near.double().mean(0) >= min_share).sum())",
)
wrong_covered_samples_only = change(
    "the share counts every good sample, whether or not its mode is covered",
    SHARE,
    "float(share[share >= min_share].sum())\n",
)
wrong_default_five_percent = change(
    "the default of min_share is 0.01", "min_share: float = 0.01", "min_share: float = 0.05"
)
wrong_default_two_percent = change(
    "the default of min_share is 0.01", "min_share: float = 0.01", "min_share: float = 0.02"
)
wrong_diamond = far(
    "the distances along the axes are added up: the Euclidean distance is wanted",
    "(x[:, None] - centers).abs().sum(2).min(1)",
)
wrong_eight = change(
    "eight modes are counted, whatever the centres say",
    MODES,
    "int((share[:8] >= min_share).sum())",
)
wrong_first_centre = change(
    "this is the first centre in reach; the nearest is wanted",
    "    good = nearest",
    NEAR + "    good = near.int().argmax(1)",
)
wrong_fixed_sigma = far(
    "sigma is not used: the limit is 3 sigma of the sigma that is given",
    DISTANCE,
    "distance <= 0.3",
)
wrong_in_place = far(
    "x is changed in place: work on a copy",
    "torch.stack([x.sub_(c).norm(dim=1) for c in centers.diff(dim=0, prepend=0 * centers[:1])]).min(0)",
)
wrong_mean_distance = far(
    "the mean of the squares along the axes is taken: their sum is wanted",
    "(x[:, None] - centers).pow(2).mean(2).sqrt().min(1)",
)
wrong_min_share_as_count = change(ENOUGH, MODES, "int((share * len(x) >= min_share).sum())")
wrong_min_share_of_a_mode = change(
    "min_share is divided by the number of modes: it is a share of all samples, as it is",
    MODES,
    "int((share >= min_share / len(centers)).sum())",
)
wrong_modes_only = change(
    "two numbers are wanted: how many modes are covered, and the share of good samples",
    f"{MODES}, {SHARE}",
    f"{MODES}\n",
)
wrong_nearest_sample = change(
    ENOUGH, "    good =", NEAR + "    good =", MODES, "int(near.any(0).sum())"
)
wrong_no_limit = change(
    "far samples count for their nearest centre: only those within 3 sigma do",
    "bincount(good,",
    "bincount(nearest,",
)
wrong_no_return = change("forgot to return", "    return int", "    int")
wrong_number_of_good = change(
    "this is the number of good samples; its share of all is wanted", SHARE, "len(good)\n"
)
wrong_one_percent = change(
    "min_share is an argument, to be used as it is", MODES, MODES.replace("min_share", "0.01")
)
wrong_one_sample_is_enough = change(ENOUGH, MODES, "len(good.unique())")
wrong_one_sigma = far("the limit is 3 sigma, not one", DISTANCE, "distance <= sigma")
wrong_rounded_down = change(
    "the least count is rounded: 18 of 200 are less than a share of 0.091",
    MODES,
    "int((share * len(x) >= int(min_share * len(x))).sum())",
)
wrong_rounded = change(
    "the least count is rounded: 18 of 200 are less than a share of 0.091",
    MODES,
    "int((share * len(x) >= round(min_share * len(x))).sum())",
)
wrong_share_counted_twice = change(
    "the share counts samples in reach of two centres twice: each counts once",
    "    good =",
    NEAR + "    good =",
    SHARE,
    "float(near.sum() / len(x))\n",
)
wrong_swapped = change(
    "the number of modes comes first, then the share",
    f"{MODES}, {SHARE}",
    f"{SHARE[:-1]}, {MODES}\n",
)
wrong_share_of_good = change(
    "min_share is a share of all samples, good or bad", "/ len(x)  #", "/ max(len(good), 1)  #"
)
wrong_share_of_modes = change(
    "how many modes, not which share of them", MODES, MODES + " / len(centers)"
)
wrong_sigma_as_variance = far(
    "sigma is a standard deviation, not a variance: the limit is 3 sigma",
    DISTANCE,
    "distance <= 3 * sigma**0.5",
)
wrong_single_precision = far(
    "computed in float32: far from the origin the distances are lost",
    "(x[:, None].float() - centers.float()).norm(dim=2).min(1)",
)
wrong_squared_distance = far(
    "the squared distance is compared with 3 sigma: take its root",
    "(x[:, None] - centers).pow(2).sum(2).min(1)",
)
wrong_strict = change(
    "exactly min_share is enough: at least, not more than", "share >= min", "share > min"
)
wrong_three_sigma_squared = far(
    "the limit is 3 sigma; in squares it is 9 sigma^2, not 3 sigma^2",
    "(x[:, None] - centers).pow(2).sum(2).min(1)",
    "distance <= 3 * sigma**2",
)
wrong_two_coordinates = far(
    "only the first two coordinates count: all of them belong to the distance",
    "(x[:, None, :2] - centers[:, :2]).norm(dim=2).min(1)",
)
wrong_two_sigma = far("the limit is 3 sigma, not two", DISTANCE, "distance <= 2 * sigma")
