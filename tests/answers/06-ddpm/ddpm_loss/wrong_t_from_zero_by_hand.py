# steps 0 to T - 1, with tables read by hand
def ddpm_loss(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    t = torch.randint(0, schedule.T, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = at(schedule.alpha_bar.sqrt(), t, x0) * x0 + at((1 - schedule.alpha_bar).sqrt(), t, x0) * eps
    target = {"eps": eps, "x0": x0, "v": at(schedule.alpha_bar.sqrt(), t, x0) * eps - at((1 - schedule.alpha_bar).sqrt(), t, x0) * x0}[predicts]
    error = ((model(xt, t) - target) ** 2).flatten(1).mean(1)
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()
