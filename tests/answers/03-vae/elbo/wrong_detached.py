# the sample is detached: no gradient through it
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps).detach()
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)
