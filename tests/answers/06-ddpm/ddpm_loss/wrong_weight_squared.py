# the weight stands under the square
def ddpm_loss(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    t = torch.randint(1, schedule.T + 1, (len(x0),), generator=generator)
    eps = torch.randn(x0.shape, generator=generator, dtype=x0.dtype)
    xt = q_sample(x0, t, eps, schedule)
    w = 1 if weight is None else weight(t).to(x0).view(-1, *[1] * (x0.dim() - 1))
    error = ((w * (model(xt, t) - training_target(x0, eps, t, schedule, predicts))) ** 2).flatten(1).mean(1)
    return error.mean()
