# float32 in, and the network is given float64
def ddpm_loss(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    view = (-1,) + (1,) * (x0.dim() - 1)
    xt = schedule.alpha_bar[t].sqrt().view(view) * x0 + (1 - schedule.alpha_bar[t]).sqrt().view(view) * eps
    error = ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).mean(1)
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()
