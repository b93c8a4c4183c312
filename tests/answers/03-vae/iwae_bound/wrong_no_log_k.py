# -log k is missing
def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0)
