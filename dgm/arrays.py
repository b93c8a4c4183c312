"""What the estimators read: arrays, lists and tensors, made into checked tensors."""

from typing import Any

import numpy as np
import torch

from dgm.precision import double


def as_matrix(X: Any, n_features: int | None = None) -> torch.Tensor:
    """Read a matrix of features.

    Args:
        X: (n, d) array, nested list or tensor of finite numbers; `n_features` is d, if known.

    Returns:
        (n, d) float64 tensor, on the device of `X` where that is a tensor and has float64, else on
        the CPU.

    Raises:
        ValueError: if `X` is not that.

    Example:
        >>> as_matrix([[1, 2]])
        tensor([[1., 2.]], dtype=torch.float64)
    """
    if isinstance(X, torch.Tensor):
        matrix = double(X.detach())
    else:
        try:
            array = np.asarray(X, dtype=np.float64)
        except (TypeError, ValueError) as error:
            raise ValueError(f"X cannot be read as an (n, d) array of numbers: {error}") from None
        if not array.flags.writeable or any(step < 0 for step in array.strides):
            array = array.copy()  # torch takes neither read-only nor backward arrays
        matrix = torch.from_numpy(array)
    if matrix.ndim != 2:
        hint = ": make it (n, 1) with X.reshape(-1, 1)" if matrix.ndim == 1 else ""
        raise ValueError(f"X has shape {tuple(matrix.shape)}, wanted (n, d){hint}")
    if 0 in matrix.shape:
        raise ValueError(f"X has shape {tuple(matrix.shape)}, which is empty: it needs some data")
    if not torch.isfinite(matrix.sum()) and not torch.isfinite(matrix).all():
        raise ValueError("X has NaN or infinity in it: drop or fill those entries")
    if n_features is not None and matrix.shape[1] != n_features:
        raise ValueError(
            f"X has shape {tuple(matrix.shape)}, wanted (n, {n_features}), as it was fitted"
        )
    return matrix


def as_labels(y: Any, n: int) -> tuple[np.ndarray, np.ndarray]:
    """Read labels: numbers, strings or booleans.

    Args:
        y: (n,) array, list or tensor.
        n: the number of rows of X.

    Returns:
        The sorted classes (K,), in the labels' own type, and their indices (n,) int64.

    Raises:
        ValueError: if `y` is not that.

    Example:
        >>> [a.tolist() for a in as_labels(["dog", "cat", "dog"], n=3)]
        [['cat', 'dog'], [1, 0, 1]]
    """
    labels = y.detach().cpu().numpy() if isinstance(y, torch.Tensor) else np.asarray(y)
    if labels.shape != (n,):
        raise ValueError(f"y has shape {labels.shape}, wanted (n,) with n={n} rows in X")
    if labels.dtype.kind == "f" and not (labels == np.round(labels)).all():
        raise ValueError("y has NaN or fractions in it, wanted a class label for each row")
    try:
        classes, index = np.unique(labels, return_inverse=True)
    except TypeError as error:
        raise ValueError(f"y mixes labels that cannot be compared: {error}") from None
    return classes, index
