# one noise for the whole batch
def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]

    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(1, *z.shape[1:], generator=generator, dtype=z.dtype)
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": z, "v": a * eps - b * z}[predicts]
    return (model(a * z + b * eps, t) - target).square().mean()
