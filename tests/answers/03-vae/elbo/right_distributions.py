from torch.distributions import Normal as Gauss


def elbo(model, x, eps, kl="analytic"):
    mu, logvar = model.encoder(x)
    q, p = Gauss(mu, (logvar / 2).exp()), Gauss(torch.zeros_like(mu), torch.ones_like(mu))
    z = q.mean + q.stddev * eps
    if kl == "sampled":
        divergence = q.log_prob(z).sum(1) - p.log_prob(z).sum(1)
    elif kl == "analytic":
        divergence = torch.distributions.kl_divergence(q, p).sum(1)
    else:
        raise ValueError(kl)
    return model.log_likelihood(x, z) - divergence
