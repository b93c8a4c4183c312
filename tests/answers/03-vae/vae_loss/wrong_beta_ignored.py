# beta is ignored
def vae_loss(model, x, beta=1.0, generator=None):
    eps = torch.randn(model.encoder(x)[0].shape, generator=generator, dtype=x.dtype)
    return -elbo(model, x, eps).mean()
