# a Python number: nothing can be trained on it
def vae_loss(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = reparameterize(mu, logvar, eps)
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean().item()
