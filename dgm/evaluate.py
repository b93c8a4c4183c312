"""What samples are worth, measured. Taught in: chapters 04 and 09."""

import math
from collections.abc import Callable
from functools import partial

import torch

from dgm.validate import shapes


@shapes(x="B d: exact", centers="M d: exact")
def modes_covered(
    x: torch.Tensor, centers: torch.Tensor, sigma: float, min_share: float = 0.01
) -> tuple[int, float]:
    """How many modes of a known mixture are found in samples, and how many samples are in one.

    A sample is of high quality if its nearest centre is at most 3 sigma away. A mode is covered
    if its high-quality samples are at least the share `min_share` of all samples, good or bad.

    Args:
        x: (B, d) samples.
        centers: (M, d) the modes' centres.
        sigma: the standard deviation of each mode, above 0.
        min_share: of all samples, above 0.

    Returns:
        The number of modes covered, and the share of the samples that are of high quality.

    Raises:
        ValueError: if shapes or dtypes do not agree, or `sigma` or `min_share` is not above 0.

    Source: Metz et al. 2017 (arXiv 1611.02163); Srivastava et al. 2017 (arXiv 1705.07761),
    section 4. Taught in: chapter 04.

    Example:
        >>> x, centers = torch.tensor([[0.0], [0.1], [1.0], [9.0]]), torch.arange(3.0)[:, None]
        >>> modes_covered(x, centers, sigma=0.1)
        (2, 0.75)
    """
    if not (sigma > 0 and min_share > 0):
        raise ValueError(f"sigma is {sigma} and min_share {min_share}, wanted both above 0")
    distance, nearest = (x[:, None] - centers).norm(dim=2).min(1)  # (B,)
    good = nearest[distance <= 3 * sigma]
    share = torch.bincount(good, minlength=len(centers)).double() / len(x)  # (M,)
    return int((share >= min_share).sum()), len(good) / len(x)


def bits_per_dim(nats: float, dim: int) -> float:
    """A negative log-likelihood of quantised data in bits for each of its dimensions.

    nats / (dim log 2).

    Args:
        nats: minus the log-likelihood of one x, or a mean of such.
        dim: the number of its dimensions.

    Raises:
        ValueError: if `dim` is below 1.

    Source: Theis, van den Oord and Bethge 2016 (arXiv 1511.01844). Taught in: chapter 09.

    Example:
        >>> import math
        >>> round(bits_per_dim(math.log(256), dim=1), 4)  # each of 256 levels equally likely
        8.0
    """
    if dim < 1:
        raise ValueError(f"dim is {dim}, wanted 1 or more")
    return nats / (dim * math.log(2))


@shapes(f_real="B d: exact", f_fake="F d: exact")
def frechet_distance(f_real: torch.Tensor, f_fake: torch.Tensor) -> float:
    """The squared Frechet distance of two Gaussians with the means and covariances of features.

    |mu_1 - mu_2|^2 + tr(C_1 + C_2 - 2 (C_1^(1/2) C_2 C_1^(1/2))^(1/2)).

    Args:
        f_real: (B, d) features of data, two rows or more.
        f_fake: (F, d) features of samples, two rows or more.

    Returns:
        A number of 0 or more; with few rows it is too large, so compare at equal B and F.

    Raises:
        ValueError: if shapes or dtypes do not agree, or there is but one row.

    Source: Dowson and Landau 1982; Heusel et al. 2017 (arXiv 1706.08500), eq. 6.
    Taught in: chapter 09.

    Example:
        >>> f = torch.tensor([[0.0, 1.0], [2.0, 5.0]])
        >>> round(frechet_distance(f, f + 3), 4)
        18.0
    """
    if min(len(f_real), len(f_fake)) < 2:
        raise ValueError(
            f"f_real has {len(f_real)} rows and f_fake {len(f_fake)}: a covariance takes two or more"
        )
    real, fake = f_real.double(), f_fake.double()
    c1, c2 = (torch.atleast_2d(torch.cov(f.T)) for f in (real, fake))
    values, vectors = torch.linalg.eigh(c1)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T  # of c1
    cross = torch.linalg.eigvalsh(root @ c2 @ root).clamp(min=0).sqrt().sum()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    return max(0.0, (gap + c1.trace() + c2.trace() - 2 * cross).item())


