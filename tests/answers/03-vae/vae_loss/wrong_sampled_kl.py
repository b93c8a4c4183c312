# the KL at one sample in place of the closed form
def vae_loss(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    zero = torch.zeros_like(z)
    kl = normal_log_prob(z, mu, logvar) - normal_log_prob(z, zero, zero)
    return (beta * kl - model.log_likelihood(x, z)).mean()
