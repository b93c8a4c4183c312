# from 1 to T
def ddpm_sample(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        for i in range(1, schedule.T + 1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
        return x
