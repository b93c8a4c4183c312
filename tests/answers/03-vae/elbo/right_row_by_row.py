def elbo(model, x, eps, kl="analytic"):
    bounds = []
    for i in range(len(x)):
        row = x[i : i + 1]
        mu, logvar = model.encoder(row)
        z = reparameterize(mu, logvar, eps[i : i + 1])
        zero = torch.zeros_like(z)
        if kl == "analytic":
            divergence = kl_normal(mu, logvar, zero, zero)
        else:
            divergence = normal_log_prob(z, mu, logvar) - normal_log_prob(z, zero, zero)
        bounds.append(model.log_likelihood(row, z) - divergence)
    return torch.cat(bounds)
