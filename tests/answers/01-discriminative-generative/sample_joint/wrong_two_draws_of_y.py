# the labels that are returned are not those that x was drawn from
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    x = mean[y] + var[y].sqrt() * eps
    return x, torch.multinomial(prior, n, replacement=True, generator=generator)
