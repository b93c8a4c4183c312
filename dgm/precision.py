"""In which precision is computed.

Half precision, float16 and bfloat16, has two or three digits. Some devices, Apple's, have no
float64: what needs it is computed on the CPU there.
"""

import torch

HALF = (torch.float16, torch.bfloat16)


def wide(x: torch.Tensor) -> torch.Tensor:
    """The same, but float32 where it was in half precision.

    Example:
        >>> wide(torch.ones(1, dtype=torch.bfloat16)).dtype, wide(torch.ones(1).double()).dtype
        (torch.float32, torch.float64)
    """
    return x.float() if x.dtype in HALF else x


def double(x: torch.Tensor) -> torch.Tensor:
    """The same in float64, on the device of `x`, or on the CPU if that device has no float64.

    Example:
        >>> double(torch.ones(1)).dtype
        torch.float64
    """
    try:
        return x.double()
    except TypeError:
        return x.cpu().double()


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
