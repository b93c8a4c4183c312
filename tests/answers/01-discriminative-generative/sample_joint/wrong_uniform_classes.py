# the classes are drawn uniformly
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.randint(len(prior), (n,), generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y
