# the first row's noise for the whole batch
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps[:1].expand_as(mu))
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)
