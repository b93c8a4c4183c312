"""TITLE."""

import math

import numpy as np
import torch
from scipy.spatial import KDTree, cKDTree
from scipy.spatial.distance import cdist, pdist, squareform
from sklearn.neighbors import NearestNeighbors

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.evaluate import precision_recall as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_loop(f_real, f_fake, k=3):
    def ball(centers):
        radii = []
        for i in range(len(centers)):
            others = sorted(
                math.dist(centers[i].tolist(), centers[j].tolist())
                for j in range(len(centers))
                if j != i
            )
            radii.append(others[k - 1])
        return radii

    def share(points, centers):
        radii, inside = ball(centers.double()), 0
        for p in points.double().tolist():
            inside += any(
                math.dist(p, c) <= r for c, r in zip(centers.double().tolist(), radii, strict=True)
            )
        return inside / len(points)

    return share(f_fake, f_real), share(f_real, f_fake)


def right_numpy(f_real, f_fake, k=3):
    real, fake = f_real.numpy(), f_fake.numpy()

    def table(a, b):
        return np.sqrt(((a[:, None, :] - b[None, :, :]) ** 2).sum(-1))

    def radii(a):
        d = table(a, a)
        np.fill_diagonal(d, np.inf)
        return np.partition(d, k - 1, axis=1)[:, k - 1]

    d = table(fake, real)
    precision = (d <= radii(real)[None, :]).any(axis=1).mean()
    recall = (d.T <= radii(fake)[None, :]).any(axis=1).mean()
    return np.array([precision, recall])


def right_pdist_squareform(f_real, f_fake, k=3):
    a, b = f_real.double().numpy(), f_fake.double().numpy()
    ra = np.sort(squareform(pdist(a)), axis=1)[:, k]
    rb = np.sort(squareform(pdist(b)), axis=1)[:, k]
    d = cdist(a, b)
    hit_fake = (d <= ra[:, None]).any(axis=0)
    hit_real = (d <= rb).any(axis=1)
    return np.mean(hit_fake), np.mean(hit_real)


def right_query_ball(f_real, f_fake, k=3):
    a, b = f_real.double().numpy(), f_fake.double().numpy()
    ta, tb = KDTree(a), KDTree(b)
    ra = ta.query(a, k=k + 1)[0][:, -1]
    rb = tb.query(b, k=k + 1)[0][:, -1]
    good, found = set(), set()
    for row, r in zip(a, ra):
        good.update(tb.query_ball_point(row, r))
    for row, r in zip(b, rb):
        found.update(ta.query_ball_point(row, r))
    return len(good) / len(b), len(found) / len(a)


def right_remove_diagonal_by_reshape(f_real, f_fake, k=3):
    def covered(points, centres):
        n = len(centres)
        d = torch.cdist(
            centres.double(), centres.double(), compute_mode="donot_use_mm_for_euclid_dist"
        )
        off = d[~torch.eye(n, dtype=torch.bool)].view(n, n - 1)
        radius = off.sort(1)[0][:, k - 1]
        m = torch.cdist(
            points.double(), centres.double(), compute_mode="donot_use_mm_for_euclid_dist"
        )
        return torch.count_nonzero((m <= radius).sum(1)).item() / len(points)

    return covered(f_fake, f_real), covered(f_real, f_fake)


def right_sklearn(f_real, f_fake, k=3):
    real, fake = f_real.numpy(), f_fake.numpy()

    def share(points, centers):
        model = NearestNeighbors(n_neighbors=k).fit(centers)
        radius = model.kneighbors()[0][:, -1]
        apart = torch.cdist(torch.tensor(points).double(), torch.tensor(centers).double())
        return float((apart <= torch.tensor(radius)).any(1).double().mean())

    return share(fake, real), share(real, fake)


def right_sorted(f_real, f_fake, k=3):
    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def right_squares(f_real, f_fake, k=3):
    def squares(a, b):
        return (a[:, None] - b).square().sum(2)

    def inside(points, centers):
        own = squares(centers, centers)
        own.fill_diagonal_(math.inf)
        gap = own.kthvalue(k).values - squares(points, centers)
        return (gap.amax(1) >= 0).sum() / len(points)

    return inside(f_fake, f_real), inside(f_real, f_fake)


def right_topk(f_real, f_fake, k=3):
    apart = torch.cdist(f_real, f_fake)  # (B, F)
    r = torch.cdist(f_real, f_real).topk(k + 1, largest=False).values.amax(1)
    s = torch.cdist(f_fake, f_fake).topk(k + 1, largest=False).values.amax(1)
    precision = (apart <= r[:, None]).sum(0).clamp(max=1).float().mean()
    recall = (apart <= s).sum(1).bool().float().mean()
    return precision, recall


def right_tree(f_real, f_fake, k=3):
    def share(points, centers):
        radius = cKDTree(centers).query(centers, k + 1)[0][:, -1]
        hits = set()
        tree = cKDTree(points)
        for c, r in zip(centers, radius, strict=True):
            hits.update(tree.query_ball_point(c, r))
        return len(hits) / len(points)

    a, b = f_real.double().numpy(), f_fake.double().numpy()
    return [share(b, a), share(a, b)]


# Mistakes, and what a student is told.


