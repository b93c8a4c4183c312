# the model shown clean latents
def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    with torch.no_grad():
        z = scale * first_stage.encode(x)[0]

    t = torch.randint(1, schedule.T + 1, (len(z),), generator=generator)
    eps = torch.randn(z.shape, generator=generator, dtype=z.dtype)
    shape = (-1, *[1] * (z.dim() - 1))
    a = schedule.alpha_bar.sqrt().to(z.dtype)[t].view(shape)
    b = (1 - schedule.alpha_bar).sqrt().to(z.dtype)[t].view(shape)
    target = {"eps": eps, "x0": z, "v": a * eps - b * z}[predicts]
    return (model(z, t) - target).square().mean()
