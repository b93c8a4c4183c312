# two generators of one seed: classes and noise are drawn from the same random numbers
def sample_joint(n, prior, mean, var, generator=None):
    seed = int(torch.randint(2**31, (1,), generator=generator))
    one, two = (torch.Generator().manual_seed(seed) for _ in range(2))
    u = torch.rand(n, generator=one, dtype=torch.float64)
    y = torch.searchsorted(prior.double().cumsum(0), u).clamp(max=len(prior) - 1)
    v = torch.rand(n, mean.shape[1], generator=two, dtype=torch.float64)
    v[:, 0] = u
    return mean[y] + var[y].sqrt() * torch.special.ndtri(v.clamp(1e-12, 1 - 1e-12)), y
