def q_sample(x0, t, eps, schedule):
    bar = schedule.alpha_bar[t.view(t.shape + (1,) * (x0.ndim - 1))].type_as(x0)
    return torch.sqrt(bar) * x0 + torch.sqrt(1.0 - bar) * eps
