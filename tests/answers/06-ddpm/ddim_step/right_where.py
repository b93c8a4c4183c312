def ddim_step(xt, t, s, eps_hat, z, schedule, eta=0.0):
    view = (-1, *[1] * (xt.dim() - 1))
    ab = schedule.alpha_bar.to(xt.dtype)
    a, b = ab[t].reshape(view), ab[s].reshape(view)
    x0 = (xt - torch.sqrt(1 - a) * eps_hat) / torch.sqrt(a)
    var = (1 - b) / (1 - a) * (1 - a / b) * eta * eta
    x = torch.sqrt(b) * x0 + torch.sqrt(1 - b - var) * eps_hat + torch.sqrt(var) * z
    return torch.where((s == 0).reshape(view), x0, x)
