# uniform noise, with mean 0 and variance 1
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.rand(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * (eps - 0.5) * math.sqrt(12), y
