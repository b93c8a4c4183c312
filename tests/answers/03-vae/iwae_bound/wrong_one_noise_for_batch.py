# each of the k draws is shared by the whole batch
def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    log_w = []
    for _ in range(k):
        eps = torch.randn(1, mu.shape[1], generator=generator, dtype=mu.dtype).expand_as(mu)
        log_w.append(log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar))
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)
