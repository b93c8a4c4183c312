def ddpm_sample(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):
    x, i = start(model, schedule, shape, generator, dtype), schedule.T
    with torch.inference_mode():
        while i >= 1:
            t = i * torch.ones(shape[0], dtype=torch.long)
            eps_hat, _ = estimate(model, x, t, schedule, predicts, clip)
            z = torch.normal(0.0, 1.0, tuple(shape), generator=generator, dtype=x.dtype) if i > 1 else torch.zeros_like(x)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
            i -= 1
    return x.clone()
