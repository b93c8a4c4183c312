"""7.2 Attention."""

import torch
from torch.utils.flop_counter import FlopCounterMode

from course.checks.cases import Call
from course.checks.exercise import change
from dgm.nn.cost import attention_macs as definition


def cases(g):
    C, H, W = (int(torch.randint(low, high, (1,), generator=g)) for low, high in ((5, 9), (3, 5), (6, 8)))  # fmt: skip
    for shape in ((1, C, H, W), (3, 7, W, H), (2, 6, 2, 3), torch.Size((2, 2, 1, 1))):
        yield Call(shape).but(words=f"shape {tuple(shape)}")
    yield Call((3, 33, 37, 41)).but(
        words="shape (3, 33, 37, 41)", clue="Was it rounded to float32?"
    )


# Right, in ways that differ.


def right_counter(shape):
    b, c, h, w = shape
    x, m = torch.zeros(b, h * w, c), torch.zeros(c, c)
    with FlopCounterMode(display=False) as counter:
        q, k, v = x @ m, x @ m, x @ m
        (q @ k.transpose(1, 2)) @ v @ m
    return counter.get_total_flops() / 2


def right_factored(shape):
    b, c, h, w = shape
    return 2 * b * c * h * w * (2 * c + h * w)


def right_heads_by_heads(shape):
    b, c, h, w = shape
    n, heads = h * w, 2 if c % 2 == 0 else 1
    one_head = 2 * n * n * (c // heads)
    return b * (heads * one_head + 4 * n * c * c)


def right_matrices(shape):
    def product(a, b):
        return a[0] * a[1] * b[1]

    b, c, h, w = shape
    n = h * w
    pairs = [((n, c), (c, c))] * 4 + [((n, c), (c, n)), ((n, n), (n, c))]
    return b * sum(product(*pair) for pair in pairs)


def right_plain(shape):
    b, c, h, w = shape
    n = h * w

    project = n * c * 3 * c
    scores = n * n * c
    read = n * n * c
    out = n * c * c
    return b * (project + scores + read + out)


def right_tensor(shape):
    b, c, h, w = torch.tensor(shape).unbind()
    n = h * w
    return b * (4 * n * c.square() + 2 * n.square() * c)


def right_through_conv_macs(shape):
    b, c, h, w = shape
    ones = b * h * w * c * c  # a convolution whose kernel is 1 by 1
    total = ones * 3 + ones
    for _ in range(b):
        for _ in range(h):
            total += 2 * w * (h * w) * c
    return total


# Mistakes, and what a student is told.

RESULT = "batch * (4 * pixels * channels**2 + 2 * pixels**2 * channels)"


def _bill(words, formula):
    return change(words, f"return {RESULT}", f"return {formula}")


wrong_batch_attends = _bill(
    "the images of a batch do not see each other: no pairs between them",
    "4 * batch * pixels * channels**2 + 2 * (batch * pixels) ** 2 * channels",
)
wrong_channels_attend = _bill(
    "pixels attend to pixels: N^2 C, not C^2 N",
    "batch * 6 * pixels * channels**2",
)
wrong_flops = _bill(
    "these are FLOPs; a product and its addition are one multiply-accumulate",
    "2 * batch * (4 * pixels * channels**2 + 2 * pixels**2 * channels)",
)
wrong_half_the_pairs = _bill(
    "the score of (i, j) is not that of (j, i): all N times N are computed",
    "batch * (4 * pixels * channels**2 + pixels * (pixels + 1) // 2 * channels + pixels**2 * channels)",
)
wrong_half_the_pairs_twice = _bill(
    "each pixel reads from all of its image, not only from those before it: N times N pairs",
    "batch * (4 * pixels * channels**2 + pixels * (pixels + 1) * channels)",
)
wrong_no_pair_with_itself = _bill(
    "a pixel reads from itself too: N times N pairs",
    "batch * (4 * pixels * channels**2 + 2 * pixels * (pixels - 1) * channels)",
)
wrong_heads_multiply = _bill(
    "heads share out the channels: together they cost what one does",
    "batch * (4 * pixels * channels**2 + 8 * pixels**2 * channels)",
)
wrong_height_only = _bill(
    "N is the number of pixels, H times W, not H",
    "batch * (4 * height * channels**2 + 2 * height**2 * channels)",
)
wrong_linear_in_pixels = _bill(
    "this is linear in the pixels; each reads from each, so there are N times N pairs",
    "batch * (4 * pixels * channels**2 + 2 * pixels * channels)",
)
wrong_no_batch = _bill(
    "this is one image's cost; the batch has more",
    "4 * pixels * channels**2 + 2 * pixels**2 * channels",
)
wrong_no_out = _bill(
    "the last matrix, C by C, is missing",
    "batch * (3 * pixels * channels**2 + 2 * pixels**2 * channels)",
)
wrong_out_three_times = _bill(
    "the last matrix is C by C, not 3C by C",
    "batch * (6 * pixels * channels**2 + 2 * pixels**2 * channels)",
)
wrong_no_projections = _bill(
    "the projections are missing: C by 3C before, C by C after",
    "batch * 2 * pixels**2 * channels",
)
wrong_no_qkv = _bill(
    "queries, keys and values are missing: C by 3C",
    "batch * (pixels * channels**2 + 2 * pixels**2 * channels)",
)
wrong_no_weighted_sum = _bill(
    "the weighted sums of the values are missing; they cost as much as the scores",
    "batch * (4 * pixels * channels**2 + pixels**2 * channels)",
)
wrong_one_projection = _bill(
    "queries, keys and values are three, not one: C by 3C",
    "batch * (2 * pixels * channels**2 + 2 * pixels**2 * channels)",
)
wrong_pairs_without_channels = _bill(
    "a pair of pixels costs C products, once for its score and once for what is read",
    "batch * (4 * pixels * channels**2 + 2 * pixels**2)",
)
wrong_projections_linear = _bill(
    "a matrix of C by C costs C^2 for each pixel, not C",
    "batch * (4 * pixels * channels + 2 * pixels**2 * channels)",
)
wrong_projections_only = _bill(
    "the scores and the weighted sums are missing: N times N pairs, twice",
    "batch * 4 * pixels * channels**2",
)
wrong_projections_without_pixels = _bill(
    "the projections are made for each pixel",
    "batch * (4 * channels**2 + 2 * pixels**2 * channels)",
)
wrong_projections_once_for_all = _bill(
    "the projections are made for each image",
    "4 * pixels * channels**2 + batch * 2 * pixels**2 * channels",
)
wrong_scores_without_channels = _bill(
    "a score is a sum over C channels, not one product",
    "batch * (4 * pixels * channels**2 + pixels**2 + pixels**2 * channels)",
)
wrong_square_images = _bill(
    "N is the number of pixels, H times W; pictures need not be square",
    "batch * (4 * height**2 * channels**2 + 2 * height**4 * channels)",
)
wrong_square_images_by_width = _bill(
    "N is the number of pixels, H times W; pictures need not be square",
    "batch * (4 * width**2 * channels**2 + 2 * width**4 * channels)",
)
wrong_with_softmax = _bill(
    "the softmax is left out of the bill",
    "batch * (4 * pixels * channels**2 + 2 * pixels**2 * channels + pixels**2)",
)
wrong_with_biases = _bill(
    "biases are left out of the bill",
    "batch * (4 * pixels * (channels**2 + channels) + 2 * pixels**2 * channels)",
)
wrong_channels_last = change(
    "channels stand second in shape: (B, C, H, W)",
    "batch, channels, height, width = shape",
    "batch, height, width, channels = shape",
)
wrong_no_return = change("nothing came back: is a `return` missing?", f"return {RESULT}", RESULT)
wrong_single_precision = _bill(
    "float32 has too few digits for such a number: count in whole numbers",
    f"__import__('torch').tensor({RESULT}).float().item()",
)