def wrong_all_balls(f_real, f_fake, k=3):
    """in all balls in place of any"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).all(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_axis(f_real, f_fake, k=3):
    """any along the other axis"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).any(0).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_chunks_drop_last(f_real, f_fake, k=3):
    """in chunks of ten rows; the last, incomplete one is forgotten"""

    def covered(points, centres):
        radius = torch.cdist(centres, centres).sort(1).values[:, k]
        hits = 0
        for i in range(len(points) // 10):
            hits += (
                (torch.cdist(points[10 * i : 10 * i + 10], centres) <= radius).any(1).sum().item()
            )
        return hits / len(points)

    return covered(f_fake, f_real), covered(f_real, f_fake)


def wrong_city_block(f_real, f_fake, k=3):
    """absolute differences in place of Euclidean distances"""

    def share(points, centers):
        radius = torch.cdist(centers, centers, p=1).sort(1).values[:, k]
        return (torch.cdist(points, centers, p=1) <= radius).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_counts(f_real, f_fake, k=3):
    """numbers of rows, not shares"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).any(1).sum().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_counts_itself(f_real, f_fake, k=3):
    """each row is its own nearest neighbour"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k - 1]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_coverage(f_real, f_fake, k=3):
    """recall needs balls round the samples; how many balls of the data hold a sample is called
    coverage"""
    radius = torch.cdist(f_real, f_real).sort(1).values[:, k]
    inside = torch.cdist(f_fake, f_real) <= radius
    return inside.any(1).double().mean().item(), inside.any(0).double().mean().item()


def wrong_density(f_real, f_fake, k=3):
    """a sample in many balls counts once; counting them all is called density"""
    radius = torch.cdist(f_real, f_real).sort(1).values[:, k]
    other = torch.cdist(f_fake, f_fake).sort(1).values[:, k]
    inside = torch.cdist(f_fake, f_real) <= radius
    recall = (torch.cdist(f_real, f_fake) <= other).any(1).double().mean().item()
    return inside.sum(1).double().mean().item() / k, recall


def wrong_diameter(f_real, f_fake, k=3):
    """half the radius"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius / 2).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_divided_by_both(f_real, f_fake, k=3):
    """both divided by the number of data"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).any(1).double().sum().item() / len(f_real)

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_drop_zero_distances(f_real, f_fake, k=3):
    """leaves out every distance of 0, so copies of a row are no neighbours"""

    def covered(points, centres):
        d = torch.cdist(centres, centres, compute_mode="donot_use_mm_for_euclid_dist")
        d[d == 0] = float("inf")
        radius = d.sort(1).values[:, k - 1]
        return (torch.cdist(points, centres) <= radius).any(dim=1).float().mean().item()

    return covered(f_fake, f_real), covered(f_real, f_fake)


def wrong_f1(f_real, f_fake, k=3):
    """their harmonic mean in the place of recall"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    p, r = share(f_fake, f_real), share(f_real, f_fake)
    return p, 2 * p * r / (p + r) if p + r else 0.0


def wrong_k_clipped(f_real, f_fake, k=3):
    """k + 1 rows: the last neighbour is left out"""

    def covered(points, centres):
        radius = torch.cdist(centres, centres).sort(1).values[:, min(k, len(centres) - 2)]
        return (torch.cdist(points, centres) <= radius).any(1).double().mean().item()

    return covered(f_fake, f_real), covered(f_real, f_fake)


def wrong_k_is_3(f_real, f_fake, k=3):
    """k is not used"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, 3]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_mean_of_k(f_real, f_fake, k=3):
    """the mean distance of the k neighbours as the radius"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, 1 : k + 1].mean(1)
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_median_radius(f_real, f_fake, k=3):
    """one radius for all, the median one"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius.median()).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_nearest_ball_alone(f_real, f_fake, k=3):
    """only the ball of the nearest centre is looked at"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        near, which = torch.cdist(points, centers).min(1)
        return (near <= radius[which]).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_no_return(f_real, f_fake, k=3):
    """nothing comes back"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    share(f_fake, f_real), share(f_real, f_fake)


def wrong_one_minus(f_real, f_fake, k=3):
    """the share outside"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return 1 - (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_one_radius(f_real, f_fake, k=3):
    """one radius for all, the mean one"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius.mean()).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_one_too_far(f_real, f_fake, k=3):
    """the neighbour after the k-th"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k + 1]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_own_ball(f_real, f_fake, k=3):
    """a sample's own ball in place of the data's"""

    def share(points, centers):
        radius = torch.cdist(points, points).sort(1).values[:, k]
        return (torch.cdist(points, centers).amin(1) <= radius).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_percent(f_real, f_fake, k=3):
    """percent"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item() * 100

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_precision_alone(f_real, f_fake, k=3):
    """recall is missing"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    return share(f_fake, f_real)


def wrong_radius_from_the_other_set(f_real, f_fake, k=3):
    """the radius reaches to the k-th point of the other set"""

    def share(points, centers):
        radius = torch.cdist(centers, points).sort(1).values[:, k - 1]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_radius_squared(f_real, f_fake, k=3):
    """the distances are squared, the radii are not"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) ** 2 <= radius).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_same_balls(f_real, f_fake, k=3):
    """the data's balls for both"""

    def share(points, centers):
        radius = torch.cdist(f_real, f_real).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_real)


def wrong_share_of_pairs(f_real, f_fake, k=3):
    """the share of pairs in place of that of points"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).double().mean().item()

    return share(f_fake, f_real), share(f_real, f_fake)


def wrong_swapped(f_real, f_fake, k=3):
    """recall first"""

    def share(points, centers):
        radius = torch.cdist(centers, centers).sort(1).values[:, k]
        return (torch.cdist(points, centers) <= radius).any(1).double().mean().item()

    return share(f_real, f_fake), share(f_fake, f_real)


def wrong_unique_rows(f_real, f_fake, k=3):
    """counts each distinct row once, in the balls"""

    def covered(points, centres):
        centres = centres.unique(dim=0)
        radius = torch.cdist(centres, centres).sort(dim=1).values[:, min(k, len(centres) - 1)]
        return (torch.cdist(points, centres) <= radius).any(dim=1).float().mean().item()

    return covered(f_fake, f_real), covered(f_real, f_fake)
