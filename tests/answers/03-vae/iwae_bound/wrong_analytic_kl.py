# averages the likelihood, and takes off the closed KL
def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(model.log_likelihood(x, reparameterize(mu, logvar, eps)))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k) - kl_standard_normal(mu, logvar)
