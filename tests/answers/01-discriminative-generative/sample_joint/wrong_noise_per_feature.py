# one noise for all samples
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y
