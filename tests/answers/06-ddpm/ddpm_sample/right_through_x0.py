def ddpm_sample(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):
    x = torch.randn(tuple(shape), generator=generator, dtype=dtype)
    with torch.no_grad():
        for i in range(schedule.T, 0, -1):
            t = torch.full((shape[0],), i, dtype=torch.int64)
            x0_hat = as_x0(model(x, t), x, t, schedule, predicts)
            if clip is not None:
                x0_hat = torch.clamp(x0_hat, clip[0], clip[1])
            mean, var = q_posterior(x0_hat, x, t, schedule)
            if i == 1:
                return mean
            sigma = math.sqrt(float(getattr(schedule, variance)[i]))
            x = mean + sigma * torch.randn(tuple(shape), generator=generator, dtype=x.dtype)
