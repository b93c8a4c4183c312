"""7.1 A convolution."""

import math

import numpy as np
import torch
from torch import nn
from torch.utils.flop_counter import FlopCounterMode

from course.checks.cases import Doing
from course.checks.exercise import change
from dgm.nn.cost import conv_macs as definition


def cases(g):
    def pick(low, high):
        return int(torch.randint(low, high + 1, (1,), generator=g))

    high, wide = (3, pick(3, 5), 21, 13), (2, pick(3, 5), 17, 29)
    yield cost(high, pick(6, 9), 4)
    yield cost(torch.Size(high), pick(6, 9), 1)
    yield cost((1, 3, 12, 25), pick(6, 9), 5, 3)
    for stride, padding in ((1, 2), (3, 1), (5, 3), (4, 0)):
        yield cost(wide, pick(6, 9), 4, stride, padding)
    yield cost(wide, pick(6, 9), 3, padding=1)
    yield cost((5, 7, 61, 79), 11, 5).but(clue="Was it rounded to float32?")


def cost(shape, out, *args, **options):
    """A layer may be built to ask it, and draws its weights then."""
    names = "kernel", "stride", "padding"
    said = ", ".join(f"{k} {v}" for k, v in {**dict(zip(names, args)), **options}.items())
    words = f"shape {tuple(shape)}, {out} channels out, {said}"
    return Doing(words, lambda answer: {"": answer(shape, out, *args, **options)})


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


def right_rounded_up(shape, out_channels, kernel, stride=1, padding=0):
    sides = (math.ceil((side + 2 * padding - kernel + 1) / stride) for side in shape[2:])
    return math.prod((*sides, shape[0], shape[1], out_channels, kernel, kernel))


# Mistakes, and what a student is told.

SIDE, TWICE = "(side + 2 * padding - kernel) // stride + 1", "2 * padding"
RESULT = "batch * h * w * out_channels * in_channels * kernel**2"


def _side(words, formula):
    return change(words, SIDE, formula)


def _result(words, formula):
    return change(words, f"return {RESULT}", f"return {formula}")


wrong_adds_channels = change(
    "input and output channels are multiplied, not added",
    "out_channels * in_channels",
    "(out_channels + in_channels)",
)
wrong_channels_last = change(
    "channels stand second in shape: (B, C, H, W)",
    "batch, in_channels, height, width = shape",
    "batch, height, width, in_channels = shape",
)
wrong_depthwise = change(
    "each number of the result is a sum over all input channels too",
    "out_channels * in_channels",
    "max(out_channels, in_channels)",
)
wrong_flops = _result(
    "these are FLOPs; a product and its addition are one multiply-accumulate", f"2 * {RESULT}"
)
wrong_in_channels_squared = change(
    "out_channels is not used", "out_channels * in_channels", "in_channels**2"
)
wrong_input_over_stride = _side(
    "H' is not H over the stride: kernel and padding have their say", "side // stride"
)
wrong_kernel_not_squared = change(
    "a kernel has k times k numbers in each channel: its square is wanted", "kernel**2", "kernel"
)
wrong_no_batch = _result(
    "this is one image's cost; the batch has more", RESULT.replace("batch * ", "")
)
wrong_no_in_channels = change(
    "each number of the result is a sum over all input channels too", " * in_channels", ""
)
wrong_no_out_channels = change(
    "the result has out_channels channels, and each costs as much", " * out_channels", ""
)
wrong_no_plus_one = _side(
    "H' lacks its + 1: the kernel lands at the start too", "(side + 2 * padding - kernel) // stride"
)
wrong_no_return = change("nothing came back: is a `return` missing?", f"return {RESULT}", RESULT)
wrong_not_rounded = _side(
    "H' is a whole number: round the division down", "(side + 2 * padding - kernel) / stride + 1"
)
wrong_padding_ignored = change("padding is not used", f"side + {TWICE}", "side")
wrong_padding_once = change(
    "padding stands on both sides: twice", f"side + {TWICE}", "side + padding"
)
wrong_plus_one_first = _side(
    "the + 1 comes after the division and the rounding",
    "(side + 2 * padding - kernel + 1) // stride",
)
wrong_products_less_one = _result(
    "one product fewer than there are: the first one is added too, to zero",
    "batch * h * w * out_channels * (in_channels * kernel**2 - 1)",
)
wrong_result_size = _result(
    "this is the size of the result; how many products are in each of its numbers?",
    "batch * h * w * out_channels",
)
wrong_rounded_up = _side(
    "round down: a kernel that hangs over the edge does not land",
    "-((kernel - side - 2 * padding) // stride) + 1",
)
wrong_rounded_to_the_nearest = _side(
    "round down, and not to the nearest whole number",
    "int((side + 2 * padding - kernel) / stride + 0.5) + 1",
)
wrong_same_size = _side(
    "this takes the result to be as large as the input: the kernel does not land that often",
    "side",
)
wrong_square_images = _result(
    "pictures need not be square: height and width differ", RESULT.replace("h * w", "h * h")
)
wrong_square_images_by_width = _result(
    "pictures need not be square: height and width differ", RESULT.replace("h * w", "w * w")
)
wrong_stride_ignored = change("stride is not used", " // stride", "")
wrong_stride_of_three_by_three = _side(
    "the padding is an argument, not what keeps the size", "(side - 1) // stride + 1"
)
wrong_stride_once = _result(
    "the stride is the same in both directions: it makes H' and W' smaller",
    RESULT.replace(" w ", " (width + 2 * padding - kernel + 1) "),
)
wrong_stride_after = _result(
    "the stride is the same in both directions: it makes H' and W' smaller",
    f"{RESULT.replace('h * w', '(height + 2 * padding - kernel + 1) * (width + 2 * padding - kernel + 1)')} // stride",
)
wrong_weights = _result(
    "this counts the weights; each is used again at each place",
    "out_channels * in_channels * kernel**2",
)
wrong_weights_of_all_images = _result(
    "this counts the weights; each is used again at each place",
    "batch * out_channels * in_channels * kernel**2",
)
wrong_with_bias = _result(
    "the bias is left out of the bill",
    "batch * h * w * out_channels * (in_channels * kernel**2 + 1)",
)
wrong_default_stride = change(
    "without stride the kernel moves by 1, and not by its own size",
    "stride: int = 1",
    "stride: int | None = None",
    "    h, w =",
    "    stride = stride or kernel\n    h, w =",
)
wrong_default_padding = change(
    "without padding there is none: its default is 0", "padding: int = 0", "padding: int = 1"
)
wrong_transposed = _side(
    "this is the size of a transposed convolution's result",
    "(side - 1) * stride - 2 * padding + kernel",
)
wrong_padding_costs_nothing = _side(
    "the zeros of the padding are multiplied too: a product is counted for each",
    "sum(len(range(max(0, a), min(side, a + kernel))) for a in range(-padding, side + padding - kernel + 1, stride)) / kernel",
)
wrong_single_precision = _result(
    "float32 has too few digits for such a number: count in whole numbers",
    f"__import__('torch').tensor({RESULT}).float().item()",
)
