def ddim_step(xt, t, s, eps_hat, z, schedule, eta=0.0):
    a, b = at(schedule.alpha_bar, t, xt), at(schedule.alpha_bar, s, xt)
    sigma = eta * torch.sqrt((1 - b) / (1 - a)) * torch.sqrt(1 - a / b)
    r = torch.sqrt(b / a)
    return r * xt + (torch.sqrt(1 - b - sigma**2) - r * torch.sqrt(1 - a)) * eps_hat + sigma * z
