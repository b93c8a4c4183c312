"""9.2 Precision and recall."""

import math

import numpy as np
import torch
from scipy.spatial import KDTree, cKDTree
from scipy.spatial.distance import cdist, pdist, squareform
from sklearn.neighbors import NearestNeighbors

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.evaluate import precision_recall as definition


def cases(g):
    for k in (2, 1, 4, None):
        real, fake = draw.normal(g, 43, 2), draw.normal(g, 52, 2)
        real[:15] = 0.4 * real[:15] + 5  # a part that the samples hardly see
        fake[:5] += 5
        fake[5:] *= 1.6
        words = f"43 rows of data, 52 samples, {'k left out' if k is None else f'k = {k}'}"
        yield Call(real, fake, *[] if k is None else [k]).but(words=words)
    some, more = draw.normal(g, 19, 2), 2 * draw.normal(g, 73, 2)
    yield Call(some.repeat(2, 1), more, 3).but(words="each row of data comes twice, k = 3")
    row = torch.tensor([[0.0], [1.0], [3.0], [9.0]]) + 0.1 * draw.uniform(g, 4, 1)
    yield Call(row, draw.uniform(g, 33, 1, low=-12, high=21)).but(
        words="4 rows of data, k left out"
    )


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

RADIUS = "distances(some, centers).kthvalue(k + 1, dim=1).values"
INSIDE = "(distances(points, some) <= radius).any(1)"
SHARE = "return inside.double().mean().item()"
RESULT = "return share_within(f_fake, f_real), share_within(f_real, f_fake)"
TABLE = "distances(points, centers)"
ALL = f"radius = {RADIUS.replace('some', 'centers')}"


def _radius(words, radius):
    return change(words, RADIUS, radius)


def _inside(words, inside):
    return change(words, INSIDE, inside)


def _share(words, share):
    return change(words, SHARE, f"{ALL}; return {share}")


def _gives(words, result):
    return change(words, RESULT, f"return {result}")


