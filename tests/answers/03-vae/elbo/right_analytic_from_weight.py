def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    value = log_weight(model, x, z, mu, logvar)
    if kl == "analytic":
        zero = torch.zeros_like(z)
        sampled = normal_log_prob(z, mu, logvar) - normal_log_prob(z, zero, zero)
        value = value + sampled - kl_standard_normal(mu, logvar)
    return value
