def iwae_bound(model, x, k, generator=None):
    K = model.encoder(x)[0].shape[1]
    each = [
        elbo(model, x, torch.randn(len(x), K, generator=generator, dtype=x.dtype), kl="sampled")
        for _ in range(k)
    ]
    return torch.logsumexp(torch.stack(each), 0) - torch.log(torch.tensor(float(k)))
