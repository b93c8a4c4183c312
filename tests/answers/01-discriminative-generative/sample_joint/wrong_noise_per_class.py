# one noise for all samples of a class
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    x = mean + var.sqrt() * torch.randn(mean.shape, generator=generator, dtype=mean.dtype)
    return x[y], y
