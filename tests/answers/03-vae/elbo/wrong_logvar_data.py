# the log-variance of the sample is read through .data: sigma is not trained by the reconstruction
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar.data, eps)
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)
