# inside no_grad
def first_stage_loss(first_stage, x, kl_weight=1e-3, generator=None):
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
        decode = first_stage.decode

    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    z = mu + (logvar / 2).exp() * eps
    with torch.no_grad():
        error = (x - decode(z)).square().flatten(1).sum(1)

    kl = 0.5 * (mu**2 + logvar.exp() - 1 - logvar).flatten(1).sum(1)

    return (error + kl_weight * kl).mean()
