"""What Newton's method asks for beside the derivatives: a step that there always is, and a warning.

    step = H^-1 s,    with the slope s and the curvature H, which may be singular.

Taught in: chapter 01.
"""

import warnings

import torch
from sklearn.exceptions import ConvergenceWarning

from dgm.validate import shapes


@shapes(A="d d: number", b="d: number")
def solve(A: torch.Tensor, b: torch.Tensor) -> torch.Tensor:
    """Solve A x = b for a symmetric A that may be singular.

    Scale A to a diagonal of ones, so that a feature's unit does not matter, and add a ridge of
    eps^(2/3) to it (eps is the dtype's). Then a constant or repeated feature is no obstacle:
    its x is close to the solution of least norm. A regular A feels nothing of it.

    Args:
        A: (d, d) symmetric, with no eigenvalue below 0.
        b: (d,).

    Returns:
        (d,).

    Raises:
        ValueError: if shapes or dtypes do not agree.

    Source: Nocedal and Wright, Numerical Optimization, 3.4. Taught in: chapter 01.

    Example:
        >>> [round(a, 3) for a in solve(torch.ones(2, 2), torch.ones(2)).tolist()]
        [0.5, 0.5]
    """
    diagonal = A.diagonal()
    scale = torch.where(diagonal > 0, diagonal, 1).rsqrt()
    ridge = torch.full_like(b, torch.finfo(b.dtype).eps ** (2 / 3)).diag()
    return scale * torch.linalg.solve(scale[:, None] * A * scale + ridge, scale * b)


def warn_no_maximum(separable: bool) -> None:
    """Say why `fit` has not converged, as a ConvergenceWarning. Taught in: chapter 01.

    Example:
        >>> import warnings
        >>> with warnings.catch_warnings(record=True) as seen: warn_no_maximum(separable=True)
        >>> seen[0].category.__name__
        'ConvergenceWarning'
    """
    if separable:
        message = (
            "the classes can be separated by a plane, so the likelihood has no maximum: it grows "
            "for ever as the coefficients do; the last ones are returned. Pass l2 > 0 (a penalty)"
        )
    else:
        message = (
            "Newton's method has not converged, the last coefficients are returned: "
            "raise max_iter, bring the features to one scale, or pass l2 > 0 (a penalty)"
        )
    warnings.warn(message, ConvergenceWarning, stacklevel=4)
