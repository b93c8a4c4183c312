# noise is added after the last step
def ddpm_sample(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            mean = posterior_mean_from_eps(x, t, eps_hat, schedule)
            sigma = max(float(getattr(schedule, variance)[i]), 1e-5) ** 0.5
            x = mean + sigma * z
        return x
