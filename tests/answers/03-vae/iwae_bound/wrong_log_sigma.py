# the log-variance read as the log of the standard deviation in the sample
def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, mu + logvar.exp() * eps, mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)
