# a list of all steps
def ddpm_sample(model, schedule, shape, generator=None, *, predicts="eps", variance="beta_tilde", clip=None, dtype=None):
    with torch.no_grad():
        x = start(model, schedule, shape, generator, dtype)
        path = []
        for i in range(schedule.T, 0, -1):
            t = torch.full((len(x),), i)
            eps_hat, x0_hat = estimate(model, x, t, schedule, predicts, clip)
            z = torch.randn(x.shape, generator=generator, dtype=x.dtype)
            x = ddpm_step(x, t, eps_hat, z, schedule, variance=variance)
            path.append(x)
        return path
