"""TITLE."""

import math

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.evaluate import bits_per_dim as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_float32(nats, dim):
    return torch.as_tensor(nats) / (dim * torch.tensor(2.0).log())


def right_log2_e(nats, dim):
    return nats * math.log2(math.e) / dim


def right_numpy(nats, dim):
    per_dim = np.float64(nats) / dim
    return per_dim / np.log(2)


def right_plain(nats, dim):
    return nats / dim / math.log(2)


def right_tensor(nats, dim):
    return torch.tensor(nats, dtype=torch.float64).div(dim) / torch.log(
        torch.tensor(2.0, dtype=torch.float64)
    )


# Mistakes, and what a student is told.


def wrong_256(nats, dim):
    """divided by the logarithm of the 256 levels"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: bits have base 2, this is base 256
    return nats / (dim * math.log(256))


def wrong_784(nats, dim):
    """dim is not used"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: dim is an argument
    return nats / (784 * math.log(2))


def wrong_absolute(nats, dim):
    """a density may be above 1, and its bits below 0"""
    # SAID: -43.25 nats in 48 dimensions are -1.3 bits per dimension: a density may be above 1, and then its bits are below 0
    return abs(nats) / (dim * math.log(2))


def wrong_clamped(nats, dim):
    """a density may be above 1, and its bits below 0"""
    # SAID: -43.25 nats in 48 dimensions are -1.3 bits per dimension: a density may be above 1, and then its bits are below 0
    return max(0.0, nats / (dim * math.log(2)))


def wrong_divided_by_2(nats, dim):
    """2 in place of log 2"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: divide by the logarithm of 2, not by 2
    return nats / (2 * dim)


def wrong_floor(nats, dim):
    """whole numbers"""
    # SAID: 5299 nats in 3072 dimensions are 2.489 bits per dimension: no rounding: / divides, // rounds down
    return nats // (dim * math.log(2))


def wrong_log10(nats, dim):
    """decimal digits"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: bits have base 2, this is base 10
    return nats / (dim * math.log(10))


def wrong_log2_2(nats, dim):
    """the logarithm of 2 to the base 2 is 1"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: these are nats per dimension; one bit is log 2 nats
    return nats / (dim * math.log2(2))


def wrong_log2_of_nats(nats, dim):
    """the logarithm of a logarithm"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension, got 0.05238
    return math.log2(abs(nats) + 1e-300) / dim


def wrong_log_of_product(nats, dim):
    """the logarithm of 2 dim"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: log(2) times D, not the logarithm of 2 D
    return nats / math.log(2 * dim)


def wrong_minus_8(nats, dim):
    """bits saved, not bits used"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: nothing is saved up to 8: nats belongs to the quantised data
    return 8 - nats / (dim * math.log(2))


def wrong_nats(nats, dim):
    """nats, not bits"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: these are nats per dimension; one bit is log 2 nats
    return nats / dim


def wrong_no_return(nats, dim):
    """nothing comes back"""
    # SAID: bits_per_dim returned None: did you forget `return`?
    bits = nats / (dim * math.log(2))


def wrong_not_per_dim(nats, dim):
    """the bits of a whole image, not of a dimension"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: these are the bits of the whole image: a mean over the dimensions, not a sum
    return nats / math.log(2)


def wrong_perplexity(nats, dim):
    """the perplexity"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: no exponential: bits, not 2 to their power
    return 2 ** (nats / (dim * math.log(2)))


def wrong_plus_8(nats, dim):
    """eight bits too many: the data are quantised already"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: nothing is added: nats belongs to the quantised data
    return nats / (dim * math.log(2)) + 8


def wrong_rounded(nats, dim):
    """rounded"""
    # SAID: 5299 nats in 3072 dimensions are 2.489 bits per dimension: no rounding
    return round(nats / (dim * math.log(2)), 1)


def wrong_sign(nats, dim):
    """the sign"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: nats is minus the log-likelihood already: no sign, no logarithm
    return -nats / (dim * math.log(2))


def wrong_square_root(nats, dim):
    """divided by the side of the image"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: divide by D, the number of dimensions, not by its root
    return nats / (math.isqrt(dim) * math.log(2))


def wrong_through_exp(nats, dim):
    """exp of minus two thousand is 0"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension, got inf: exp of minus thousands is 0. Stay with logarithms
    likelihood = torch.tensor(-nats, dtype=torch.float64).exp()
    return -likelihood.log2().item() / dim


def wrong_times_dim(nats, dim):
    """multiplied with the number of dimensions"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: divide by D, the number of dimensions
    return nats * dim / math.log(2)


def wrong_times_log2(nats, dim):
    """multiplied with log 2"""
    # SAID: 1065 nats in 192 dimensions are 8 bits per dimension: one bit is log 2 = 0.69 nats, so there are more bits than nats: divide
    return nats * math.log(2) / dim
