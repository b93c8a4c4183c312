# decodes the mean
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    if kl == "sampled":
        return log_weight(model, x, mu, mu, logvar)
    return model.log_likelihood(x, mu) - kl_standard_normal(mu, logvar)
