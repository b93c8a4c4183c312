# the squared error of the decoded picture in place of log p(x|z)
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    rec = -((model.decode(z) - x) ** 2).flatten(1).sum(1)
    if kl == "sampled":
        zero = torch.zeros_like(z)
        return rec + normal_log_prob(z, zero, zero) - normal_log_prob(z, mu, logvar)
    return rec - kl_standard_normal(mu, logvar)
