def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    q = torch.distributions.Normal(mu, (logvar / 2).exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    log_w = []
    for _ in range(k):
        z = q.loc + q.scale * torch.randn(mu.shape, generator=generator).to(mu)
        log_w.append(model.log_likelihood(x, z) + (p.log_prob(z) - q.log_prob(z)).sum(1))
    return torch.logsumexp(torch.stack(log_w) - math.log(k), dim=0)
