def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    weights = []
    for _ in range(k):
        eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        z = reparameterize(mu, logvar, eps)
        weights.append(log_weight(model, x, z, mu, logvar))
    return torch.logsumexp(torch.stack(weights, dim=1), dim=1) - math.log(k)
