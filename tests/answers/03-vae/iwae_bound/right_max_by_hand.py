def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(k, *mu.shape, generator=generator, dtype=mu.dtype)
    log_w = torch.stack([log_weight(model, x, reparameterize(mu, logvar, e), mu, logvar) for e in eps])
    top = log_w.max(0).values.detach()
    return top + torch.log(torch.exp(log_w - top).mean(0))
