# log_weight already holds the KL, and it is taken off again
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return log_weight(model, x, z, mu, logvar) - kl_standard_normal(mu, logvar)
