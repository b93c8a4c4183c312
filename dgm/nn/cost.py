"""What a network costs: its multiply-accumulates, counted by hand.

    convolution: B H' W' C_out C_in k^2,    self-attention: B (4 N C^2 + 2 N^2 C),  N = H W.

One multiply-accumulate (MAC) is a product and its addition to a sum, so two floating-point
operations. Additions of biases, norms and activations are few beside them and are left out.
Taught in: chapter 07.
"""

from collections.abc import Sequence


def conv_macs(
    shape: Sequence[int], out_channels: int, kernel: int, stride: int = 1, padding: int = 0
) -> int:
    """The multiply-accumulates of a convolution, `nn.Conv2d`, on a batch.

    Each number of the result (B, C_out, H', W') is a sum over C_in kernel^2 products. The kernel
    lands H' = floor((H + 2 padding - kernel) / stride) + 1 times from top to bottom, and W' times
    likewise from left to right.

    Args:
        shape: (B, C_in, H, W), of what goes in.
        out_channels: C_out.
        kernel: height and width of the kernel.
        stride: so many pixels from one place of the kernel to the next.
        padding: rows and columns of zeros on each of the four sides.

    Returns:
        A whole number.

    Raises:
        ValueError: if `shape` is not four numbers, or the kernel does not fit.

    Source: Sze et al. 2017 (arXiv 1703.09039), section III-A. Taught in: chapter 07.

    Example:
        >>> conv_macs((1, 1, 4, 4), out_channels=1, kernel=3, padding=1)
        144
    """
    batch, in_channels, height, width = shape
    h, w = ((side + 2 * padding - kernel) // stride + 1 for side in (height, width))
    if min(h, w) < 1:
        raise ValueError(
            f"kernel is {kernel} and padding {padding}, wanted a kernel that fits into "
            f"{height} by {width}"
        )
    return batch * h * w * out_channels * in_channels * kernel**2


def attention_macs(shape: Sequence[int]) -> int:
    """The multiply-accumulates of self-attention of all pixels (`dgm.nn.self_attention.Attention`).

    Each pixel's C channels are multiplied with a C by 3C matrix, which gives its query, key and
    value; each query with each key of its image; the weights of each query with all values; and
    what each pixel has read with a C by C matrix. Heads change nothing: they share out C.

    Args:
        shape: (B, C, H, W), of what goes in and comes out.

    Returns:
        A whole number.

    Raises:
        ValueError: if `shape` is not four numbers.

    Source: Vaswani et al. 2017 (arXiv 1706.03762), table 1. Taught in: chapter 07.

    Example:
        >>> attention_macs((1, 1, 2, 2))
        48
    """
    batch, channels, height, width = shape
    pixels = height * width
    return batch * (4 * pixels * channels**2 + 2 * pixels**2 * channels)
