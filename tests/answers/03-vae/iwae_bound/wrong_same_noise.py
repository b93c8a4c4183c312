# the same noise k times
def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    log_w = [log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar) for _ in range(k)]
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)
