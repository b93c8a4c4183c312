"""3.1 The log-density of a Gaussian."""

import math

import torch
import torch.nn.functional as F
from torch.distributions import Independent, Normal

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.distributions import normal_log_prob as definition


def cases(g):
    loose = {"dtype": False, "rtol": 1e-4, "atol": 1e-5}
    for shape in ((5, 4), (3, 2, 4)):
        yield Call(*draw.normal(g, 3, *shape)).but(gradient=True, **loose)
    zero = torch.zeros(1, 2, dtype=draw.DOUBLE)
    far, spread = torch.tensor([[-3e-6, 3e8]]).double(), torch.tensor([[-26.0, 40.0]]).double()
    yield Call(far, zero, spread).but(
        **loose, words="at log-variances of -26 and 40", clue="No epsilon, no clamp"
    )
    yield Call(zero + 100, zero, zero).but(**loose, words="at x = (100, 100), far out")


# Right, in ways that differ.


def right_determinant_and_distance(x, mu, logvar):
    B = x.shape[0]
    white = ((x - mu) / torch.exp(logvar / 2)).view(B, -1)
    d = white.shape[1]
    log_det = logvar.reshape(B, d) @ torch.ones(d, dtype=logvar.dtype)
    return -(d * math.log(2 * math.pi) + log_det + torch.linalg.vector_norm(white, dim=1) ** 2) / 2


def right_distributions(x, mu, logvar):
    each = torch.distributions.Normal(mu, torch.exp(0.5 * logvar)).log_prob(x)
    return each.sum(dim=tuple(range(1, x.dim())))


def right_independent(x, mu, logvar):
    return Independent(torch.distributions.Normal(mu, logvar.exp().sqrt()), x.ndim - 1).log_prob(x)


def right_loop(x, mu, logvar):
    out = []
    for xi, mi, li in zip(x, mu, logvar):
        total = 0.0
        for a, m, l in zip(xi.flatten(), mi.flatten(), li.flatten()):
            total = total - (a - m) ** 2 / (2 * l.exp()) - l / 2 - math.log(2 * math.pi) / 2
        out.append(total)
    return torch.stack(out)


def right_nll_loss(x, mu, logvar):
    nll = F.gaussian_nll_loss(mu, x, logvar.exp(), full=True, eps=1e-12, reduction="none")
    return -nll.flatten(1).sum(-1)


def right_vectorised(x, mu, logvar):
    var = torch.exp(logvar)
    each = -0.5 * (math.log(2 * math.pi) + logvar + (x - mu) ** 2 / var)
    return each.reshape(len(x), -1).sum(dim=1)


def right_float32_result(x, mu, logvar):
    return definition(x, mu, logvar).float()


def right_tensordot(x, mu, logvar):
    rest = list(range(1, x.dim()))
    precision = torch.exp(-logvar)
    square = torch.einsum("b...,b...->b", (x - mu) ** 2, precision)
    return -(square + logvar.sum(rest) + x[0].numel() * math.log(2 * math.pi)) / 2


# Mistakes, and what a student is told.

EXP = "exp(-logvar)"
SUM = "each.reshape(len(each), -1).sum(1)"
CLAMPED = "the log-variance is clamped; it may be any number"
ONE_AXIS = "the sum runs over one axis of the event; it runs over all axes but the first"

