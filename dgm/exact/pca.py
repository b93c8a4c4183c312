"""Principal components: the best linear autoencoder, in closed form.

With the top k eigenvectors of the data's covariance as rows of V,

    encode(x) = V (x - mean),    decode(z) = V^T z + mean.

Source: Bishop, Pattern Recognition and Machine Learning, 12.1. Taught in: chapter 02.
"""

import torch

from dgm.validate import shapes


@shapes(x="B *D: number")
def principal_components(x: torch.Tensor, k: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The mean of the data and the k orthonormal directions in which it varies most.

    They are the right singular vectors of the centred data, of the largest singular values.

    Args:
        x: (B, *D) data, whose event is first made flat, d entries long.
        k: how many directions, from 1 to the smaller of B and d.

    Returns:
        mean (d,) and components (k, d), the largest variance first; each has an arbitrary sign.

    Raises:
        ValueError: if `x` is not such a tensor, or `k` is out of range.

    Source: Bishop, Pattern Recognition and Machine Learning, 12.1. Taught in: chapter 02.

    Example:
        >>> mean, components = principal_components(torch.tensor([[0.0, 1.0], [4.0, 1.0]]), k=1)
        >>> mean.tolist(), components.abs().round(decimals=4).tolist()
        ([2.0, 1.0], [[1.0, 0.0]])
    """
    flat = x.flatten(1)
    if not 1 <= k <= min(flat.shape):
        raise ValueError(f"k is {k}, wanted 1 to {min(flat.shape)} for x of shape {tuple(x.shape)}")
    mean = flat.mean(0)
    return mean, torch.linalg.svd(flat - mean, full_matrices=False).Vh[:k]


@shapes(x="B *D: number", mean="d: number", components="k d: number")
def pca_reconstruct(x: torch.Tensor, mean: torch.Tensor, components: torch.Tensor) -> torch.Tensor:
    """Project x on the plane through the mean that the components span.

    Args:
        x: (B, *D) data of d entries each.
        mean: (d,) and components (k, d), as `principal_components` gives them.

    Returns:
        (B, *D).

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Bishop, Pattern Recognition and Machine Learning, eq. 12.10. Taught in: chapter 02.

    Example:
        >>> x, to_the_right = torch.tensor([[3.0, 4.0]]), torch.tensor([[1.0, 0.0]])
        >>> pca_reconstruct(x, torch.zeros(2), to_the_right).tolist()
        [[3.0, 0.0]]
    """
    z = (x.flatten(1) - mean) @ components.T  # (B, k)
    return (z @ components + mean).reshape(x.shape)


@shapes(a="d k: number", b="d l: number")
def principal_angles(a: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """The angles between the spaces that the columns of two matrices span.

    With Q_a and Q_b orthonormal bases of the two, the cosines are the singular values of
    Q_a^T Q_b. The cosine of a small angle is 1 to rounding; the sines, the singular values of
    Q_b - Q_a Q_a^T Q_b, keep it.

    Args:
        a: (d, k), of rank k.
        b: (d, l), of rank l; l is k or less.

    Returns:
        (l,) angles in radians from 0 to pi/2, the largest first.

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Bjorck and Golub 1973 (Mathematics of Computation 27). Taught in: chapter 02.

    Example:
        >>> round(principal_angles(torch.eye(2)[:, :1], torch.ones(2, 1)).item(), 4)  # 45 degrees
        0.7854
    """
    q_a, q_b = torch.linalg.qr(a).Q, torch.linalg.qr(b).Q
    inner = q_a.T @ q_b  # (k, l)
    cosines = torch.linalg.svdvals(inner).flip(0)[: b.shape[1]]
    sines = torch.linalg.svdvals(q_b - q_a @ inner)
    return torch.atan2(sines, cosines)
