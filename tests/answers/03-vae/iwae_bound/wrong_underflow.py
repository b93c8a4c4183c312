# the weights themselves are averaged: they underflow
def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    w = 0
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        w = w + log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar).exp() / k
    return w.log()
