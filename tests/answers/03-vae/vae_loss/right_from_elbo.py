def vae_loss(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(*mu.shape, generator=generator, dtype=mu.dtype)
    bound = elbo(model, x, eps)
    return -(bound + (1 - beta) * kl_standard_normal(mu, logvar)).mean()
