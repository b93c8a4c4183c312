"""9.4 Bits per dimension."""

import math

import numpy as np
import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.evaluate import bits_per_dim as definition


def cases(g):
    some = draw.uniform(g, 2).tolist()
    for bits, dim in ((8.0, 192), (1.03 + 3 * some[0], 3072), (9.6 + some[1], 75), (-1.3, 48)):
        yield Call(bits * dim * math.log(2), dim).but(words=told(bits, dim))


def told(bits, dim):
    return f"{bits * dim * math.log(2):.5g} nats in {dim} dimensions are {bits:.4g} bits for each"


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


def right_levels(nats, dim):
    """in bytes first, whose logarithm is that of 256"""
    return 8 * (nats / math.log(256)) / dim


# Mistakes, and what a student is told.


def _gives(words, result):
    return change(words, "return nats / (dim * math.log(2))", f"return {result}")


RIGHT = "nats / (dim * math.log(2))"
wrong_256 = _gives(
    "bits have base 2; this is base 256: divide by log 2", "nats / (dim * math.log(256))"
)
wrong_log10 = _gives("bits have base 2; this is base 10", "nats / (dim * math.log(10))")
wrong_log10_of_2 = _gives(
    "nats have base e, and so one bit is math.log(2) of them, not log10(2)",
    "nats / (dim * math.log10(2))",
)
wrong_784 = _gives("dim is an argument; this divides by 784", "nats / (784 * math.log(2))")
wrong_absolute = _gives(
    "a density may be above 1, and then its bits are below 0: the sign stays", f"abs({RIGHT})"
)
wrong_clamped = _gives(
    "a density may be above 1, and then its bits are below 0: nothing is cut off at 0",
    f"max(0.0, {RIGHT})",
)
wrong_capped = _gives(
    "a model may be worse than one that knows nothing: nothing is cut off at 8",
    f"min(8.0, {RIGHT})",
)
wrong_divided_by_2 = _gives("divide by the logarithm of 2, not by 2", "nats / (2 * dim)")
wrong_floor = _gives("// rounds down; / divides", "nats // (dim * math.log(2))")
wrong_rounded = _gives("the result is rounded: return it as it is", f"round({RIGHT}, 1)")
wrong_two_digits = _gives("the result is rounded: return it as it is", f"round({RIGHT}, 2)")
wrong_rough_log = _gives("0.69 is too rough: one bit is math.log(2) nats", "nats / (dim * 0.69)")
wrong_whole_number = _gives("the result is cut to a whole number: return it as it is", f"int({RIGHT})")  # fmt: skip
wrong_log2_2 = _gives(
    "these are nats for each dimension; one bit is log 2 nats", "nats / (dim * math.log2(2))"
)
wrong_nats = _gives("these are nats for each dimension; one bit is log 2 nats", "nats / dim")
wrong_log2_of_nats = _gives(
    "nats is a logarithm already: take none of it", "math.log2(abs(nats) + 1e-300) / dim"
)
wrong_log_of_product = _gives(
    "D times the logarithm of 2 is wanted, not the logarithm of 2 D", "nats / math.log(2 * dim)"
)
wrong_log_of_power = _gives(
    "one bit is log 2 nats; this takes the logarithm of D too",
    "nats / (dim * math.log(2) * math.log(dim))",
)
wrong_minus_8 = _gives(
    "this is what is saved of 8 bits; the bits themselves are wanted", f"8 - {RIGHT}"
)
wrong_plus_8 = _gives("8 is added; nats belongs to the quantised data already", f"{RIGHT} + 8")
wrong_no_return = _gives("nothing came back: is a `return` missing?", "None")
wrong_not_per_dim = _gives(
    "these are the bits of the whole image: divide by its dimensions", "nats / math.log(2)"
)
wrong_perplexity = _gives("this is 2 to the power of the bits; the bits are wanted", f"2 ** ({RIGHT})")  # fmt: skip
wrong_sign = _gives("nats is minus the log-likelihood already: the sign stays", f"-{RIGHT}")
wrong_square_root = _gives(
    "divide by D, the number of dimensions, not by its root",
    "nats / (math.isqrt(dim) * math.log(2))",
)
wrong_root = _gives(
    "divide by D, the number of dimensions, not by its root", "nats / (dim**0.5 * math.log(2))"
)
wrong_times_dim = _gives(
    "divide by D, the number of dimensions; here is a product", "nats * dim / math.log(2)"
)
wrong_times_log2 = _gives(
    "one bit is log 2 = 0.69 nats, so there are more bits than nats: divide by it",
    "nats * math.log(2) / dim",
)


def wrong_through_exp(nats, dim):
    """e to the power of minus thousands is 0 for a computer: stay with logarithms"""
    likelihood = torch.tensor(-nats, dtype=torch.float64).exp()
    return -likelihood.log2().item() / dim
