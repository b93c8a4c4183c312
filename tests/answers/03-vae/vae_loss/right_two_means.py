def vae_loss(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    z = mu + (0.5 * logvar).exp() * torch.empty_like(mu).normal_(generator=generator)
    reconstruction = -model.log_likelihood(x, z).mean()
    divergence = 0.5 * (mu**2 + logvar.exp() - logvar - 1).sum(1).mean()
    return reconstruction + beta * divergence
