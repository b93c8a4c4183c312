# another estimate of p(x): codes from the prior, no encoder
def iwae_bound(model, x, k, generator=None):
    shape = model.encoder(x)[0].shape
    log_w = [model.log_likelihood(x, torch.randn(shape, generator=generator, dtype=x.dtype)) for _ in range(k)]
    return torch.logsumexp(torch.stack(log_w), 0) - math.log(k)
