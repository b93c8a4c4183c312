"""TITLE."""

import math

import torch
import torch.nn.functional as F
from torch.distributions import Independent

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.distributions import normal_log_prob as definition


def cases(g):
    raise NotImplementedError


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


# Mistakes, and what a student is told.


def wrong_clamped(x, mu, logvar):
    """clamps the log-variance to keep it tame"""
    # SAID: [visible passes] AssertionError: wrong for tensors of shape (3, 2, 4, 5)
    logvar = logvar.clamp(-4, 4)
    return torch.distributions.Normal(mu, torch.exp(logvar / 2)).log_prob(x).flatten(1).sum(1)


def wrong_constant_once(x, mu, logvar):
    """the constant is counted once, not once for each entry"""
    # SAID: log(2 pi) counts once for each entry, not once a row
    each = -0.5 * (logvar + (x - mu) ** 2 / logvar.exp())
    return each.flatten(1).sum(1) - 0.5 * math.log(2 * math.pi)


def wrong_distance_not_squared(x, mu, logvar):
    """the absolute distance in place of its square"""
    # SAID: torch.distributions says [-8.619149973739258, -6.08010847783858, -8.800232507657654, -43.646723338549066, -8.40851311760203], got [-7.375230204016219, -5.840057116004717, -6.204652464552175, -28.690698674837645, -6.804792327060499]
    each = -0.5 * (math.log(2 * math.pi) + logvar + (x - mu).abs() / logvar.exp())
    return each.flatten(1).sum(1)


def wrong_last_axis_only(x, mu, logvar):
    """sums over the last axis alone: right for vectors, wrong for images"""
    # SAID: [visible passes] AssertionError: wrong for tensors of shape (3, 2, 4, 5)
    return torch.distributions.Normal(mu, torch.exp(logvar / 2)).log_prob(x).sum(-1)


def wrong_log_of_density(x, mu, logvar):
    """the density first and its log afterwards: it underflows far out"""
    # SAID: at x = 100 you get -inf: the density itself underflows; take its log on paper
    var = logvar.exp()
    p = torch.exp(-((x - mu) ** 2) / (2 * var)) / torch.sqrt(2 * math.pi * var)
    return torch.log(p).flatten(1).sum(1)


def wrong_log_sigma(x, mu, logvar):
    """the log-variance read as a log of the standard deviation"""
    # SAID: did you take logvar for the log of sigma? sigma is exp(logvar / 2)
    return torch.distributions.Normal(mu, logvar.exp()).log_prob(x).flatten(1).sum(1)


def wrong_mean_over_pixels(x, mu, logvar):
    """a mean over the entries in place of the sum"""
    # SAID: a mean over the entries; the log-density of the event is their sum
    each = -0.5 * (math.log(2 * math.pi) + logvar + (x - mu) ** 2 / logvar.exp())
    return each.flatten(1).mean(1)


def wrong_no_constant(x, mu, logvar):
    """the constant log(2 pi) is left out"""
    # SAID: log(2 pi) is missing
    return (-0.5 * (logvar + (x - mu) ** 2 / logvar.exp())).flatten(1).sum(1)


def wrong_no_log_variance(x, mu, logvar):
    """the log-variance is left out, as in a squared error"""
    # SAID: log sigma^2 is missing: a squared error alone is no density
    each = -0.5 * (math.log(2 * math.pi) + (x - mu) ** 2 / logvar.exp())
    return each.flatten(1).sum(1)


def wrong_no_return(x, mu, logvar):
    """forgot to return"""
    # SAID: normal_log_prob returned None: did you forget `return`?
    each = -0.5 * (math.log(2 * math.pi) + logvar + (x - mu) ** 2 / logvar.exp())
    each.flatten(1).sum(1)


def wrong_not_summed(x, mu, logvar):
    """one number for each entry"""
    # SAID: one number for each of the 5 rows, shape (5,), got (5, 4): sum over the event, not over the batch
    return torch.distributions.Normal(mu, torch.exp(logvar / 2)).log_prob(x)


def wrong_numpy(x, mu, logvar):
    """goes through NumPy, so that no gradient comes back"""
    # SAID: no gradient comes back: stay in torch, without .item(), .detach() and NumPy
    a, m, l = (t.detach().numpy() for t in (x, mu, logvar))
    each = -0.5 * (math.log(2 * math.pi) + l + (a - m) ** 2 * 2.718281828459045 ** (-l))
    return torch.from_numpy(each.reshape(len(a), -1).sum(1))


def wrong_product_of_densities(x, mu, logvar):
    """multiplies the densities of all entries, then takes the log"""
    # SAID: at x = 100 you get -inf: the density itself underflows; take its log on paper
    p = torch.distributions.Normal(mu, torch.exp(logvar / 2)).log_prob(x).exp()
    return p.flatten(1).prod(1).log()


def wrong_sign(x, mu, logvar):
    """the negative log-likelihood"""
    # SAID: the sign is turned: this is a loss, not a log-density
    each = 0.5 * (math.log(2 * math.pi) + logvar + (x - mu) ** 2 / logvar.exp())
    return each.flatten(1).sum(1)


def wrong_sum_over_batch(x, mu, logvar):
    """a sum over everything, the batch too"""
    # SAID: one number for each of the 5 rows, shape (5,), got (): sum over the event, not over the batch
    return torch.distributions.Normal(mu, torch.exp(logvar / 2)).log_prob(x).sum()


def wrong_times_variance(x, mu, logvar):
    """the squared distance is multiplied by the variance"""
    # SAID: the square is divided by the variance, not multiplied
    each = -0.5 * (math.log(2 * math.pi) + logvar + (x - mu) ** 2 * logvar.exp())
    return each.flatten(1).sum(1)


def wrong_variance_half(x, mu, logvar):
    """the log-variance divided by two, and the result taken for the variance"""
    # SAID: exp(logvar / 2) is sigma, not the variance
    var = torch.exp(0.5 * logvar)
    each = -0.5 * (math.log(2 * math.pi) + torch.log(var) + (x - mu) ** 2 / var)
    return each.flatten(1).sum(1)
