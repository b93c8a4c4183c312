# the mean over the batch
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar).mean()
    return (model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)).mean()
