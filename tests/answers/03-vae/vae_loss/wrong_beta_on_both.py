# beta weighs the whole ELBO
def vae_loss(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    return -beta * elbo(model, x, eps).mean()
