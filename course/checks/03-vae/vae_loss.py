"""TITLE."""

import math

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.distributions import (
    kl_standard_normal,  # kl_standard_normal
    normal_log_prob,  # normal_log_prob
    reparameterize,  # reparameterize
)
from dgm.vae import (
    elbo,  # elbo
    iwae_bound,  # iwae_bound
)
from dgm.vae import vae_loss as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_distributions(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    q = torch.distributions.Normal(mu, (logvar / 2).exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    eps = torch.normal(torch.zeros_like(mu), 1.0, generator=generator)
    z = q.mean + q.stddev * eps
    kl = torch.distributions.kl_divergence(q, p).sum()
    return (beta * kl - model.log_likelihood(x, z).sum()) / x.shape[0]


def right_from_elbo(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(*mu.shape, generator=generator, dtype=mu.dtype)
    bound = elbo(model, x, eps)
    return -(bound + (1 - beta) * kl_standard_normal(mu, logvar)).mean()


def right_row_by_row(model, x, beta=1.0, generator=None):
    total = 0.0
    for i in range(len(x)):
        row = x[i : i + 1]
        mu, logvar = model.encoder(row)
        z = reparameterize(mu, logvar, torch.randn(mu.shape, generator=generator, dtype=mu.dtype))
        total = total + beta * kl_standard_normal(mu, logvar) - model.log_likelihood(row, z)
    return total / len(x)


def right_short(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return torch.mean(beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z))


def right_two_means(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    z = mu + (0.5 * logvar).exp() * torch.empty_like(mu).normal_(generator=generator)
    reconstruction = -model.log_likelihood(x, z).mean()
    divergence = 0.5 * (mu**2 + logvar.exp() - logvar - 1).sum(1).mean()
    return reconstruction + beta * divergence


# Mistakes, and what a student is told.


def wrong_beta_ignored(model, x, beta=1.0, generator=None):
    """at beta = 4.0: beta is not used"""
    eps = torch.randn(model.encoder(x)[0].shape, generator=generator, dtype=x.dtype)
    return -elbo(model, x, eps).mean()


def wrong_beta_on_both(model, x, beta=1.0, generator=None):
    """at beta = 4.0: beta weighs the KL alone, not the whole"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    return -beta * elbo(model, x, eps).mean()


def wrong_beta_on_reconstruction(model, x, beta=1.0, generator=None):
    """at beta = 4.0: beta weighs the KL, not the reconstruction"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return (kl_standard_normal(mu, logvar) - beta * model.log_likelihood(x, z)).mean()


def wrong_detached(model, x, beta=1.0, generator=None):
    """the value is right and the gradient is wrong: does it flow through the sample z? Is sigma
    exp(logvar / 2)?"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps).detach()
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean()


def wrong_item(model, x, beta=1.0, generator=None):
    """nothing can be trained on this: return a tensor with its graph, no .item(), no .detach()"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean().item()


def wrong_kl_mean_over_latents(model, x, beta=1.0, generator=None):
    """at beta = 1.0: the KL is a sum over the dimensions of z, not a mean"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return (beta * kl_standard_normal(mu, logvar) / mu.shape[1] - model.log_likelihood(x, z)).mean()


def wrong_kl_sign(model, x, beta=1.0, generator=None):
    """at beta = 1.0: the KL is taken off; in the loss it is added"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return (-model.log_likelihood(x, z) - beta * kl_standard_normal(mu, logvar)).mean()


def wrong_kl_sum_over_batch(model, x, beta=1.0, generator=None):
    """at beta = 1.0: the KL is summed over the batch, and only the rest is averaged"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return beta * kl_standard_normal(mu, logvar).sum() - model.log_likelihood(x, z).mean()


def wrong_log_of_bound(model, x, beta=1.0, generator=None):
    """150 rows need 150 codes, one each; 750 were decoded"""
    return -iwae_bound(model, x, 5, generator).mean()


def wrong_log_sigma(model, x, beta=1.0, generator=None):
    """the value is right and the gradient is wrong: does it flow through the sample z? Is sigma
    exp(logvar / 2)?"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + torch.exp(logvar) * eps
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean()


def wrong_mean_over_pixels(model, x, beta=1.0, generator=None):
    """at beta = 1.0: log p(x|z) is a sum over pixels, not a mean"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return (
        beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z) / x[0].numel()
    ).mean()


def wrong_no_generator(model, x, beta=1.0, generator=None):
    """the same generator state gave another loss: hand generator=generator to all that draws"""
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, torch.randn_like(mu))
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean()


def wrong_noise_never_used(model, x, beta=1.0, generator=None):
    """the noise is not used: you decode the mean of q"""
    mu, logvar = model.encoder(x)
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, mu)).mean()


def wrong_not_averaged(model, x, beta=1.0, generator=None):
    """one number for each row"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)


def wrong_one_noise_for_batch(model, x, beta=1.0, generator=None):
    """one noise for the whole batch: draw it in the shape of mu"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(1, mu.shape[1], generator=generator, dtype=mu.dtype).expand_as(mu)
    z = reparameterize(mu, logvar, eps)
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean()


def wrong_one_noise_for_dims(model, x, beta=1.0, generator=None):
    """one noise for all dimensions of a code: draw it in the shape of mu"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(len(x), 1, generator=generator, dtype=mu.dtype).expand_as(mu)
    z = reparameterize(mu, logvar, eps)
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean()


def wrong_sampled_kl(model, x, beta=1.0, generator=None):
    """at beta = 1.0: the KL in closed form is wanted, not its value at one sample"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    zero = torch.zeros_like(z)
    kl = normal_log_prob(z, mu, logvar) - normal_log_prob(z, zero, zero)
    return (beta * kl - model.log_likelihood(x, z)).mean()


def wrong_seed_inside(model, x, beta=1.0, generator=None):
    """a second call gave the same loss: set no seed inside"""
    generator = torch.Generator().manual_seed(42)
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean()


def wrong_sign(model, x, beta=1.0, generator=None):
    """at beta = 1.0: the sign is turned: this is the ELBO, and training makes the loss small"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return (model.log_likelihood(x, z) - beta * kl_standard_normal(mu, logvar)).mean()


def wrong_squared_error(model, x, beta=1.0, generator=None):
    """at beta = 1.0: a squared error is not log p(x|z): ask model.log_likelihood"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    error = ((model.decode(z) - x) ** 2).flatten(1).sum(1)
    return (beta * kl_standard_normal(mu, logvar) + error).mean()


def wrong_sum_over_batch(model, x, beta=1.0, generator=None):
    """at beta = 1.0: a sum over the batch; the loss is a mean over its rows"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).sum()


def wrong_uniform_noise(model, x, beta=1.0, generator=None):
    """the noise should have mean 0, has 0.491: is it uniform?"""
    mu, logvar = model.encoder(x)
    eps = torch.rand(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean()


def wrong_uniform_standardised(model, x, beta=1.0, generator=None):
    """the noise should be normal: randn, not rand"""
    mu, logvar = model.encoder(x)
    eps = (torch.rand(mu.shape, generator=generator, dtype=mu.dtype) - 0.5) * math.sqrt(12)
    z = reparameterize(mu, logvar, eps)
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean()
