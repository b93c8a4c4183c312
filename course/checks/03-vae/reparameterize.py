"""TITLE."""

import math

import torch
from torch.distributions.transforms import AffineTransform

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.distributions import reparameterize as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_addcmul(mu, logvar, eps):
    return torch.addcmul(mu, logvar.div(2).exp(), eps)


def right_affine_transform(mu, logvar, eps):
    return AffineTransform(mu, torch.exp(logvar / 2))(eps)


def right_in_place_on_copy(mu, logvar, eps):
    z = eps.clone()
    z *= (logvar / 2).exp()
    z += mu
    return z


def right_loop(mu, logvar, eps):
    rows = []
    for m, l, e in zip(mu, logvar, eps):
        entries = [
            a + math.e ** (b / 2) * c for a, b, c in zip(m.flatten(), l.flatten(), e.flatten())
        ]
        rows.append(torch.stack(entries).reshape(m.shape))
    return torch.stack(rows)


def right_root_of_variance(mu, logvar, eps):
    return torch.sqrt(torch.exp(logvar)) * eps + mu


def right_vectorised(mu, logvar, eps):
    std = torch.exp(0.5 * logvar)
    return mu + eps * std


# Mistakes, and what a student is told.


def wrong_changes_eps(mu, logvar, eps):
    """works in place on the caller's noise"""
    # SAID: reparameterize has changed what it was given: no `+=`, no method whose name ends in _
    return eps.mul_(torch.exp(logvar.detach() / 2)) + mu + 0 * logvar


def wrong_clamped(mu, logvar, eps):
    """clamps the standard deviation from below"""
    # SAID: the first row should be [-7.525222006299375, -0.47398641066273284, 0.09162890491866671, 0.6998931807558227], got [-7.525222006299375, -0.47398641066273284, 0.09162890491866671, 0.6669076145120928]
    return mu + torch.exp(logvar / 2).clamp(min=0.5) * eps


def wrong_detached(mu, logvar, eps):
    """the sample is detached"""
    # SAID: no gradient flows through the sample: no .detach(), no no_grad, no .sample()
    return (mu + torch.exp(logvar / 2) * eps).detach()


def wrong_eps_drawn_inside(mu, logvar, eps):
    """draws its own noise and leaves the argument alone"""
    # SAID: twice the same eps gave two samples: use the noise you are given, draw none
    return mu + torch.exp(logvar / 2) * torch.randn_like(mu)


def wrong_log_sigma(mu, logvar, eps):
    """the log-variance read as the log of the standard deviation"""
    # SAID: did you take logvar for the log of sigma? sigma is exp(logvar / 2)
    return mu + torch.exp(logvar) * eps


def wrong_logvar_data(mu, logvar, eps):
    """.data cuts the gradient to the log-variance"""
    # SAID: no gradient reaches logvar: was it detached, or read through .data?
    return mu + torch.exp(logvar.data / 2) * eps


def wrong_minus(mu, logvar, eps):
    """the noise is taken off: the same distribution, another sample"""
    # SAID: the noise is taken off; it is added
    return mu - torch.exp(logvar / 2) * eps


def wrong_mu_detached(mu, logvar, eps):
    """no gradient reaches the mean"""
    # SAID: no gradient reaches mu: was it detached, or read through .data?
    return mu.detach() + torch.exp(logvar / 2) * eps


def wrong_no_exp(mu, logvar, eps):
    """the log-variance taken for the standard deviation"""
    # SAID: logvar is a logarithm: sigma is exp(logvar / 2)
    return mu + logvar * eps


def wrong_no_grad(mu, logvar, eps):
    """computed without a graph"""
    # SAID: no gradient flows through the sample: no .detach(), no no_grad, no .sample()
    with torch.no_grad():
        return mu + torch.exp(logvar / 2) * eps


def wrong_noise_never_used(mu, logvar, eps):
    """the mean alone"""
    # SAID: the noise is not used: this is the mean
    return mu


def wrong_noise_standardised(mu, logvar, eps):
    """standardises the noise over the batch"""
    # SAID: the first row should be [-7.525222006299375, -0.47398641066273284, 0.09162890491866671, 0.6998931807558227], got [-5.394609686306757, -0.6007898339483716, -0.009326152539118615, 0.3837572909974526]
    eps = (eps - eps.mean(0)) / eps.std(0)
    return mu + torch.exp(logvar / 2) * eps


def wrong_one_noise_for_batch(mu, logvar, eps):
    """the first row's noise for the whole batch"""
    # SAID: one noise for the whole batch: each row has its own
    return mu + torch.exp(logvar / 2) * eps[:1]


def wrong_root_of_logvar(mu, logvar, eps):
    """the root of the log-variance"""
    # SAID: the first row should be [-7.525222006299375, -0.47398641066273284, 0.09162890491866671, 0.6998931807558227], got [-5.473255809858659, -0.4292777309309779, 0.430502520277412, 0.15935407022453718]
    return mu + torch.sqrt(logvar.abs()) * eps


def wrong_rsample(mu, logvar, eps):
    """rsample draws noise of its own"""
    # SAID: twice the same eps gave two samples: use the noise you are given, draw none
    return torch.distributions.Normal(mu, torch.exp(logvar / 2)).rsample()


def wrong_sample(mu, logvar, eps):
    """sample draws noise of its own and cuts the graph"""
    # SAID: twice the same eps gave two samples: use the noise you are given, draw none
    return torch.distributions.Normal(mu, torch.exp(logvar / 2)).sample()


def wrong_scales_everything(mu, logvar, eps):
    """brackets: the mean is scaled too"""
    # SAID: brackets: sigma scales the noise, not the mean
    return torch.exp(logvar / 2) * (mu + eps)


def wrong_two_logvar(mu, logvar, eps):
    """twice the log-variance in place of half of it"""
    # SAID: sigma is exp(logvar / 2): half, not twice
    return mu + torch.exp(2 * logvar) * eps


def wrong_uniform(mu, logvar, eps):
    """uniform noise of its own"""
    # SAID: twice the same eps gave two samples: use the noise you are given, draw none
    return mu + torch.exp(logvar / 2) * torch.rand_like(eps)
