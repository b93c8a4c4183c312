def ddpm_loss(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    t = torch.multinomial(torch.ones(schedule.T), len(x0), replacement=True, generator=generator) + 1
    eps = torch.randn(*x0.shape, generator=generator).to(x0.dtype)
    difference = model(q_sample(x0, t, eps, schedule), t) - training_target(x0, eps, t, schedule, predicts)
    norm = torch.linalg.vector_norm(difference.flatten(1), dim=1) ** 2 / x0[0].numel()
    return norm.mean() if weight is None else (norm * weight(t)).mean()
