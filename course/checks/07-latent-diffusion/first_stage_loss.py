"""TITLE."""

import torch
from torch import nn
from torch.distributions import Normal, kl_divergence

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.autoencoder import reconstruction_loss
from dgm.distributions import kl_standard_normal, reparameterize
from dgm.latent import first_stage_loss as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_einsum(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = (a for a in first_stage.encode(x))
    noise = torch.empty(mu.shape, dtype=mu.dtype).normal_(0, 1, generator=generator)
    gap = (first_stage.decode(torch.addcmul(mu, logvar.mul(0.5).exp(), noise)) - x).reshape(
        len(x), -1
    )
    each = torch.einsum("bd,bd->b", gap, gap)
    for part in (mu**2, logvar.exp(), -logvar, torch.full_like(mu, -1.0)):
        each = each + kl_weight / 2 * part.reshape(len(x), -1).sum(1)
    return each.sum() / len(each)


def right_given_functions(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)

    eps = torch.zeros_like(mu).normal_(generator=generator)
    x_hat = first_stage.decode(reparameterize(mu, logvar, eps))
    return reconstruction_loss(x, x_hat) + kl_weight * kl_standard_normal(mu, logvar).mean()


def right_mse_times_dimensions(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)

    z = torch.normal(torch.zeros_like(mu), torch.ones_like(mu), generator=generator)
    z = z * logvar.exp().sqrt() + mu
    error = nn.functional.mse_loss(first_stage.decode(z), x, reduction="sum") / x.size(0)
    kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp()) / x.size(0)
    return error + kl * kl_weight


def right_norm_squared(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    x_hat = first_stage.decode(z)
    distance = torch.linalg.vector_norm((x - x_hat).flatten(1), dim=1) ** 2
    kl = (mu.square() + logvar.exp() - logvar).flatten(1).sum(1) / 2 - mu[0].numel() / 2
    return torch.mean(distance) + kl_weight * torch.mean(kl)


def right_plain(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def right_row_by_row(first_stage, x, kl_weight=1e-3, generator=None):
    total = 0
    for row in x.split(1):
        mu, logvar = first_stage.encode(row)
        sigma = torch.exp(0.5 * logvar)
        z = mu + sigma * torch.randn(mu.size(), generator=generator, dtype=x.dtype)
        total = total + ((row - first_stage.decode(z)) ** 2).sum()
        total = (
            total + kl_weight * ((mu**2).sum() + (sigma**2).sum() - logvar.sum() - mu.numel()) / 2
        )
    return total / len(x)


def right_torch_distributions(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)

    q = Normal(mu, (0.5 * logvar).exp())
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = q.mean + q.stddev * eps
    kl = kl_divergence(q, Normal(torch.zeros_like(mu), torch.ones_like(mu)))
    error = nn.MSELoss(reduction="none")(first_stage.decode(z), x)
    return error.flatten(1).sum(1).mean() + kl_weight * kl.flatten(1).sum(1).mean()


# Mistakes, and what a student is told.


def wrong_absolute(first_stage, x, kl_weight=1e-3, generator=None):
    """absolute errors"""
    # SAID: with kl_weight 2.0: absolute errors; squares are wanted
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps
    error = (x - first_stage.decode(z)).abs().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_all_means(first_stage, x, kl_weight=1e-3, generator=None):
    """means over the entries in both terms"""
    # SAID: with kl_weight 2.0: means over the entries; sums over image and code are wanted
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps
    error = (x - first_stage.decode(z)).square().mean()
    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).mean()

    return (error + kl_weight * kl).mean()


def wrong_always_float64(first_stage, x, kl_weight=1e-3, generator=None):
    """the code always float64"""
    # SAID: the codes are float32, and the decoder was handed torch.float64: draw noise of mu's dtype
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape, generator=generator)
    z = (mu + (logvar / 2).exp() * eps).double()

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_decodes_the_mean(first_stage, x, kl_weight=1e-3, generator=None):
    """draws z and decodes mu"""
    # SAID: the decoder was handed mu, without noise: z = mu + sigma eps
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps
    error = (x - first_stage.decode(mu)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_detached_code(first_stage, x, kl_weight=1e-3, generator=None):
    """no gradient into the encoder by way of the reconstruction"""
    # SAID: with kl_weight 2.0: the value is right, and the gradient by way of mu is not. Is something detached, or under no_grad?
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = (mu + (logvar / 2).exp() * eps).detach()

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_detached_kl(first_stage, x, kl_weight=1e-3, generator=None):
    """a KL without gradient"""
    # SAID: with kl_weight 2.0: the value is right, and the gradient by way of mu is not. Is something detached, or under no_grad?
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)
    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1).detach()

    return (error + kl_weight * kl).mean()


