# the samples are detached: no gradient through them
def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        z = reparameterize(mu, logvar, eps).detach()
        log_w.append(log_weight(model, x, z, mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)
