"""TITLE."""

import math

import numpy as np
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.nn.cost import conv_macs as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_asks_torch_for_the_shape(shape, out_channels, kernel, stride=1, padding=0):
    conv = nn.Conv2d(shape[1], out_channels, kernel, stride, padding, device="meta")
    result = conv(torch.empty(*shape, device="meta"))
    return result.numel() * shape[1] * kernel**2


def right_counter(shape, out_channels, kernel, stride=1, padding=0):
    conv = nn.Conv2d(shape[1], out_channels, kernel, stride, padding)
    with FlopCounterMode(display=False) as counter:
        conv(torch.zeros(*shape))
    return counter.get_total_flops() // 2


def right_float(shape, out_channels, kernel, stride=1, padding=0):
    b, c = shape[:2]
    area = 1.0
    for side in shape[2:]:
        area *= len(range(0, side + 2 * padding - kernel + 1, stride))
    return float(b) * area * c * out_channels * kernel**2


def right_from_the_weights(shape, out_channels, kernel, stride=1, padding=0):
    conv = nn.Conv2d(shape[1], out_channels, kernel, stride, padding, bias=False)
    sides = [math.floor((s + 2 * padding - kernel) / stride + 1) for s in shape[2:]]
    return math.prod(sides) * conv.weight.numel() * shape[0]


def right_loops_over_places(shape, out_channels, kernel, stride=1, padding=0):
    places = 0
    for top in range(-padding, shape[2] + padding - kernel + 1, stride):
        for left in range(-padding, shape[3] + padding - kernel + 1, stride):
            places += 1
    return shape[0] * places * out_channels * shape[1] * kernel**2


def right_numpy(shape, out_channels, kernel, stride=1, padding=0):
    sides = (np.array(shape[2:]) + 2 * padding - kernel) // stride + 1
    return np.prod(sides) * np.prod(shape[:2]) * out_channels * kernel**2


def right_plain(shape, out_channels, kernel, stride=1, padding=0):
    n, c, h, w = shape
    new_h = (h + 2 * padding - kernel) // stride + 1
    new_w = (w + 2 * padding - kernel) // stride + 1
    return n * c * out_channels * kernel * kernel * new_h * new_w


def right_tensor(shape, out_channels, kernel, stride=1, padding=0):
    sides = (torch.tensor(shape[2:]) + 2 * padding - kernel).div(stride, rounding_mode="floor") + 1
    return sides.prod() * shape[0] * shape[1] * out_channels * kernel**2


# Mistakes, and what a student is told.


def wrong_adds_channels(shape, out_channels, kernel, stride=1, padding=0):
    """input and output channels added"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: input and output channels are multiplied, not added
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return b * h * w * (c + out_channels) * kernel**2


def wrong_channels_last(shape, out_channels, kernel, stride=1, padding=0):
    """the shape read as (B, H, W, C)"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: channels stand second in shape: (B, C, H, W)
    b, h, w, c = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return b * h * w * c * out_channels * kernel**2


def wrong_depthwise(shape, out_channels, kernel, stride=1, padding=0):
    """the larger number of channels alone, as if each had its own kernel"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: each number of the result is a sum over all input channels too
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return b * h * w * max(c, out_channels) * kernel**2


def wrong_flops(shape, out_channels, kernel, stride=1, padding=0):
    """operations, two for each multiply-accumulate"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: these are FLOPs; a product and its addition are one multiply-accumulate
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return 2 * b * h * w * c * out_channels * kernel**2


