# noise on the pixels, then encoded
def latent_loss(model, first_stage, x, schedule, scale, generator=None, *, predicts="eps"):
    t = torch.randint(1, schedule.T + 1, (len(x),), generator=generator)
    eps = torch.randn(x.shape, generator=generator, dtype=x.dtype)
    a = schedule.alpha_bar.to(x.dtype)[t].view(-1, *[1] * (x.dim() - 1))
    xt = a.sqrt() * x + (1 - a).sqrt() * eps
    with torch.no_grad():
        z, noisy = (scale * first_stage.encode(y)[0] for y in (x, xt))
    return (model(noisy, t) - (noisy - z)).square().mean()
