# decodes the noise itself, a draw from the prior
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    if kl == "sampled":
        return log_weight(model, x, eps, mu, logvar)
    return model.log_likelihood(x, eps) - kl_standard_normal(mu, logvar)
