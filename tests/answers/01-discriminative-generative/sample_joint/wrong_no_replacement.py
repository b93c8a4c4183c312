# multinomial without replacement, which gives out after K classes
# raises: RuntimeError
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, n, generator=generator)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y
