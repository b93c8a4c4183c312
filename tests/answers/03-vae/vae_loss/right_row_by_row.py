def vae_loss(model, x, beta=1.0, generator=None):
    total = 0.0
    for i in range(len(x)):
        row = x[i : i + 1]
        mu, logvar = model.encoder(row)
        z = reparameterize(mu, logvar, torch.randn(mu.shape, generator=generator, dtype=mu.dtype))
        total = total + beta * kl_standard_normal(mu, logvar) - model.log_likelihood(row, z)
    return total / len(x)
