# the reconstruction is a mean over pixels, the KL a sum
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    rec = model.log_likelihood(x, z) / x[0].numel()
    if kl == "sampled":
        zero = torch.zeros_like(z)
        return rec + normal_log_prob(z, zero, zero) - normal_log_prob(z, mu, logvar)
    return rec - kl_standard_normal(mu, logvar)
