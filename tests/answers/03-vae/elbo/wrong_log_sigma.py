# the log-variance read as the log of the standard deviation in the sample
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = mu + torch.exp(logvar) * eps
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)
