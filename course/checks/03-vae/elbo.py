"""TITLE."""

import torch
from torch.distributions import Normal as Gauss

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.distributions import (
    bernoulli_log_prob,  # bernoulli_log_prob
    kl_normal,  # kl_normal
    kl_standard_normal,  # kl_standard_normal
    normal_log_prob,  # normal_log_prob
    reparameterize,  # reparameterize
)
from dgm.vae import elbo as definition
from dgm.vae import log_weight


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_analytic_from_weight(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    value = log_weight(model, x, z, mu, logvar)
    if kl == "analytic":
        zero = torch.zeros_like(z)
        sampled = normal_log_prob(z, mu, logvar) - normal_log_prob(z, zero, zero)
        value = value + sampled - kl_standard_normal(mu, logvar)
    return value


def right_distributions(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    q, p = Gauss(mu, (logvar / 2).exp()), Gauss(torch.zeros_like(mu), torch.ones_like(mu))
    z = q.mean + q.stddev * eps
    if kl == "sampled":
        divergence = q.log_prob(z).sum(1) - p.log_prob(z).sum(1)
    elif kl == "analytic":
        divergence = torch.distributions.kl_divergence(q, p).sum(1)
    else:
        raise ValueError(kl)
    return model.log_likelihood(x, z) - divergence


def right_own_sampled(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = mu + torch.exp(logvar / 2) * eps
    rec = model.log_likelihood(x, z)
    if kl == "sampled":
        # log q - log p at z; the constants cancel
        d = 0.5 * (z**2 - eps**2 - logvar).sum(dim=1)
    else:
        d = 0.5 * (mu**2 + logvar.exp() - logvar - 1).sum(dim=1)
    return rec - d


def right_row_by_row(model, x, eps, kl="analytic"):
    bounds = []
    for i in range(len(x)):
        row = x[i : i + 1]
        mu, logvar = model.encoder(row)
        z = reparameterize(mu, logvar, eps[i : i + 1])
        zero = torch.zeros_like(z)
        if kl == "analytic":
            divergence = kl_normal(mu, logvar, zero, zero)
        else:
            divergence = normal_log_prob(z, mu, logvar) - normal_log_prob(z, zero, zero)
        bounds.append(model.log_likelihood(row, z) - divergence)
    return torch.cat(bounds)


def right_short(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "analytic":
        return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)
    return log_weight(model, x, z, mu, logvar)


# Mistakes, and what a student is told.


def wrong_always_analytic(model, x, eps, kl="analytic"):
    """this is the closed form: the argument kl is not used"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)


def wrong_always_bernoulli(model, x, eps, kl="analytic"):
    """where q is the true posterior, the sampled bound is log p(x) for every eps. Here p(x|z) is
    Gaussian: do you ask model.log_likelihood?"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    rec = bernoulli_log_prob(x, model.decoder(z))
    if kl == "sampled":
        zero = torch.zeros_like(z)
        return rec + normal_log_prob(z, zero, zero) - normal_log_prob(z, mu, logvar)
    return rec - kl_standard_normal(mu, logvar)


def wrong_always_sampled(model, x, eps, kl="analytic"):
    """the KL in closed form is wanted; this is its value at one sample"""
    mu, logvar = model.encoder(x)
    return log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar)


def wrong_detached(model, x, eps, kl="analytic"):
    """with kl="analytic" the value is right and the gradient is wrong: does it flow through the
    sample z?"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps).detach()
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)


def wrong_eps_as_code(model, x, eps, kl="analytic"):
    """you decode eps: it is a draw from the prior, not from q"""
    mu, logvar = model.encoder(x)
    if kl == "sampled":
        return log_weight(model, x, eps, mu, logvar)
    return model.log_likelihood(x, eps) - kl_standard_normal(mu, logvar)


def wrong_eps_drawn_inside(model, x, eps, kl="analytic"):
    """twice the same eps gave two bounds: use the noise you are given, draw none"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, torch.randn_like(mu))
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)


def wrong_half_log_weight(model, x, eps, kl="analytic"):
    """log_weight holds a KL already: you have taken it off twice"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return log_weight(model, x, z, mu, logvar) - kl_standard_normal(mu, logvar)


def wrong_kl_added(model, x, eps, kl="analytic"):
    """the KL is taken off, not added"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) + kl_standard_normal(mu, logvar)


def wrong_kl_summed_over_batch(model, x, eps, kl="analytic"):
    """each row pays for its own KL, not for the batch's"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar).sum()


def wrong_log_sigma(model, x, eps, kl="analytic"):
    """did you take logvar for the log of sigma in the sample?"""
    mu, logvar = model.encoder(x)
    z = mu + torch.exp(logvar) * eps
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)


def wrong_logvar_data(model, x, eps, kl="analytic"):
    """with kl="analytic" the value is right and the gradient is wrong: does it flow through the
    sample z?"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar.data, eps)
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)


def wrong_loss(model, x, eps, kl="analytic"):
    """the sign is turned: this is the loss"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return -log_weight(model, x, z, mu, logvar)
    return kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)


def wrong_mean_over_batch(model, x, eps, kl="analytic"):
    """the mean over the batch"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar).mean()
    return (model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)).mean()


def wrong_mean_over_pixels(model, x, eps, kl="analytic"):
    """log p(x|z) is a sum over pixels, not a mean"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    rec = model.log_likelihood(x, z) / x[0].numel()
    if kl == "sampled":
        zero = torch.zeros_like(z)
        return rec + normal_log_prob(z, zero, zero) - normal_log_prob(z, mu, logvar)
    return rec - kl_standard_normal(mu, logvar)


def wrong_no_entropy(model, x, eps, kl="analytic"):
    """the sampled KL is log q(z|x) - log p(z); log q is missing"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return model.log_likelihood(x, z) + normal_log_prob(
            z, torch.zeros_like(z), torch.zeros_like(z)
        )
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)


@torch.no_grad()
def wrong_no_grad(model, x, eps, kl="analytic"):
    """no gradient comes back: training would stand still. No no_grad, no .detach()"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)


def wrong_no_prior(model, x, eps, kl="analytic"):
    """the sampled KL is log q(z|x) - log p(z); the prior is missing"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return model.log_likelihood(x, z) - normal_log_prob(z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)


def wrong_noise_never_used(model, x, eps, kl="analytic"):
    """the noise is not used: you decode the mean"""
    mu, logvar = model.encoder(x)
    if kl == "sampled":
        return log_weight(model, x, mu, mu, logvar)
    return model.log_likelihood(x, mu) - kl_standard_normal(mu, logvar)


def wrong_one_noise_for_batch(model, x, eps, kl="analytic"):
    """one noise for the whole batch: each row has its own"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps[:1].expand_as(mu))
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)


def wrong_sampled_sign(model, x, eps, kl="analytic"):
    """the sampled KL has the wrong sign"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        zero = torch.zeros_like(z)
        return (
            model.log_likelihood(x, z)
            + normal_log_prob(z, mu, logvar)
            - normal_log_prob(z, zero, zero)
        )
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)


def wrong_squared_error(model, x, eps, kl="analytic"):
    """a squared error is not log p(x|z): ask model.log_likelihood"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    rec = -((model.decode(z) - x) ** 2).flatten(1).sum(1)
    if kl == "sampled":
        zero = torch.zeros_like(z)
        return rec + normal_log_prob(z, zero, zero) - normal_log_prob(z, mu, logvar)
    return rec - kl_standard_normal(mu, logvar)
