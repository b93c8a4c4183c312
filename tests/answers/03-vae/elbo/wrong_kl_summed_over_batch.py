# the whole batch's KL is taken off each row
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar).sum()
