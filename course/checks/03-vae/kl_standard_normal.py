"""3.3 How far from the prior?"""

import math

import torch
from torch.distributions import Normal
from torch.distributions import kl_divergence as divergence

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.distributions import kl_standard_normal as definition


def cases(g):
    loose = {"dtype": False, "rtol": 1e-4, "atol": 1e-5}
    for shape in ((5, 3), (4, 2, 3)):
        yield Call(*draw.normal(g, 2, *shape)).but(gradient=True, **loose)
    zero = torch.zeros(3, 2, dtype=draw.DOUBLE)
    yield Call(zero, zero).but(words="mu = 0 and logvar = 0, where q is the prior", **loose)
    spread = torch.tensor([[-40.0, 0.0], [0.0, 12.0], [-7.0, 3.0]]).double()
    yield Call(zero, spread).but(words="at log-variances of -40 and 12", clue="No clamp", **loose)


# Right, in ways that differ.


def right_cross_entropy(mu, logvar):
    c = math.log(2 * math.pi)
    cross = (c + mu**2 + logvar.exp()) / 2
    entropy = (1 + c + logvar) / 2
    return (cross - entropy).view(len(mu), -1).sum(1)


def right_distributions(mu, logvar):
    q = Normal(mu, (logvar / 2).exp())
    p = Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return divergence(q, p).reshape(mu.shape[0], -1).sum(1)


def right_expm1(mu, logvar):
    mu, logvar = mu.flatten(start_dim=1), logvar.flatten(start_dim=1)
    return (torch.einsum("bd,bd->b", mu, mu) + (torch.expm1(logvar) - logvar).sum(-1)) / 2


def right_kingma(mu, logvar):
    dims = tuple(range(1, mu.dim()))
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=dims)


def right_loop(mu, logvar):
    result = []
    for m, l in zip(mu, logvar):
        total = torch.zeros((), dtype=mu.dtype)
        for a, b in zip(m.flatten(), l.flatten()):
            sigma = torch.exp(b / 2)
            total = total + (a * a + sigma * sigma - 1) / 2 - torch.log(sigma)
        result.append(total)
    return torch.stack(result)


def right_vectorised(mu, logvar):
    return 0.5 * (mu.pow(2) + logvar.exp() - 1 - logvar).flatten(1).sum(1)


def right_terms_apart(mu, logvar):
    axes = list(range(1, mu.dim()))
    squares, variances = mu.square().sum(axes), torch.exp(logvar).sum(axes)
    return (squares + variances - logvar.sum(axes) - mu[0].numel()) / 2


# Mistakes, and what a student is told.

SUM = ".reshape(len(mu), -1).sum(1)"
EACH = "torch.expm1(logvar) - logvar)"
ONE_AXIS = "the sum runs over one axis of the event; it runs over all axes but the first"

wrong_axis_one = change(ONE_AXIS, SUM, ".sum(1)")
wrong_clamped = change(
    "the log-variance is clamped; it may be any number",
    "    return (",
    "    logvar = logvar.clamp(-10, 10)\n    return (",
)
wrong_free_bits = change(
    "each dimension has a floor; the KL may be 0",
    f"(mu**2 + {EACH}",
    f"(mu**2 + {EACH}.clamp(min=0.2)",
)
wrong_half_missing = change("the half is missing", ".sum(1) / 2", ".sum(1)")
wrong_half_of_some = change(
    "the half counts for all four terms: brackets", f" - logvar){SUM} / 2", f" - logvar / 2){SUM}"
)
wrong_in_place = change(
    "mu is changed in place, and belongs to the caller: work on a copy",
    "(mu**2 +",
    "(mu.square_() +",
)
wrong_last_axis = change(ONE_AXIS, SUM, ".sum(-1)")
wrong_log_sigma = change(
    "logvar is the log of the variance, not of sigma: sigma is exp(logvar / 2)",
    EACH,
    "torch.exp(2 * logvar) - 1 - 2 * logvar)",
)
wrong_logvar_detached = change(
    "no gradient reaches logvar: no .detach(), no .data",
    EACH,
    "torch.exp(logvar.detach()) - 1 - logvar.detach())",
)
wrong_mean_over_batch = change(
    "this is a mean over the batch; each row has a number of its own",
    ".sum(1) / 2",
    ".sum(1).mean() / 2",
)
wrong_mean_over_dims = change(
    "this is a mean over the dimensions; the divergence is their sum", ".sum(1)", ".mean(1)"
)
wrong_mu_not_squared = change("the mean is squared: mu^2, not mu", "(mu**2 +", "(mu +")
wrong_no_grad = change(
    "no gradient comes back: no .item(), no .detach(), no NumPy",
    ".sum(1) / 2",
    ".sum(1).detach() / 2",
)
wrong_no_logarithm = change("log sigma^2 is missing", " - logvar)", ")")
wrong_no_one = change("the -1 is missing", "torch.expm1", "torch.exp")
wrong_no_return = change("nothing came back: is a `return` missing?", "return (mu", "(mu")
wrong_not_summed = change("this is one number for each entry; add up over the event", SUM, "")
wrong_one_once = change(
    "the 1 is taken off for each dimension, not once a row",
    "torch.expm1",
    "torch.exp",
    f"{SUM} / 2",
    f"{SUM} / 2 - 1 / 2",
)
wrong_sigma_not_squared = change(
    "sigma^2 is exp(logvar); exp(logvar / 2) is sigma",
    "torch.expm1(logvar)",
    "torch.expm1(logvar / 2)",
)
wrong_sign = change("the sign is turned: a KL is 0 or more", ".sum(1) / 2", ".sum(1) / -2")
wrong_sum_over_batch = change(
    "the sum runs over the batch too: one number for each row, shape (B,)", ".sum(1)", ".sum()"
)
wrong_two_logvar = change(
    "log sigma^2 is logvar itself, not twice that", " - logvar)", " - 2 * logvar)"
)


def wrong_one_sample(mu, logvar):
    """the divergence is estimated with one sample; the formula needs none"""
    q = Normal(mu, (logvar / 2).exp())
    z = q.rsample()
    return (q.log_prob(z) - Normal(0.0, 1.0).log_prob(z)).flatten(1).sum(1)


def wrong_swapped(mu, logvar):
    """this is KL(p || q); the expectation is over q: KL(q || p)"""
    q, p = Normal(mu, (logvar / 2).exp()), Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return divergence(p, q).flatten(1).sum(1)
