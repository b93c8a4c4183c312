# draws the codes from the prior and weighs them as if they came from q
def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        z = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
        log_w.append(log_weight(model, x, z, mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)
