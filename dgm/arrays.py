"""What is read: by estimators, arrays and lists made into tensors; by networks, tensors that fit."""

from functools import partial
from itertools import chain
from typing import Any, TypeVar

import numpy as np
import torch
from torch import nn

from dgm.precision import double

Net = TypeVar("Net", bound=nn.Module)


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


def takes(net: Net, name: str, *event: int) -> Net:
    """The network, which from now on refuses by name what it was not built for.

    Args:
        net: called with one tensor, (B, *event), of the dtype of its own parameters.
        name: what that is called; without an `event` its dtype alone is looked at.

    Example:
        >>> takes(torch.nn.Linear(2, 1), "x", 2)(torch.zeros(5, 3))
        Traceback (most recent call last):
        ValueError: x has shape (5, 3), wanted (B, 2)
    """
    net.register_forward_pre_hook(partial(_look_at_first, name, event))
    return net


def _look_at_first(name: str, event: tuple[int, ...], net: nn.Module, args: tuple[Any]) -> None:
    if args:
        check_input(net, name, args[0], *event)


def check_input(net: nn.Module, name: str, x: Any, *event: int) -> None:
    """Raise ValueError unless the network can read x (B, *event): by type, shape and dtype.

    Example:
        >>> check_input(torch.nn.Linear(2, 1), "x", torch.zeros(5, 3), 2)
        Traceback (most recent call last):
        ValueError: x has shape (5, 3), wanted (B, 2)
    """
    if torch.compiler.is_compiling():
        return
    wanted = f"(B, {', '.join(map(str, event)) or '*D'})"
    if not isinstance(x, torch.Tensor):
        raise ValueError(f"{name} is of type {type(x).__name__}, wanted a torch.Tensor {wanted}")
    rank = x.ndim == len(event) + 1 or len(event) < 2
    if event and (x.shape[-len(event) :] != event or not rank):
        raise ValueError(f"{name} has shape {tuple(x.shape)}, wanted {wanted}")
    check_dtype(net, name, x)


def check_dtype(net: nn.Module, name: str, x: torch.Tensor) -> None:
    """Raise ValueError unless x has the dtype of the network; under autocast any will do.

    Example:
        >>> check_dtype(torch.nn.Linear(2, 1), "x", torch.zeros(5, 2).double())
        Traceback (most recent call last):
        ValueError: x is torch.float64, but the network is torch.float32: convert one with .to()
    """
    like = next(chain(net.parameters(), net.buffers()), x)
    if x.dtype != like.dtype and not torch.is_autocast_enabled(x.device.type):
        raise ValueError(
            f"{name} is {x.dtype}, but the network is {like.dtype}: convert one with .to()"
        )
