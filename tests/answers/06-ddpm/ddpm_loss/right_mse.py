def ddpm_loss(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    t = 1 + torch.randint(schedule.T, x0.shape[:1], generator=generator)
    eps = torch.normal(torch.zeros_like(x0), torch.ones_like(x0), generator=generator)
    out = call(model, q_sample(x0, t, eps, schedule), t)
    target = training_target(x0, eps, t, schedule, predicts)
    if weight is None:
        return nn.functional.mse_loss(out, target)
    each = nn.functional.mse_loss(out, target, reduction="none").flatten(1).mean(1)
    return torch.mean(weight(t) * each)
