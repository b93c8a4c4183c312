"""What samples are worth, measured. Taught in: chapters 04 and 09."""

import math

import torch

from dgm.validate import shapes

ROWS = 1000  # whose distances to all others are held in memory together


@shapes(x="B d: float", centers="M d: float")
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
    """
    if dim < 1:
        raise ValueError(f"dim is {dim}, wanted 1 or more")
    return nats / (dim * math.log(2))


@shapes(f_real="B d: float", f_fake="F d: float")
def frechet_distance(f_real: torch.Tensor, f_fake: torch.Tensor) -> float:
    """The squared Frechet distance of two Gaussians with the means and covariances of features.

    |mu_1 - mu_2|^2 + tr(C_1 + C_2 - 2 (C_1^(1/2) C_2 C_1^(1/2))^(1/2)).

    Args:
        f_real: (B, d) features of data, two rows or more.
        f_fake: (F, d) features of samples, two rows or more.

    Returns:
        A number of 0 or more; with few rows it is too large, so compare at equal B and F.

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Dowson and Landau 1982; Heusel et al. 2017 (arXiv 1706.08500), eq. 6.
    Taught in: chapter 09.
    """
    real, fake = f_real.double(), f_fake.double()
    c1, c2 = torch.cov(real.T), torch.cov(fake.T)
    values, vectors = torch.linalg.eigh(c1)
    root = vectors * values.clamp(min=0).sqrt() @ vectors.T  # of c1
    cross = torch.linalg.eigvalsh(root @ c2 @ root).clamp(min=0).sqrt().sum()
    gap = (real.mean(0) - fake.mean(0)).square().sum()
    return max(0.0, (gap + c1.trace() + c2.trace() - 2 * cross).item())


@shapes(f_real="B d: float", f_fake="F d: float")
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
    """
    if not 1 <= k < min(len(f_real), len(f_fake)):
        raise ValueError(
            f"k is {k}, wanted 1 or more and fewer than there are rows: f_real has {len(f_real)}, "
            f"f_fake {len(f_fake)}"
        )
    return _share_within(f_fake, f_real, k), _share_within(f_real, f_fake, k)


def _share_within(points: torch.Tensor, centers: torch.Tensor, k: int) -> float:
    """The share of the points in a ball: round each centre, as far as the k-th nearest other."""
    within = torch.zeros(len(points), dtype=torch.bool, device=points.device)
    for some in centers.split(ROWS):
        radius = _distances(some, centers).kthvalue(k + 1, dim=1).values  # the first is its own
        within |= (_distances(points, some) <= radius).any(1)
    return within.double().mean().item()


def _distances(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """(A, B) distances, each computed by itself: that of a row to itself is 0."""
    return torch.cdist(a, b, compute_mode="donot_use_mm_for_euclid_dist")
