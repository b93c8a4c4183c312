# the slope of cos(phi) x0 + sin(phi) eps in phi, by autograd
def velocity(x0, eps, t, schedule):
    phi = torch.acos(schedule.alpha_bar[t].sqrt()).reshape([-1] + [1] * (x0.ndim - 1))
    phi = phi.to(x0.dtype).expand_as(x0).clone()
    path = lambda p: torch.cos(p) * x0 + torch.sin(p) * eps
    return torch.func.jvp(path, (phi,), (torch.ones_like(phi),))[1]
