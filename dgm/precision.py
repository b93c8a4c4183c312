"""In which precision is computed.

Half precision, float16 and bfloat16, has two or three digits.
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
