def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    z = mu + torch.exp(logvar / 2) * eps
    rec = model.log_likelihood(x, z)
    if kl == "sampled":
        # log q - log p at z; the constants cancel
        d = 0.5 * (z**2 - eps**2 - logvar).sum(dim=1)
    else:
        d = 0.5 * (mu**2 + logvar.exp() - logvar - 1).sum(dim=1)
    return rec - d
