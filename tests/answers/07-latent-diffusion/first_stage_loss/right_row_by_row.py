def first_stage_loss(first_stage, x, kl_weight=1e-3, generator=None):
    total = 0
    for row in x.split(1):
        mu, logvar = first_stage.encode(row)
        sigma = torch.exp(0.5 * logvar)
        z = mu + sigma * torch.randn(mu.size(), generator=generator, dtype=x.dtype)
        total = total + ((row - first_stage.decode(z)) ** 2).sum()
        total = total + kl_weight * ((mu**2).sum() + (sigma**2).sum() - logvar.sum() - mu.numel()) / 2
    return total / len(x)
