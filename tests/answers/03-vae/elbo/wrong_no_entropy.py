# the sampled KL forgets log q
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return model.log_likelihood(x, z) + normal_log_prob(z, torch.zeros_like(z), torch.zeros_like(z))
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)
