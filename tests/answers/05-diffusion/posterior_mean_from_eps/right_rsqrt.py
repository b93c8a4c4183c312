def posterior_mean_from_eps(xt, t, eps, schedule):
    a = torch.rsqrt(schedule.alpha)[t]
    b = (schedule.beta[t] * a) * torch.rsqrt(1 - schedule.alpha_bar[t])
    for _ in xt.shape[1:]:
        a, b = a.unsqueeze(-1), b.unsqueeze(-1)
    return torch.addcmul(a.to(xt) * xt, b.to(xt), eps, value=-1)
