def first_stage_loss(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps

    x_hat = first_stage.decode(z)
    distance = torch.linalg.vector_norm((x - x_hat).flatten(1), dim=1) ** 2
    kl = (mu.square() + logvar.exp() - logvar).flatten(1).sum(1) / 2 - mu[0].numel() / 2
    return torch.mean(distance) + kl_weight * torch.mean(kl)
