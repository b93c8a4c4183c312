# the generator is ignored
def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    log_w = [log_weight(model, x, reparameterize(mu, logvar, torch.randn_like(mu)), mu, logvar) for _ in range(k)]
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)
