def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    total = None
    for _ in range(k):
        z = mu + (logvar / 2).exp() * torch.randn(mu.size(), generator=generator, dtype=mu.dtype)
        w = log_weight(model, x, z, mu, logvar)
        total = w if total is None else torch.logaddexp(total, w)
    return total - math.log(k)
