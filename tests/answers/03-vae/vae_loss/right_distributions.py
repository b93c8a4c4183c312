def vae_loss(model, x, beta=1.0, generator=None):
    mu, logvar = model.encoder(x)
    q = torch.distributions.Normal(mu, (logvar / 2).exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    eps = torch.normal(torch.zeros_like(mu), 1.0, generator=generator)
    z = q.mean + q.stddev * eps
    kl = torch.distributions.kl_divergence(q, p).sum()
    return (beta * kl - model.log_likelihood(x, z).sum()) / x.shape[0]
