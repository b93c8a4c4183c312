"""TITLE."""

import math

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.distributions import (
    kl_standard_normal,  # kl_standard_normal
    reparameterize,  # reparameterize
)
from dgm.vae import (
    elbo,  # elbo
    log_weight,
)
from dgm.vae import iwae_bound as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_distributions(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    q = torch.distributions.Normal(mu, (logvar / 2).exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    log_w = []
    for _ in range(k):
        z = q.loc + q.scale * torch.randn(mu.shape, generator=generator).to(mu)
        log_w.append(model.log_likelihood(x, z) + (p.log_prob(z) - q.log_prob(z)).sum(1))
    return torch.logsumexp(torch.stack(log_w) - math.log(k), dim=0)


def right_elbo_k_times(model, x, k, generator=None):
    K = model.encoder(x)[0].shape[1]
    each = [
        elbo(model, x, torch.randn(len(x), K, generator=generator, dtype=x.dtype), kl="sampled")
        for _ in range(k)
    ]
    return torch.logsumexp(torch.stack(each), 0) - torch.log(torch.tensor(float(k)))


def right_loop(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    weights = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        z = reparameterize(mu, logvar, eps)
        weights.append(log_weight(model, x, z, mu, logvar))
    return torch.logsumexp(torch.stack(weights, dim=1), dim=1) - math.log(k)


def right_max_by_hand(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(k, *mu.shape, generator=generator, dtype=mu.dtype)
    log_w = torch.stack(
        [log_weight(model, x, reparameterize(mu, logvar, e), mu, logvar) for e in eps]
    )
    top = log_w.max(0).values.detach()
    return top + torch.log(torch.exp(log_w - top).mean(0))


def right_repeated_rows(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    x, mu, logvar = (t.repeat_interleave(k, dim=0) for t in (x, mu, logvar))
    eps = torch.empty_like(mu).normal_(generator=generator)
    log_w = log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar)
    return log_w.view(-1, k).logsumexp(1) - math.log(k)


def right_running(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    total = None
    for _ in range(k):
        z = mu + (logvar / 2).exp() * torch.randn(mu.size(), generator=generator, dtype=mu.dtype)
        w = log_weight(model, x, z, mu, logvar)
        total = w if total is None else torch.logaddexp(total, w)
    return total - math.log(k)


# Mistakes, and what a student is told.


def wrong_analytic_kl(model, x, k, generator=None):
    """with the true posterior as q every weight is p(x), and the bound is [-4.956707749547309,
    -7.054498244248171, -5.63032129422861, -7.636138160241201, -8.092980158857461,
    -4.861023069918184, -6.218791832075453]; got [-4.311828704532902, -6.66041361592664,
    -5.356170126093225, -6.810380361199913, -7.409648133635023, -4.272205942465203,
    -5.871702412432692]"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(model.log_likelihood(x, reparameterize(mu, logvar, eps)))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k) - kl_standard_normal(mu, logvar)


def wrong_best_of_k(model, x, k, generator=None):
    """the mean weight should be p(x); it is 2.654 times that: is it the largest of the k?"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.stack(log_w).max(0).values


def wrong_codes_from_prior(model, x, k, generator=None):
    """draws the codes from the prior and weighs them as if they came from q"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        z = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, z, mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)


def wrong_detached(model, x, k, generator=None):
    """the samples are detached: no gradient through them"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        z = reparameterize(mu, logvar, eps).detach()
        log_w.append(log_weight(model, x, z, mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)


def wrong_divided_by_k(model, x, k, generator=None):
    """divide the sum of the weights by k, not its logarithm"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) / k


def wrong_k_ignored(model, x, k, generator=None):
    """the bound varies as with one code: draw new noise for each of the k"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    return log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar)


def wrong_likelihood_only(model, x, k, generator=None):
    """with the true posterior as q every weight is p(x), and the bound is [-4.956707749547309,
    -7.054498244248171, -5.63032129422861, -7.636138160241201, -8.092980158857461,
    -4.861023069918184, -6.218791832075453]; got [-3.2886712374438267, -5.222933895132934,
    -4.255997272045292, -4.863561937819307, -5.845010114763558, -2.87807397400329,
    -4.645386693251406]"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(model.log_likelihood(x, reparameterize(mu, logvar, eps)))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)


def wrong_log_sigma(model, x, k, generator=None):
    """the mean weight should be p(x); it is 0.911 times that. Is the noise normal, and sigma
    exp(logvar / 2)?"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, mu + logvar.exp() * eps, mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)


def wrong_mean_of_logs(model, x, k, generator=None):
    """this is the mean of the logs, an ELBO: take the log of the mean weight"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.stack(log_w).mean(0)


def wrong_mean_over_batch(model, x, k, generator=None):
    """the mean over the batch"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return (torch.logsumexp(torch.stack(log_w), 0) - math.log(k)).mean()


def wrong_no_generator(model, x, k, generator=None):
    """the same generator state gave other bounds: hand generator=generator to all that draws"""
    mu, logvar = model.encoder(x)
    log_w = [
        log_weight(model, x, reparameterize(mu, logvar, torch.randn_like(mu)), mu, logvar)
        for _ in range(k)
    ]
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)


def wrong_no_log_k(model, x, k, generator=None):
    """log k is not taken off: a mean of k weights is wanted, not their sum"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0)


def wrong_one_noise_for_batch(model, x, k, generator=None):
    """2000 equal rows have all the same bound: draw noise for each row, and use it"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(1, mu.shape[1], generator=generator, dtype=mu.dtype).expand_as(mu)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)


def wrong_over_batch(model, x, k, generator=None):
    """log-sum-exp over the batch"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 1) - math.log(k)


def wrong_prior_estimate(model, x, k, generator=None):
    """with the true posterior as q every weight is p(x), and the bound is [-4.956707749547309,
    -7.054498244248171, -5.63032129422861, -7.636138160241201, -8.092980158857461,
    -4.861023069918184, -6.218791832075453]; got [-4.025437324048147, -9.610218785260614,
    -5.532027728859451, -7.286439908140335, -7.135706774169079, -3.997183158811123,
    -7.040776700795327]"""
    shape = model.encoder(x)[0].shape
    log_w = [
        model.log_likelihood(x, torch.randn(shape, generator=generator, dtype=x.dtype))
        for _ in range(k)
    ]
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)


def wrong_same_noise(model, x, k, generator=None):
    """the bound varies as with one code: draw new noise for each of the k"""
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    log_w = [log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar) for _ in range(k)]
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)


def wrong_seed_inside(model, x, k, generator=None):
    """a second call gave the same bounds: set no seed inside"""
    generator = torch.Generator().manual_seed(0)
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)


def wrong_sum_over_k(model, x, k, generator=None):
    """the logs of the weights are added up: add the weights, with logsumexp"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.stack(log_w).sum(0)


def wrong_underflow(model, x, k, generator=None):
    """the weights underflow: keep their logarithms, and add with logsumexp"""
    mu, logvar = model.encoder(x)
    w = 0
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        w = w + log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar).exp() / k
    return w.log()


def wrong_uniform_noise(model, x, k, generator=None):
    """the mean weight should be p(x); it is 0.171 times that. Is the noise normal, and sigma
    exp(logvar / 2)?"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.rand(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)


def wrong_uniform_standardised(model, x, k, generator=None):
    """the mean weight should be p(x); it is 1.097 times that. Is the noise normal, and sigma
    exp(logvar / 2)?"""
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = (torch.rand(mu.shape, generator=generator, dtype=mu.dtype) - 0.5) * math.sqrt(12)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)
