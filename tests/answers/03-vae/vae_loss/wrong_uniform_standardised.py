# uniform noise with mean 0 and variance 1
def vae_loss(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    eps = (torch.rand(mu.shape, generator=generator, dtype=mu.dtype) - 0.5) * math.sqrt(12)
    z = reparameterize(mu, logvar, eps)
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean()