def wrong_in_channels_squared(shape, out_channels, kernel, stride=1, padding=0):
    """input channels for output channels"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: out_channels is not used
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return b * h * w * c * c * kernel**2


def wrong_input_over_stride(shape, out_channels, kernel, stride=1, padding=0):
    """the input's side over the stride, kernel and padding forgotten"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: this takes the result to be as large as the input: the kernel does not land that often
    h, w = (s // stride for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2


def wrong_kernel_not_squared(shape, out_channels, kernel, stride=1, padding=0):
    """a kernel of k numbers in place of k times k"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: a kernel has k times k numbers in each channel: its square is wanted
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return b * h * w * c * out_channels * kernel


def wrong_no_batch(shape, out_channels, kernel, stride=1, padding=0):
    """the cost of one image"""
    # SAID: shape (3, 4, 14, 20), 9 channels out, kernel 1, stride 1, padding 0: this is one image's cost; the batch has more
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return h * w * c * out_channels * kernel**2


def wrong_no_in_channels(shape, out_channels, kernel, stride=1, padding=0):
    """each number of the result as a sum over one channel"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: each number of the result is a sum over all input channels too
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return b * h * w * out_channels * kernel**2


def wrong_no_out_channels(shape, out_channels, kernel, stride=1, padding=0):
    """one channel of the result"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: the result has out_channels channels, and each costs as much
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return b * h * w * c * kernel**2


def wrong_no_plus_one(shape, out_channels, kernel, stride=1, padding=0):
    """the last place of the kernel forgotten"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: H' lacks its + 1: the kernel lands at the start too
    h, w = ((s + 2 * padding - kernel) // stride for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2


def wrong_no_return(shape, out_channels, kernel, stride=1, padding=0):
    """no return"""
    # SAID: conv_macs returned None: did you forget `return`?
    shape[0] * shape[1] * out_channels * kernel**2


def wrong_not_rounded(shape, out_channels, kernel, stride=1, padding=0):
    """not rounded at all"""
    # SAID: shape (2, 3, 13, 16), 9 channels out, kernel 3, stride 3, padding 0: H' is a whole number: round the division down
    h, w = ((s + 2 * padding - kernel) / stride + 1 for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2


def wrong_padding_ignored(shape, out_channels, kernel, stride=1, padding=0):
    """padding forgotten"""
    # SAID: shape (3, 4, 17, 20), 9 channels out, kernel 3, stride 1, padding 1: padding is not used
    h, w = ((s - kernel) // stride + 1 for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2


def wrong_padding_once(shape, out_channels, kernel, stride=1, padding=0):
    """padding on one side only"""
    # SAID: shape (3, 4, 17, 20), 9 channels out, kernel 3, stride 1, padding 1: padding stands on both sides: twice
    h, w = ((s + padding - kernel) // stride + 1 for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2


def wrong_plus_one_first(shape, out_channels, kernel, stride=1, padding=0):
    """one added before the division"""
    # SAID: shape (2, 3, 13, 16), 9 channels out, kernel 3, stride 3, padding 0: H' lacks its + 1: the kernel lands at the start too
    h, w = ((s + 2 * padding - kernel + 1) // stride for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2


def wrong_products_less_one(shape, out_channels, kernel, stride=1, padding=0):
    """the additions alone, one fewer than the products"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: one product fewer than there are: the first one is added too, to zero
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return b * h * w * out_channels * (c * kernel**2 - 1)


def wrong_result_size(shape, out_channels, kernel, stride=1, padding=0):
    """the number of entries of the result"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: this is the size of the result; how many products are in each of its numbers?
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return b * h * w * out_channels


def wrong_rounded_up(shape, out_channels, kernel, stride=1, padding=0):
    """rounded up in place of down"""
    # SAID: shape (2, 3, 13, 16), 9 channels out, kernel 3, stride 3, padding 0: round down: a kernel that hangs over the edge does not land
    h, w = (math.ceil((s + 2 * padding - kernel) / stride) + 1 for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2


def wrong_same_size(shape, out_channels, kernel, stride=1, padding=0):
    """the result taken to be as large as the input"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: this takes the result to be as large as the input: the kernel does not land that often
    h, w = (s for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2


def wrong_square_images(shape, out_channels, kernel, stride=1, padding=0):
    """the height squared in place of height times width"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: pictures need not be square: height and width differ
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return b * h * h * c * out_channels * kernel**2


def wrong_stride_ignored(shape, out_channels, kernel, stride=1, padding=0):
    """stride forgotten"""
    # SAID: shape (2, 3, 13, 16), 9 channels out, kernel 3, stride 3, padding 0: stride is not used
    h, w = (s + 2 * padding - kernel + 1 for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2


def wrong_stride_of_three_by_three(shape, out_channels, kernel, stride=1, padding=0):
    """padding taken to be that which keeps the size"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: this takes the result to be as large as the input: the kernel does not land that often
    h, w = ((s - 1) // stride + 1 for s in shape[2:])
    return shape[0] * h * w * shape[1] * out_channels * kernel**2


def wrong_stride_once(shape, out_channels, kernel, stride=1, padding=0):
    """the stride divides the places once, in one direction"""
    # SAID: shape (2, 3, 13, 16), 9 channels out, kernel 3, stride 3, padding 0: the stride is the same in both directions: it makes H' and W' smaller
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = w + 2 * padding - kernel + 1
    return b * h * w * c * out_channels * kernel**2


def wrong_weights(shape, out_channels, kernel, stride=1, padding=0):
    """the number of weights, without the places"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: this counts the weights; each is used again at each place
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return c * out_channels * kernel**2


def wrong_with_bias(shape, out_channels, kernel, stride=1, padding=0):
    """the bias counted too"""
    # SAID: shape (1, 5, 17, 20), 9 channels out, kernel 4, stride 1, padding 0: the bias is left out of the bill
    b, c, h, w = shape
    h = (h + 2 * padding - kernel) // stride + 1
    w = (w + 2 * padding - kernel) // stride + 1
    return b * h * w * out_channels * (c * kernel**2 + 1)
