"""TITLE."""

import math

import torch
from torch.distributions import kl_divergence as divergence

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.distributions import kl_standard_normal as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_cross_entropy(mu, logvar):
    c = math.log(2 * math.pi)
    cross = (c + mu**2 + logvar.exp()) / 2
    entropy = (1 + c + logvar) / 2
    return (cross - entropy).view(len(mu), -1).sum(1)


def right_distributions(mu, logvar):
    q = torch.distributions.Normal(mu, (logvar / 2).exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
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


# Mistakes, and what a student is told.


def wrong_axis_one(mu, logvar):
    """sums over axis 1 alone: right for vectors only"""
    # SAID: [visible passes] AssertionError: wrong for tensors of shape (3, 2, 4, 5)
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=1)


def wrong_free_bits(mu, logvar):
    """each dimension has a floor"""
    # SAID: torch.distributions says [3.566584801465931, 2.2343791429222897, 2.48781073031671, 3.621052052452826, 3.386914227612032], got [3.594885458590531, 2.2343791429222897, 2.48781073031671, 3.662900326495233, 3.3869142276120328]
    return (0.5 * (mu**2 + logvar.exp() - 1 - logvar)).clamp(min=0.1).flatten(1).sum(1)


def wrong_half_missing(mu, logvar):
    """the half is missing"""
    # SAID: the half is missing
    return (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)


def wrong_log_sigma(mu, logvar):
    """the log-variance read as the log of the standard deviation"""
    # SAID: did you take logvar for the log of sigma? sigma is exp(logvar / 2)
    q = torch.distributions.Normal(mu, logvar.exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return torch.distributions.kl_divergence(q, p).flatten(1).sum(1)


def wrong_mean_over_batch(mu, logvar):
    """the mean over the batch is taken already"""
    # SAID: one number for each of the 5 rows, shape (5,), got (): sum over the event, not over the batch
    return 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1).mean()


def wrong_mean_over_dims(mu, logvar):
    """a mean over the latent dimensions"""
    # SAID: a mean over the dimensions; the divergence is their sum
    return 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).mean(1)


def wrong_mu_not_squared(mu, logvar):
    """the mean is not squared"""
    # SAID: the mean is squared
    return 0.5 * (mu + logvar.exp() - 1 - logvar).flatten(1).sum(1)


@torch.no_grad()
def wrong_no_grad(mu, logvar):
    """computed without a graph"""
    # SAID: no gradient comes back: stay in torch, without .item(), .detach() and NumPy
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp(), dim=tuple(range(1, mu.ndim)))


def wrong_no_one(mu, logvar):
    """the -1 is missing"""
    # SAID: the -1 is missing
    return 0.5 * (mu**2 + logvar.exp() - logvar).flatten(1).sum(1)


def wrong_one_once(mu, logvar):
    """the 1 is taken off once, not once for each dimension"""
    # SAID: the 1 is taken off once for each dimension
    return 0.5 * ((mu**2 + logvar.exp() - logvar).flatten(1).sum(1) - 1)


def wrong_one_sample(mu, logvar):
    """estimated with one sample"""
    # SAID: torch.distributions says [3.566584801465931, 2.2343791429222897, 2.48781073031671, 3.621052052452826, 3.386914227612032], got [5.524964860754703, 3.866907740525064, 3.5719630387579864, 2.6598174965076167, -1.6202222943271267]
    q = torch.distributions.Normal(mu, (logvar / 2).exp())
    z = q.rsample()
    return (q.log_prob(z) - torch.distributions.Normal(0.0, 1.0).log_prob(z)).flatten(1).sum(1)


def wrong_sigma_not_squared(mu, logvar):
    """the standard deviation where the variance belongs"""
    # SAID: sigma^2 is exp(logvar), not exp(logvar / 2)
    return 0.5 * (mu**2 + (logvar / 2).exp() - 1 - logvar).flatten(1).sum(1)


def wrong_sign(mu, logvar):
    """the sign is turned: the term as it stands in the ELBO"""
    # SAID: the sign is turned: a KL is 0 or more
    return 0.5 * (1 + logvar - mu**2 - logvar.exp()).flatten(1).sum(1)


def wrong_sum_over_batch(mu, logvar):
    """summed over the batch too"""
    # SAID: one number for each of the 5 rows, shape (5,), got (): sum over the event, not over the batch
    return -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp())


def wrong_swapped(mu, logvar):
    """the arguments of the KL are swapped: KL(N(0, 1) || q)"""
    # SAID: this is KL(p || q); the expectation is over q
    q = torch.distributions.Normal(mu, (logvar / 2).exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return torch.distributions.kl_divergence(p, q).flatten(1).sum(1)


def wrong_two_logvar(mu, logvar):
    """2 * logvar for the log-variance"""
    # SAID: log sigma^2 is logvar itself, not twice that
    return 0.5 * (mu**2 + logvar.exp() - 1 - 2 * logvar).flatten(1).sum(1)
