# uniform noise with mean 0 and variance 1
def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = (torch.rand(mu.shape, generator=generator, dtype=mu.dtype) - 0.5) * math.sqrt(12)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)