@shapes(f_real="B d: exact", f_fake="F d: exact")
def precision_recall(f_real: torch.Tensor, f_fake: torch.Tensor, k: int = 3) -> tuple[float, float]:
    """How many samples are like data, and how much of the data is like samples.

    A set of features stands for balls: round each row, as far as its k-th nearest other row.
    Precision is the share of the samples that lie in a ball of the data, recall the share of the
    data that lies in a ball of the samples.

    Args:
        f_real: (B, d) features of data, more than k rows.
        f_fake: (F, d) features of samples, more than k rows.
        k: 1 or more.

    Returns:
        Precision and recall, each 0 to 1. Both depend on the number of rows: compare at equal
        B and F.

    Raises:
        ValueError: if shapes or dtypes do not agree, or `k` is below 1 or not below B and F.

    Source: Kynkaanniemi et al. 2019 (arXiv 1904.06991), eq. 1 and 2. Taught in: chapter 09.

    Example:
        >>> f_real, f_fake = torch.tensor([[0.0, 1.0, 2.0, 3.0], [0.5, 1.5, 2.5, 9.0]])[..., None]
        >>> precision_recall(f_real, f_fake, k=1)
        (0.75, 1.0)
    """
    if not 1 <= k < min(len(f_real), len(f_fake)):
        raise ValueError(
            f"k is {k}, wanted 1 or more and fewer than there are rows: f_real has {len(f_real)}, "
            f"f_fake {len(f_fake)}"
        )
    # each distance by itself, so that a row's to itself is exactly 0
    distances = partial(torch.cdist, compute_mode="donot_use_mm_for_euclid_dist")

    def share_within(points: torch.Tensor, centers: torch.Tensor) -> float:
        inside = torch.zeros(len(points), dtype=torch.bool, device=points.device)
        for some in centers.split(1000):  # no more than memory holds
            radius = distances(some, centers).kthvalue(k + 1, dim=1).values  # the first is its own
            inside |= (distances(points, some) <= radius).any(1)
        return inside.double().mean().item()

    return share_within(f_fake, f_real), share_within(f_real, f_fake)


@shapes(p="B K: exact, share")
def classes_covered(p: torch.Tensor, min_share: float = 0.01) -> tuple[int, float]:
    """How many classes are found in samples, and how many equally frequent ones that is worth.

    A sample is of the class that a classifier finds most likely. A class is covered if the share
    s_k of the samples that are of it is at least `min_share`. The effective number of classes is
    exp(-sum_k s_k log s_k), where a class without samples counts for nothing.

    Args:
        p: (B, K) the probability of each class, for each sample.
        min_share: of all samples, above 0.

    Returns:
        The number of classes covered, 0 to K, and the effective number, 1 to K.

    Raises:
        ValueError: if shapes or dtypes do not agree, or `min_share` is not above 0.

    Source: Hill 1973 (Ecology 54, 427), for the effective number. Taught in: chapter 09.

    Example:
        >>> covered, effective = classes_covered(torch.eye(4)[[0, 0, 1, 1]])
        >>> covered, round(effective, 4)
        (2, 2.0)
    """
    if not min_share > 0:
        raise ValueError(f"min_share is {min_share}, wanted a number above 0")
    share = torch.bincount(p.argmax(1), minlength=p.shape[1]).double() / len(p)  # (K,)
    entropy = torch.special.entr(share).sum()  # 0 where a share is 0
    return int((share >= min_share).sum()), entropy.exp().item()


@shapes(values="n: exact")
def bootstrap_interval(
    values: torch.Tensor,
    level: float = 0.95,
    draws: int = 2000,
    generator: torch.Generator | None = None,
    statistic: Callable[[torch.Tensor], torch.Tensor] = torch.mean,
) -> tuple[float, float]:
    """Between which bounds a statistic would come out again, told from one set of values.

    Draws n of the n values with replacement, `draws` times, and takes the statistic of each. The
    interval leaves out the share (1 - level) / 2 of what was found at either end.

    Args:
        values: (n,) measured independently: one a seed, or one a sample.
        level: the share that lies within, between 0 and 1.
        draws: 1 or more.
        generator: the source of randomness.
        statistic: of n values, (n,), one number.

    Returns:
        The lower and the upper bound. With few values it is too narrow: it never leaves the range
        of what was seen.

    Raises:
        ValueError: if `values` is not of one axis, or `level` or `draws` is out of its range.

    Source: Efron 1979 (Annals of Statistics 7, 1); Efron and Tibshirani 1993, section 13.3.
    Taught in: chapter 09.

    Example:
        >>> bootstrap_interval(torch.full((5,), 3.0), draws=10)
        (3.0, 3.0)
    """
    if not (0 < level < 1 and draws >= 1):
        raise ValueError(
            f"level is {level}, wanted above 0 and below 1; draws {draws}, wanted 1 up"
        )
    n = len(values)
    picks = torch.randint(n, (draws, n), generator=generator, device=values.device)
    found = torch.stack([torch.as_tensor(statistic(values[row])).double() for row in picks])
    tail = (1 - level) / 2
    low, high = torch.quantile(found, found.new_tensor([tail, 1 - tail]))
    return low.item(), high.item()
