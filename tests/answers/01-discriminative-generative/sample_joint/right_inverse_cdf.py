def sample_joint(n, prior, mean, var, generator=None):
    u = torch.rand(n, generator=generator).to(prior.dtype)
    y = torch.searchsorted(torch.cumsum(prior, 0), u).clamp(max=len(prior) - 1)
    x = torch.normal(mean[y], var[y].sqrt(), generator=generator)
    return x, y
