def first_stage_loss(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)

    z = torch.normal(torch.zeros_like(mu), torch.ones_like(mu), generator=generator)
    z = z * logvar.exp().sqrt() + mu
    error = nn.functional.mse_loss(first_stage.decode(z), x, reduction="sum") / x.size(0)
    kl = -0.5 * torch.sum(1 + logvar - mu.pow(2) - logvar.exp()) / x.size(0)
    return error + kl * kl_weight
