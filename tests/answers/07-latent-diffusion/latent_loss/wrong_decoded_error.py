# the error measured after the decoder
def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        mu, logvar = first_stage.encode(x)
    z = scale * mu

    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": z, "v": a * eps - b * z}[predicts]
    out = model(a * z + b * eps, t)
    return (first_stage.decode(out) - first_stage.decode(target)).square().sum() / len(x)
