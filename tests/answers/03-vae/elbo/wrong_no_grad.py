# all of it without a graph
@torch.no_grad()
def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = reparameterize(mu, logvar, eps)
    if kl == "sampled":
        return log_weight(model, x, z, mu, logvar)
    return model.log_likelihood(x, z) - kl_standard_normal(mu, logvar)
