"""TITLE."""

import torch
from torch.utils.flop_counter import FlopCounterMode

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.nn.cost import attention_macs as definition


def cases(g):
    raise NotImplementedError


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


def wrong_batch_attends(shape):
    """the images of a batch attend to one another"""
    # SAID: shape (3, 5, 4, 7): the images of a batch do not see each other: no pairs between them
    b, c, h, w = shape
    n = h * w
    return 4 * b * n * c * c + 2 * (b * n) ** 2 * c


def wrong_channels_attend(shape):
    """channels attend to channels, in place of pixels to pixels"""
    # SAID: shape (1, 5, 4, 7): pixels attend to pixels: N^2 C, not C^2 N
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c * c + 2 * c * c * n)


def wrong_channels_last(shape):
    """the shape read as (B, H, W, C)"""
    # SAID: shape (1, 5, 4, 7): channels stand second in shape: (B, C, H, W)
    b, h, w, c = shape
    n = h * w
    return b * (4 * n * c * c + 2 * n * n * c)


def wrong_flops(shape):
    """operations, two for each multiply-accumulate"""
    # SAID: shape (1, 5, 4, 7): these are FLOPs; a product and its addition are one multiply-accumulate
    b, c, h, w = shape
    n = h * w
    return 2 * b * (4 * n * c * c + 2 * n * n * c)


def wrong_half_the_pairs(shape):
    """each pair of pixels once: the scores taken to be symmetric"""
    # SAID: shape (1, 5, 4, 7): the score of (i, j) is not that of (j, i): all N times N are computed
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c * c + n * (n + 1) // 2 * c + n * n * c)


def wrong_heads_multiply(shape):
    """the scores counted for four heads with all channels each"""
    # SAID: shape (1, 5, 4, 7): heads share out the channels: together they cost what one does
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c * c + 4 * 2 * n * n * c)


def wrong_height_only(shape):
    """the height for the number of pixels"""
    # SAID: shape (1, 5, 4, 7): N is the number of pixels, H times W, not H
    b, c, h, w = shape
    n = h * w
    return b * (4 * h * c * c + 2 * h * h * c)


def wrong_linear_in_pixels(shape):
    """attention linear in the pixels: no pairs"""
    # SAID: shape (1, 5, 4, 7): this is linear in the pixels; each reads from each, so there are N times N pairs
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c * c + 2 * n * c)


def wrong_no_batch(shape):
    """the cost of one image"""
    # SAID: shape (3, 5, 4, 7): this is one image's cost; the batch has more
    b, c, h, w = shape
    n = h * w
    return 4 * n * c * c + 2 * n * n * c


def wrong_no_out(shape):
    """the last matrix forgotten"""
    # SAID: shape (1, 5, 4, 7): the last matrix, C by C, is missing
    b, c, h, w = shape
    n = h * w
    return b * (3 * n * c * c + 2 * n * n * c)


def wrong_no_projections(shape):
    """the scores and the weighted sums alone"""
    # SAID: shape (1, 5, 4, 7): the projections are missing: C by 3C before, C by C after
    b, c, h, w = shape
    n = h * w
    return b * 2 * n * n * c


def wrong_no_qkv(shape):
    """queries, keys and values taken as given"""
    # SAID: shape (1, 5, 4, 7): queries, keys and values are missing: C by 3C
    b, c, h, w = shape
    n = h * w
    return b * (n * c * c + 2 * n * n * c)


def wrong_no_return(shape):
    """no return"""
    # SAID: attention_macs returned None: did you forget `return`?
    b, c, h, w = shape
    n = h * w
    b * (4 * n * c * c + 2 * n * n * c)


def wrong_no_weighted_sum(shape):
    """the scores without the weighted sums of values"""
    # SAID: shape (1, 5, 4, 7): the weighted sums of the values are missing; they cost as much as the scores
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c * c + n * n * c)


def wrong_one_projection(shape):
    """one matrix where there are three for queries, keys and values"""
    # SAID: shape (1, 5, 4, 7): queries, keys and values are three, not one: C by 3C
    b, c, h, w = shape
    n = h * w
    return b * (2 * n * c * c + 2 * n * n * c)


def wrong_pairs_without_channels(shape):
    """one product for each pair of pixels"""
    # SAID: shape (1, 5, 4, 7): a pair of pixels costs C products, once for its score and once for what is read
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c * c + 2 * n * n)


def wrong_projections_linear(shape):
    """a projection as one product for each channel"""
    # SAID: shape (1, 5, 4, 7): a matrix of C by C costs C^2 for each pixel, not C
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c + 2 * n * n * c)


def wrong_projections_only(shape):
    """the projections alone: four convolutions of 1 by 1"""
    # SAID: shape (1, 5, 4, 7): the scores and the weighted sums are missing: N times N pairs, twice
    b, c, h, w = shape
    n = h * w
    return b * 4 * n * c * c


def wrong_projections_without_pixels(shape):
    """the projections' weights counted once, not for each pixel"""
    # SAID: shape (1, 5, 4, 7): the projections are made for each pixel
    b, c, h, w = shape
    n = h * w
    return b * (4 * c * c + 2 * n * n * c)


def wrong_scores_without_channels(shape):
    """a score as one product, not as a sum over channels"""
    # SAID: shape (1, 5, 4, 7): a score is a sum over C channels, not one product
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c * c + n * n + n * n * c)


def wrong_square_images(shape):
    """the height squared in place of height times width"""
    # SAID: shape (1, 5, 4, 7): N is the number of pixels, H times W; pictures need not be square
    b, c, h, w = shape
    n = h * w
    return b * (4 * h * h * c * c + 2 * h**4 * c)


def wrong_with_softmax(shape):
    """the softmax counted too"""
    # SAID: shape (1, 5, 4, 7): the softmax is left out of the bill
    b, c, h, w = shape
    n = h * w
    return b * (4 * n * c * c + 2 * n * n * c + n * n)