def wrong_first_row(first_stage, x, kl_weight=1e-3, generator=None):
    """the first image alone"""
    # SAID: with kl_weight 2.0: one image alone; the mean over the batch is wanted
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps
    error = (x - first_stage.decode(z)).square()[0].sum()

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_half_the_error(first_stage, x, kl_weight=1e-3, generator=None):
    """half of the squared error"""
    # SAID: with kl_weight 2.0: half of the squared error; no half stands before it here
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return (error / 2 + kl_weight * kl).mean()


def wrong_item(first_stage, x, kl_weight=1e-3, generator=None):
    """a Python number"""
    # SAID: nothing can be trained on this: one tensor with its graph is wanted, no pair, no .item(), no no_grad
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return (error + kl_weight * kl).mean().item()


def wrong_kl_mean_of_channels(first_stage, x, kl_weight=1e-3, generator=None):
    """KL summed over the channels and averaged over places"""
    # SAID: with kl_weight 2.0: the KL is summed over the channels alone; sum over the whole code
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)
    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).sum(1).mean()

    return (error + kl_weight * kl).mean()


def wrong_kl_mean_of_entries(first_stage, x, kl_weight=1e-3, generator=None):
    """KL as a mean over the entries of the code"""
    # SAID: with kl_weight 2.0: the KL is a mean over the entries of the code; their sum is wanted
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)
    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).mean()

    return (error + kl_weight * kl).mean()


def wrong_kl_no_half(first_stage, x, kl_weight=1e-3, generator=None):
    """KL without its half"""
    # SAID: with kl_weight 2.0: kl_weight is in it twice
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)
    kl = (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_kl_no_one(first_stage, x, kl_weight=1e-3, generator=None):
    """the 1 of the KL forgotten"""
    # SAID: with kl_weight 2.0: the 1 of the KL is missing
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)
    kl = 0.5 * (mu**2 + logvar.exp() - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_kl_of_sample(first_stage, x, kl_weight=1e-3, generator=None):
    """the sampled KL's entropy forgotten: the square of z"""
    # SAID: with kl_weight 2.0: this is z squared; the KL is a function of mu and logvar
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)
    kl = 0.5 * (z**2).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_kl_reversed(first_stage, x, kl_weight=1e-3, generator=None):
    """KL of the standard normal from q"""
    # SAID: with kl_weight 2.0: the KL is that of q from the standard normal; this is the other way round
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)
    kl = 0.5 * (logvar - 1 + (1 + mu**2) / logvar.exp()).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_kl_sampled(first_stage, x, kl_weight=1e-3, generator=None):
    """a draw of the KL, log q(z) - log p(z), in place of the KL"""
    # SAID: with kl_weight 2.0: this is a draw of the KL, log q(z|x) - log p(z); its closed form is wanted
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)
    kl = 0.5 * (z**2 - eps**2 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_kl_sigma_for_logvar(first_stage, x, kl_weight=1e-3, generator=None):
    """logvar read as log sigma in the KL"""
    # SAID: with kl_weight 2.0: logvar is the logarithm of the variance; here it was taken for that of sigma
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)
    kl = 0.5 * (mu**2 + (2 * logvar).exp() - 1 - 2 * logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_kl_sign(first_stage, x, kl_weight=1e-3, generator=None):
    """KL subtracted"""
    # SAID: with kl_weight 2.0: the KL is subtracted; it is added to a loss, and it is 0 or more
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return (error - kl_weight * kl).mean()


def wrong_kl_sign_inside(first_stage, x, kl_weight=1e-3, generator=None):
    """the sign of the KL itself"""
    # SAID: with kl_weight 2.0: the KL is subtracted; it is added to a loss, and it is 0 or more
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)
    kl = 0.5 * (1 + logvar - mu**2 - logvar.exp()).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_kl_sum_of_batch(first_stage, x, kl_weight=1e-3, generator=None):
    """KL summed over the batch too"""
    # SAID: with kl_weight 2.0: the KL is summed over the batch; its mean is wanted
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)
    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).sum()

    return (error + kl_weight * kl).mean()


