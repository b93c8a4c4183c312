# the loss: minus the ELBO
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return -log_weight(model, x, z, mu, logvar)
    return kl_standard_normal(mu, logvar) - model.log_likelihood(x, z)
