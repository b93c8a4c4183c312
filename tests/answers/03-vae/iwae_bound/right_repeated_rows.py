def iwae_bound(model, x, k, generator=None):
    mu, logvar = model.encoder(x)
    x, mu, logvar = (t.repeat_interleave(k, dim=0) for t in (x, mu, logvar))
    eps = torch.empty_like(mu).normal_(generator=generator)
    log_w = log_weight(model, x, reparameterize(mu, logvar, eps), mu, logvar)
    return log_w.view(-1, k).logsumexp(1) - math.log(k)
