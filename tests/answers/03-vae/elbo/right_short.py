def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "analytic":
        return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)
    return log_weight(model, x, z, mu, logvar)
