def velocity(x0, eps, t, schedule):
    bar = schedule.alpha_bar[t]
    phi = torch.atan2((1 - bar).sqrt(), bar.sqrt())
    phi = phi.reshape(-1, *[1] * (x0.dim() - 1))
    return (torch.cos(phi) * eps - torch.sin(phi) * x0).to(x0.dtype)
