# labels first: (y, X) and not (X, y)
# raises: IndexError
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return y, mean[y] + var[y].sqrt() * eps
