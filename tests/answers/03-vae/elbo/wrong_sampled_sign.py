# the sampled KL has the wrong sign
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        zero = torch.zeros_like(z)
        return model.log_likelihood(x, z) + normal_log_prob(z, mu, logvar) - normal_log_prob(z, zero, zero)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)
