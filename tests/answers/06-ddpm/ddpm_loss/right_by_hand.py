def ddpm_loss(model, x0, schedule, generator=None, *, predicts="eps", weight=None):
    T, n = schedule.T, x0.shape[0]
    u = torch.rand(n, generator=generator, dtype=torch.float64)
    t = (u * T).floor().long() + 1
    eps = torch.empty_like(x0).normal_(generator=generator)
    view = (n,) + (1,) * (x0.dim() - 1)
    signal = schedule.alpha_bar[t].sqrt().view(view).to(x0.dtype)
    noise = (1 - schedule.alpha_bar[t]).sqrt().view(view).to(x0.dtype)
    out = model(signal * x0 + noise * eps, t)
    target = {"eps": eps, "x0": x0, "v": signal * eps - noise * x0}[predicts]
    w = torch.ones(n, dtype=x0.dtype) if weight is None else weight(t).to(x0.dtype)
    return (w.view(view) * (out - target) ** 2).sum() / x0.numel()
