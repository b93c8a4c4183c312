# the generator is ignored
def vae_loss(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, torch.randn_like(mu))
    return (beta * kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)).mean()
