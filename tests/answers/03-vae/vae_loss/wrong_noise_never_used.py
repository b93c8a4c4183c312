# decodes the mean, without noise
def vae_loss(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, mu)).mean()
