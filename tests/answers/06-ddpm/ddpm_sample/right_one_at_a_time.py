def ddpm_sample(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):
    out = []
    for _ in range(shape[0]):
        x = start(model, schedule, (1, *shape[1:]), generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.tensor([i])
            with torch.no_grad():
                eps_hat, _ = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        out.append(x)
    return torch.cat(out)
