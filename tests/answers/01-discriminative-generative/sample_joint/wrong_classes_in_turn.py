# the classes take turns: 0, 1, ..., K-1, 0, 1, ...
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.arange(n) % len(prior)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y
