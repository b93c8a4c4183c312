from torch.distributions import Normal, kl_divergence


def first_stage_loss(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)

    q = Normal(mu, (0.5 * logvar).exp())
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = q.mean + q.stddev * eps
    kl = kl_divergence(q, Normal(torch.zeros_like(mu), torch.ones_like(mu)))
    error = nn.MSELoss(reduction="none")(first_stage.decode(z), x)
    return error.flatten(1).sum(1).mean() + kl_weight * kl.flatten(1).sum(1).mean()
