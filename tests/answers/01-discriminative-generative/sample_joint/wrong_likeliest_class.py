# always the likeliest class
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.full((n,), int(prior.argmax()))
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y
