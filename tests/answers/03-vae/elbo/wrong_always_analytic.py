# the argument kl is ignored, always the closed form
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)
