def velocity(x0, eps, t, schedule):
    bar = schedule.alpha_bar[t.reshape(-1, *([1] * (x0.dim() - 1)))].float()
    return torch.sqrt(bar) * eps - torch.sqrt(1 - bar) * x0
