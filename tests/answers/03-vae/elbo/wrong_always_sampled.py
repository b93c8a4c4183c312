# the argument kl is ignored, always sampled
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    return log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar)
