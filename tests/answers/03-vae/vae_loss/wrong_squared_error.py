# a squared error in place of log p(x|z)
def vae_loss(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    error = ((model.decode(z) - x) ** 2).flatten(1).sum(1)
    return (beta * kl_standard_normal(mu, logvar) + error).mean()
