def first_stage_loss(first_stage, x, kl_weight=1e-3, generator=None):
    mu, logvar = first_stage.encode(x)

    eps = torch.zeros_like(mu).normal_(generator=generator)
    x_hat = first_stage.decode(reparameterize(mu, logvar, eps))
    return reconstruction_loss(x, x_hat) + kl_weight * kl_standard_normal(mu, logvar).mean()
