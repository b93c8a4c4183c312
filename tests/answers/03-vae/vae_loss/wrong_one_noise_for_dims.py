# one noise for all latent dimensions of a row
def vae_loss(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(len(x), 1, generator=generator, dtype=mu.dtype).expand_as(mu)
    z = reparameterize(mu, logvar, eps)
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean()
