# the largest of the k
def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.stack(log_w).max(0).values
