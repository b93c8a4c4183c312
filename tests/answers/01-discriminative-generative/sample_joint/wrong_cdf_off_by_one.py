# searchsorted over a cumulative sum that starts at 0: each class is one too high
# raises: IndexError
def sample_joint(n, prior, mean, var, generator=None):
    edges = torch.cat([torch.zeros(1, dtype=prior.dtype), prior.cumsum(0)])
    u = torch.rand(n, generator=generator, dtype=prior.dtype)
    y = torch.searchsorted(edges, u)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y
