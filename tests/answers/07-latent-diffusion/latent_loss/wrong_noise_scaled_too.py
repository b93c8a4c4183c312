# noise added to the codes, and then both scaled
def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)

    t = torch.randint(1, schedule.T + 1, (len(mu),), generator=generator)
    eps = torch.randn(mu.shape, generator=generator, dtype=mu.dtype)
    shape = (-1, *[1] * (mu.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(mu.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(mu.dtype)[t].view(shape)
    target = {"eps": eps, "x0": mu, "v": a * eps - b * mu}[predicts]
    return (model(scale * (a * mu + b * eps), t) - target).square().mean()
