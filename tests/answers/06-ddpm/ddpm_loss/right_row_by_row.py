def ddpm_loss(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    total = 0.0
    for i in range(len(x0)):
        x = x0[i : i + 1]
        t = torch.randint(1, schedule.T + 1, (1,), generator=generator)
        eps = torch.randn(x.shape, generator=generator, dtype=x.dtype)
        out = model(q_sample(x, t, eps, schedule), t)
        error = torch.mean((training_target(x, eps, t, schedule, predicts) - out) ** 2)
        total = total + (error if weight is None else weight(t)[0] * error)
    return total / len(x0)