wrong_counts_itself = _radius(
    "each row counts as its own neighbour: its distance to itself, 0, is to be passed over",
    RADIUS.replace("k + 1", "k"),
)
wrong_one_too_far = _radius(
    "this is the neighbour after the k-th", "distances(some, centers).sort(1).values[:, k + 1]"
)
wrong_one_too_far_kthvalue = _radius(
    "this is the neighbour after the k-th", RADIUS.replace("k + 1", "k + 2")
)
wrong_k_is_3 = _radius(
    "k is an argument; this is the third neighbour", RADIUS.replace("k + 1", "4")
)
wrong_k_default = change("where k is left out it is 3", "k: int = 3", "k: int = 2")
wrong_k_clipped = _radius(
    "with k + 1 rows the k-th neighbour is the last row of all, and it counts",
    RADIUS.replace("k + 1", "min(k + 1, len(centers) - 1)"),
)
wrong_mean_of_k = _radius(
    "the radius is the distance of the k-th neighbour, not the mean over k of them",
    "distances(some, centers).sort(1).values[:, 1 : k + 1].mean(1)",
)
wrong_diameter = _radius(
    "the radius is the whole distance of the k-th neighbour, not half of it", f"{RADIUS} / 2"
)
wrong_drop_zero_distances = _radius(
    "a row with the same numbers is another row, too: here all distances of 0 are passed over",
    "distances(some, centers).masked_fill(distances(some, centers) == 0, math.inf).kthvalue(k).values",
)
wrong_unique_rows = _radius(
    "a row with the same numbers is another row, too: here equal ones count once",
    "distances(some, u := centers.unique(dim=0)).kthvalue(min(k + 1, len(u))).values",
)
wrong_median_radius = _radius(
    "each row has a radius of its own; this is the median one for all", f"{RADIUS}.median()"
)
wrong_one_radius = _radius(
    "each row has a radius of its own; this is the mean one for all", f"{RADIUS}.mean()"
)
wrong_largest_radius = _radius(
    "each row has a radius of its own; this is the largest for all", f"{RADIUS}.amax()"
)
wrong_radius_from_the_other_set = _radius(
    "the radius reaches to the k-th row of the same set, not of the other one",
    "distances(some, points).kthvalue(k, dim=1).values",
)
wrong_radius_from_the_other_set_rounded = change(
    "the radius reaches to the k-th row of the same set, not of the other one",
    RADIUS,
    "torch.cdist(some, points).kthvalue(k, dim=1).values",
    INSIDE,
    "(torch.cdist(points, some) <= radius).any(1)",
)
wrong_radius_squared = _inside(
    "distances and radii: one is squared, the other is not",
    "(distances(points, some) ** 2 <= radius).any(1)",
)
wrong_radius_not_rooted = _radius(
    "distances and radii: one is squared, the other is not", f"{RADIUS} ** 2"
)
wrong_all_balls = change("one ball is enough: any, not all", INSIDE, INSIDE.replace("any", "all"))
wrong_two_balls = _inside(
    "one ball is enough; two are asked for here", "((distances(points, some) <= radius).sum(1) > 1)"
)
wrong_axis = _share(
    "any goes along the wrong axis: a point is in if one of the balls holds it",
    f"({TABLE} <= radius).any(0).double().mean().item()",
)
wrong_share_of_pairs = _share(
    "this is the share of the pairs; a point is in if one of the balls holds it",
    f"({TABLE} <= radius).double().mean().item()",
)
wrong_nearest_ball_alone = _share(
    "a point may lie in any ball, not only in that of its nearest centre",
    f"({TABLE}.amin(1) <= radius[{TABLE}.argmin(1)]).double().mean().item()",
)
wrong_own_ball = _share(
    "the balls are those of the other set: a sample is held against the radii of the data",
    f"({TABLE}.amin(1) <= distances(points, points).kthvalue(k + 1).values).double().mean().item()",
)
wrong_chunks_drop_last = change(
    "the last rows are left out: not every number of rows can be divided by ten",
    SHARE,
    "inside[len(points) // 10 * 10 :] = False; return inside.double().mean().item()",
)
wrong_fewer_rows = change(
    "all rows count, in both sets; here the longer one is cut",
    RESULT,
    f"n = min(len(f_real), len(f_fake)); f_real, f_fake = f_real[:n], f_fake[:n]; {RESULT}",
)
wrong_city_block = change(
    "Euclidean distances are wanted; these are sums of absolute differences",
    'compute_mode="donot_use_mm_for_euclid_dist"',
    "p=1",
)
wrong_largest_difference = change(
    "Euclidean distances are wanted; these are the largest differences along a column",
    'compute_mode="donot_use_mm_for_euclid_dist"',
    "p=math.inf",
)
wrong_first_column = change(
    "distances are over all columns; this looks at the first alone",
    RESULT,
    f"f_real, f_fake = f_real[:, :1], f_fake[:, :1]; {RESULT}",
)
wrong_standardised = change(
    "features are taken as they come: nothing is standardised",
    RESULT,
    f"f_real, f_fake = ((f - f.mean(0)) / f.std(0) for f in (f_real, f_fake)); {RESULT}",
)
wrong_in_place = change(
    "f_real was changed, and belongs to the caller: no `+=`, no `mul_` and the like; work on a copy",
    RESULT,
    f"m = f_real.mean(0); f_real -= m; f_fake = f_fake - m; {RESULT}",
)
wrong_counts = change(
    "these are numbers of rows; shares are wanted", SHARE, "return inside.sum().item()"
)
wrong_percent = change(
    "these are percent; shares from 0 to 1 are wanted",
    SHARE,
    "return 100 * inside.double().mean().item()",
)
wrong_one_minus = change(
    "this is the share outside of the balls", SHARE, "return 1 - inside.double().mean().item()"
)
wrong_whole_numbers = change(
    "the shares are rounded: return them as they are",
    SHARE,
    "return round(inside.double().mean().item(), 2)",
)
wrong_divided_by_both = change(
    "precision is a share of the samples, recall of the data: each divides by its own number",
    SHARE,
    "return inside.sum().item() / len(f_real)",
)
wrong_coverage = _gives(
    "recall needs balls round the samples; how many balls of the data hold a sample is called coverage",
    f"share_within(f_fake, f_real), (distances(f_real, f_fake).amin(1) <= {RADIUS.replace('some, centers', 'f_real, f_real')}).double().mean().item()",
)
wrong_density = _gives(
    "a sample in many balls counts once; counting them all is called density",
    f"(distances(f_fake, f_real) <= {RADIUS.replace('some, centers', 'f_real, f_real')}).sum().item() / k / len(f_fake), share_within(f_real, f_fake)",
)
wrong_f1 = _gives(
    "recall stands in its own right; this is the harmonic mean of the two",
    "(p := share_within(f_fake, f_real)), 2 * p * (r := share_within(f_real, f_fake)) / (p + r)",
)
wrong_same_balls = _gives(
    "recall asks for the data in the balls of the samples, not in their own",
    "share_within(f_fake, f_real), share_within(f_real, f_real)",
)
wrong_precision_alone = _gives(
    "two numbers are wanted, precision and recall", "share_within(f_fake, f_real)"
)
wrong_swapped = _gives(
    "recall comes first; precision is wanted first",
    "share_within(f_real, f_fake), share_within(f_fake, f_real)",
)
wrong_no_return = _gives("nothing came back: is a `return` missing?", "None")