wrong_clamped = change(
    CLAMPED, "+ logvar +", "+ logvar.clamp(-4, 4) +", EXP, "exp(-logvar.clamp(-4, 4))"
)
wrong_clamped_at_ten = change(
    CLAMPED, "+ logvar +", "+ logvar.clamp(-10, 10) +", EXP, "exp(-logvar.clamp(-10, 10))"
)
wrong_constant_once = change(
    "log(2 pi) counts once for each entry, not once a row",
    "math.log(2 * math.pi) + ",
    "",
    "sum(1)",
    "sum(1) - math.log(2 * math.pi) / 2",
)
wrong_distance_not_squared = change(
    "the distance is not squared: it is (x - mu)^2", "(x - mu) ** 2", "(x - mu).abs()"
)
wrong_first_axis_only = change(ONE_AXIS, SUM, "each.sum(1)")
wrong_in_place = change(
    "x is changed in place, and belongs to the caller: work on a copy", "(x - mu)", "x.sub_(mu)"
)
wrong_last_axis_only = change(ONE_AXIS, SUM, "each.sum(-1)")
wrong_log_sigma = change(
    "logvar is the log of the variance, not of sigma: sigma is exp(logvar / 2)",
    "+ logvar +",
    "+ 2 * logvar +",
    EXP,
    "exp(-2 * logvar)",
)
wrong_mean_of_squares = change(
    "the squares are averaged; every term is summed", "(x - mu) ** 2", "(x - mu).square().mean()"
)
wrong_mean_over_pixels = change(
    "this is a mean over the entries; the log-density is their sum", "sum(1)", "mean(1)"
)
wrong_no_constant = change("log(2 pi) is missing", "math.log(2 * math.pi) + ", "")
wrong_no_half = change(
    "the half is missing: it is -1/2 times the bracket", f"torch.{EXP}) / -2", f"torch.{EXP}) * -1"
)
wrong_no_half_before_the_square = change(
    "the half before the square is missing", "(x - mu) ** 2", "2 * (x - mu) ** 2"
)
wrong_no_log_variance = change(
    "log sigma^2 is missing: a squared error alone is no density", " + logvar +", " +"
)
wrong_no_return = change("nothing came back: is a `return` missing?", "return each", "each")
wrong_not_summed = change(
    "this is one number for each entry; add up over the event", f"return {SUM}", "return each"
)
wrong_scale_is_variance = change(
    "the square is divided by sigma^2, exp(logvar), not by sigma", EXP, "exp(-logvar / 2)"
)
wrong_sign = change("the sign is turned: this is a loss, not a log-density", "/ -2", "/ 2")
wrong_sum_over_batch = change(
    "the sum runs over the batch too: one number for each row, shape (B,)", "sum(1)", "sum()"
)
wrong_times_variance = change(
    "the square is divided by the variance, not multiplied", EXP, "exp(logvar)"
)
wrong_variance_epsilon = change(
    "a small number is added to the variance", f"* torch.{EXP}", "/ (torch.exp(logvar) + 1e-8)"
)
wrong_variance_half = change(
    "exp(logvar / 2) is sigma, not the variance",
    "+ logvar +",
    "+ logvar / 2 +",
    EXP,
    "exp(-logvar / 2)",
)


def wrong_log_of_density(x, mu, logvar):
    """the density itself underflows far out, and its log is -inf: take the log on paper"""
    var = logvar.exp()
    p = torch.exp(-((x - mu) ** 2) / (2 * var)) / torch.sqrt(2 * math.pi * var)
    return torch.log(p).flatten(1).sum(1)


def wrong_nll_loss_as_it_is(x, mu, logvar):
    """F.gaussian_nll_loss leaves out log(2 pi) unless full=True, and lifts each variance to 1e-6"""
    return -F.gaussian_nll_loss(mu, x, logvar.exp(), reduction="none").flatten(1).sum(1)


def wrong_nll_loss_with_its_floor(x, mu, logvar):
    """F.gaussian_nll_loss lifts each variance to 1e-6 at least: write the formula out"""
    nll = F.gaussian_nll_loss(mu, x, logvar.exp(), full=True, reduction="none")
    return -nll.flatten(1).sum(1)


def wrong_numpy(x, mu, logvar):
    """no gradient comes back: no .item(), no .detach(), no NumPy"""
    a, m, l = (t.detach().numpy() for t in (x, mu, logvar))
    each = -0.5 * (math.log(2 * math.pi) + l + (a - m) ** 2 * math.e ** (-l))
    return torch.from_numpy(each.reshape(len(a), -1).sum(1))


def wrong_product_of_densities(x, mu, logvar):
    """the density itself underflows far out, and its log is -inf: take the log on paper"""
    p = Normal(mu, torch.exp(logvar / 2)).log_prob(x).exp()
    return p.flatten(1).prod(1).log()
