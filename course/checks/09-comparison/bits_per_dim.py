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
    """1065 nats in 192 dimensions are 8 bits per dimension: bits have base 2, this is base 256"""
    return nats / (dim * math.log(256))


def wrong_784(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: dim is an argument"""
    return nats / (784 * math.log(2))


def wrong_absolute(nats, dim):
    """-43.25 nats in 48 dimensions are -1.3 bits per dimension: a density may be above 1, and
    then its bits are below 0"""
    return abs(nats) / (dim * math.log(2))


def wrong_clamped(nats, dim):
    """-43.25 nats in 48 dimensions are -1.3 bits per dimension: a density may be above 1, and
    then its bits are below 0"""
    return max(0.0, nats / (dim * math.log(2)))


def wrong_divided_by_2(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: divide by the logarithm of 2, not by
    2"""
    return nats / (2 * dim)


def wrong_floor(nats, dim):
    """5299 nats in 3072 dimensions are 2.489 bits per dimension: no rounding: / divides, //
    rounds down"""
    return nats // (dim * math.log(2))


def wrong_log10(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: bits have base 2, this is base 10"""
    return nats / (dim * math.log(10))


def wrong_log2_2(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: these are nats per dimension; one
    bit is log 2 nats"""
    return nats / (dim * math.log2(2))


def wrong_log2_of_nats(nats, dim):
    """the logarithm of a logarithm"""
    return math.log2(abs(nats) + 1e-300) / dim


def wrong_log_of_product(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: log(2) times D, not the logarithm of
    2 D"""
    return nats / math.log(2 * dim)


def wrong_minus_8(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: nothing is saved up to 8: nats
    belongs to the quantised data"""
    return 8 - nats / (dim * math.log(2))


def wrong_nats(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: these are nats per dimension; one
    bit is log 2 nats"""
    return nats / dim


def wrong_no_return(nats, dim):
    """nothing comes back"""
    bits = nats / (dim * math.log(2))


def wrong_not_per_dim(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: these are the bits of the whole
    image: a mean over the dimensions, not a sum"""
    return nats / math.log(2)


def wrong_perplexity(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: no exponential: bits, not 2 to their
    power"""
    return 2 ** (nats / (dim * math.log(2)))


def wrong_plus_8(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: nothing is added: nats belongs to
    the quantised data"""
    return nats / (dim * math.log(2)) + 8


def wrong_rounded(nats, dim):
    """5299 nats in 3072 dimensions are 2.489 bits per dimension: no rounding"""
    return round(nats / (dim * math.log(2)), 1)


def wrong_sign(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: nats is minus the log-likelihood
    already: no sign, no logarithm"""
    return -nats / (dim * math.log(2))


def wrong_square_root(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: divide by D, the number of
    dimensions, not by its root"""
    return nats / (math.isqrt(dim) * math.log(2))


def wrong_through_exp(nats, dim):
    """exp of minus two thousand is 0"""
    likelihood = torch.tensor(-nats, dtype=torch.float64).exp()
    return -likelihood.log2().item() / dim


def wrong_times_dim(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: divide by D, the number of
    dimensions"""
    return nats * dim / math.log(2)


def wrong_times_log2(nats, dim):
    """1065 nats in 192 dimensions are 8 bits per dimension: one bit is log 2 = 0.69 nats, so
    there are more bits than nats: divide"""
    return nats * math.log(2) / dim
