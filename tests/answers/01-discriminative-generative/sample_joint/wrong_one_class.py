# the class is drawn once, for all samples
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, 1, generator=generator).expand(n)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y
