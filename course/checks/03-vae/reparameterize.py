"""3.5 A sample that gradients flow through."""

import math

import torch
from torch.distributions import Normal
from torch.distributions.transforms import AffineTransform

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.distributions import reparameterize as definition


def cases(g):
    loose = {"dtype": False, "rtol": 1e-4, "atol": 1e-5}
    for shape in ((6, 4), (3, 2, 4)):
        yield Call(*draw.normal(g, 3, *shape)).but(gradient=True, **loose)
    mu, eps = draw.normal(g, 2, 2, 2)
    spread = torch.tensor([[-26.0, 20.0], [-3.0, 5.0]]).double()
    yield Call(1e-6 * mu, spread, eps).but(
        words="at log-variances of -26 and 20", clue="No clamp", rtol=1e-4, atol=1e-8, dtype=False
    )


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


def right_mean_of_a_shifted_normal(mu, logvar, eps):
    q = Normal(mu, torch.exp(logvar).sqrt())
    return q.mean + q.stddev * eps


# Mistakes, and what a student is told.

SIGMA = "torch.exp(logvar / 2)"
Z = "mu + torch.exp(logvar / 2) * eps"

wrong_changes_eps = change(
    "eps is changed in place, and belongs to the caller: work on a copy",
    f"{SIGMA} * eps",
    "eps.mul_(torch.exp(logvar.detach() / 2)) + 0 * logvar",
)
wrong_changes_mu = change(
    "mu is changed in place, and belongs to the caller: work on a copy",
    f"return {Z}",
    f"mu += {SIGMA} * eps\n    return mu",
)
wrong_clamped = change(
    "the spread is clamped; logvar may be any number", SIGMA, f"{SIGMA}.clamp(min=0.5)"
)
wrong_clamped_at_ten = change(
    "the spread is clamped; logvar may be any number", SIGMA, "torch.exp(logvar.clamp(-10, 10) / 2)"
)
wrong_detached = change(
    "no gradient flows through the sample: no .detach(), no .sample()", Z, f"({Z}).detach()"
)
wrong_eps_drawn_inside = change(
    "it draws noise of its own: eps is given, draw none", "* eps", "* torch.randn_like(mu)"
)
wrong_epsilon = change(
    "a small number is added to sigma: it changes every narrow q", SIGMA, f"({SIGMA} + 1e-6)"
)
wrong_log_sigma = change(
    "logvar is the log of the variance, not of sigma: sigma is exp(logvar / 2)",
    SIGMA,
    "torch.exp(logvar)",
)
wrong_logvar_data = change(
    "no gradient reaches logvar: no .detach(), no .data", "logvar / 2", "logvar.data / 2"
)
wrong_minus = change("the noise is taken off; it is added", "mu + torch", "mu - torch")
wrong_mu_detached = change(
    "no gradient reaches mu: no .detach(), no .data", "mu + torch", "mu.detach() + torch"
)
wrong_no_exp = change("logvar is a logarithm: sigma is exp(logvar / 2)", SIGMA, "logvar")
wrong_no_return = change("nothing came back: is a `return` missing?", "return mu", "mu")
wrong_noise_alone = change(
    "this is the noise alone: move it by mu", "return mu + torch", "return torch"
)
wrong_noise_never_used = change("the noise is not used: this is the mean", Z, "mu + 0 * logvar")
wrong_noise_standardised = change(
    "the noise is standardised; take eps as it is", "* eps", "* ((eps - eps.mean(0)) / eps.std(0))"
)
wrong_not_scaled = change(
    "the noise is not scaled: multiply it by sigma, exp(logvar / 2)", SIGMA, "(1 + 0 * logvar)"
)
wrong_one_noise_for_batch = change(
    "one noise serves the whole batch: each row has its own", "* eps", "* eps[:1]"
)
wrong_root_of_logvar = change(
    "sigma is the root of the variance, not of its log", SIGMA, "torch.sqrt(logvar.abs())"
)
wrong_scales_everything = change(
    "brackets: sigma scales the noise, not the mean", Z, f"(mu + eps) * {SIGMA}"
)
wrong_two_logvar = change("sigma is exp(logvar / 2): half, not twice", "logvar / 2", "2 * logvar")
wrong_uniform = change(
    "it draws noise of its own: eps is given, draw none", "* eps", "* torch.rand_like(eps)"
)


def wrong_no_grad(mu, logvar, eps):
    """no gradient flows through the sample: no .detach(), no .sample()"""
    with torch.no_grad():
        return mu + torch.exp(logvar / 2) * eps


def wrong_rsample(mu, logvar, eps):
    """it draws noise of its own: eps is given, draw none"""
    return Normal(mu, torch.exp(logvar / 2)).rsample()


def wrong_sample(mu, logvar, eps):
    """it draws noise of its own, and cuts the graph: use eps, which is given, and draw none"""
    return Normal(mu, torch.exp(logvar / 2)).sample()
