# a sum over the pixels
def ddpm_loss(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    error = ((model(xt, t) - training_target(x0, eps, t, schedule, predicts)) ** 2).flatten(1).sum(1)
    if weight is not None:
        error = error * weight(t).to(error)
    return error.mean()
