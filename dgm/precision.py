"""In which precision is computed.

Half precision (float16, bfloat16) has two or three digits. One rule for the whole package:

- what goes through a network (data, x_t, codes, samples, predictions) keeps its dtype;
- what measures is computed from float32, and gives float32: densities, divergences, bounds,
  distances, figures of merit, estimators, the closed forms of `dgm.exact`. They declare their
  arguments `number` (see `dgm.validate`), and no half precision reaches them;
- averages of weights are kept in float32.

Some devices, Apple's, have no
float64: what needs it is computed on the CPU there.
"""

from typing import Any

import torch

HALF = (torch.float16, torch.bfloat16)


def is_half(x: Any) -> bool:
    """Whether it is a tensor in half precision.

    Example:
        >>> is_half(torch.ones(1)), is_half(torch.ones(1).half())
        (False, True)
    """
    return isinstance(x, torch.Tensor) and x.dtype in HALF


def wide(x: Any) -> Any:
    """The same, but a tensor in half precision becomes float32.

    Example:
        >>> wide(torch.ones(1, dtype=torch.bfloat16)).dtype, wide(torch.ones(1).double()).dtype
        (torch.float32, torch.float64)
    """
    return x.float() if is_half(x) else x


def double(x: torch.Tensor) -> torch.Tensor:
    """The same in float64, on the device of `x`, or on the CPU if that device has no float64.

    Example:
        >>> double(torch.ones(1)).dtype
        torch.float64
    """
    return with_float64(x).double()


def with_float64(x: Any) -> Any:
    """The same, but a tensor on a device without float64 comes to the CPU.

    Example:
        >>> with_float64(torch.ones(1)).device.type
        'cpu'
    """
    if not isinstance(x, torch.Tensor) or x.device.type == "cpu":
        return x
    try:
        torch.empty(0, dtype=torch.float64, device=x.device)
    except TypeError:
        return x.cpu()
    return x


def moved(x: torch.Tensor, device: torch.device | str) -> torch.Tensor:
    """The same on another device; in float32, if that has no float64.

    Example:
        >>> moved(torch.ones(1, dtype=torch.float64), "meta").dtype
        torch.float64
    """
    try:
        return x.to(device)
    except TypeError:
        return x.float().to(device)
