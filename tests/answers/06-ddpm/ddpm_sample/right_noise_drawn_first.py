def ddpm_sample(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):
    x = start(model, schedule, shape, generator, dtype)
    noise = torch.randn((schedule.T, *x.shape), generator=generator, dtype=x.dtype)
    for i in range(schedule.T, 0, -1):
        t = torch.full((len(x),), i)
        with torch.no_grad():
            eps_hat, _ = estimate(model, x, t, schedule, predicts, clip)
        x = ddpm_step(x, t, eps_hat, noise[i - 1], schedule, variance=variance)
    return x