def wrong_kl_without_variance(first_stage, x, kl_weight=1e-3, generator=None):
    """the penalty of mu alone"""
    # SAID: with kl_weight 2.0: the KL has four terms, not the mean's alone
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)
    kl = 0.5 * (mu**2).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_logvar_for_sigma(first_stage, x, kl_weight=1e-3, generator=None):
    """logvar times the noise"""
    # SAID: logvar itself times the noise; sigma is wanted, exp(logvar / 2)
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + logvar * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_mean_of_pixels(first_stage, x, kl_weight=1e-3, generator=None):
    """mean over the pixels in place of their sum"""
    # SAID: with kl_weight 2.0: the squared error is a mean over the pixels; their sum is wanted
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps
    error = (x - first_stage.decode(z)).square().flatten(1).mean(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_mse_loss(first_stage, x, kl_weight=1e-3, generator=None):
    """mse_loss: a mean over batch and pixels"""
    # SAID: with kl_weight 2.0: the squared error is a mean over the pixels; their sum is wanted
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps
    error = nn.functional.mse_loss(first_stage.decode(z), x)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_no_generator(first_stage, x, kl_weight=1e-3, generator=None):
    """the generator is not used"""
    # SAID: the same generator state gave another loss: hand generator to all that draws
    mu, logvar = first_stage.encode(x)
    z = mu + (logvar / 2).exp() * torch.randn_like(mu)

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_no_grad(first_stage, x, kl_weight=1e-3, generator=None):
    """inside no_grad"""
    # SAID: nothing can be trained on this: one tensor with its graph is wanted, no pair, no .item(), no no_grad
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
        decode = first_stage.decode

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps
    with torch.no_grad():
        error = (x - decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_no_kl(first_stage, x, kl_weight=1e-3, generator=None):
    """the KL forgotten"""
    # SAID: with kl_weight 2.0: the KL is missing
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return error.mean()


def wrong_no_noise(first_stage, x, kl_weight=1e-3, generator=None):
    """the mean code decoded, without noise"""
    # SAID: the decoder was handed mu, without noise: z = mu + sigma eps
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_no_return(first_stage, x, kl_weight=1e-3, generator=None):
    """no return"""
    # SAID: first_stage_loss returned None: did you forget `return`?
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    (error + kl_weight * kl).mean()


def wrong_noise_of_a_row(first_stage, x, kl_weight=1e-3, generator=None):
    """one number of noise for each row"""
    # SAID: one number of noise for each row: draw it in the shape of mu
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(len(mu), *[1] * (mu.dim() - 1), generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_noise_on_image(first_stage, x, kl_weight=1e-3, generator=None):
    """noise on the image in place of the code"""
    # SAID: the encoder was shown something other than x: the noise belongs on the code, not on the image
    noise = torch.randn(x.shape, generator=generator, dtype=x.dtype)
    mu, logvar = first_stage.encode(x + noise)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_noise_without_mean(first_stage, x, kl_weight=1e-3, generator=None):
    """the mean forgotten"""
    # SAID: mu is missing: z = mu + sigma eps
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_not_averaged(first_stage, x, kl_weight=1e-3, generator=None):
    """one loss for each row"""
    # SAID: one number is wanted, got shape (20,): take the mean over the batch
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return error + kl_weight * kl


def wrong_one_noise(first_stage, x, kl_weight=1e-3, generator=None):
    """one noise for the whole batch"""
    # SAID: one noise for the whole batch: draw it in the shape of mu
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape[1:], generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_pair(first_stage, x, kl_weight=1e-3, generator=None):
    """the two terms as a pair"""
    # SAID: nothing can be trained on this: one tensor with its graph is wanted, no pair, no .item(), no no_grad
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return error.mean(), kl_weight * kl.mean()


def wrong_root(first_stage, x, kl_weight=1e-3, generator=None):
    """the distance in place of its square"""
    # SAID: with kl_weight 2.0: the square of the distance is wanted, not the distance
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return (error.sqrt() + kl_weight * kl).mean()


def wrong_seed_inside(first_stage, x, kl_weight=1e-3, generator=None):
    """a seed set inside"""
    # SAID: a second call gave the same loss: set no seed inside
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape, generator=torch.Generator().manual_seed(0), dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_sigma_upside_down(first_stage, x, kl_weight=1e-3, generator=None):
    """exp(-logvar / 2)"""
    # SAID: sigma is exp(logvar / 2), with a plus
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (-logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_sum_of_batch(first_stage, x, kl_weight=1e-3, generator=None):
    """sum over the batch"""
    # SAID: with kl_weight 2.0: the sum over the batch; its mean is wanted
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return (error + kl_weight * kl).sum()


def wrong_swapped(first_stage, x, kl_weight=1e-3, generator=None):
    """mu and logvar in each other's place"""
    # SAID: with kl_weight 2.0: mu and logvar have changed places: encode gives mu first
    logvar, mu = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_uniform(first_stage, x, kl_weight=1e-3, generator=None):
    """uniform noise"""
    # SAID: rand gives numbers from 0 to 1: randn is normal
    mu, logvar = first_stage.encode(x)
    eps = torch.rand(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_unit_noise(first_stage, x, kl_weight=1e-3, generator=None):
    """noise of standard deviation 1"""
    # SAID: noise of standard deviation 1; its sigma is exp(logvar / 2)
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_variance_for_sigma(first_stage, x, kl_weight=1e-3, generator=None):
    """the variance times the noise"""
    # SAID: the variance times the noise; sigma is wanted, exp(logvar / 2)
    mu, logvar = first_stage.encode(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + logvar.exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()


def wrong_weight_hard_coded(first_stage, x, kl_weight=1e-3, generator=None):
    """kl_weight always 0.001"""
    # SAID: with kl_weight 2.0: kl_weight is an argument; 0.001 is only its default
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return (error + 1e-3 * kl).mean()


def wrong_weight_ignored(first_stage, x, kl_weight=1e-3, generator=None):
    """kl_weight is not used"""
    # SAID: with kl_weight 2.0: kl_weight is not used
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return (error + kl).mean()


def wrong_weight_on_both(first_stage, x, kl_weight=1e-3, generator=None):
    """kl_weight on both terms"""
    # SAID: with kl_weight 2.0: kl_weight stands before the error too
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return kl_weight * (error + kl).mean()


def wrong_weight_on_error(first_stage, x, kl_weight=1e-3, generator=None):
    """kl_weight on the reconstruction"""
    # SAID: with kl_weight 2.0: kl_weight stands before the error, not before the KL
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return (kl_weight * error + kl).mean()


def wrong_weight_squared(first_stage, x, kl_weight=1e-3, generator=None):
    """kl_weight twice"""
    # SAID: with kl_weight 2.0: kl_weight is in it twice
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return (error + kl_weight**2 * kl).mean()


def wrong_weights_share(first_stage, x, kl_weight=1e-3, generator=None):
    """1 - kl_weight on the reconstruction"""
    # SAID: with kl_weight 2.0: the error has no weight; 1 - kl_weight is not it
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    error = (x - first_stage.decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)
    return ((1 - kl_weight) * error + kl_weight * kl).mean()
