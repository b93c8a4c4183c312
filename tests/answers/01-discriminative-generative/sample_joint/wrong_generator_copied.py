# a new generator with the same first seed: the caller's one does not move on
def sample_joint(n, prior, mean, var, generator=None):
    seed = 0 if generator is None else generator.initial_seed()
    g = torch.Generator().manual_seed(seed)
    y = torch.multinomial(prior, n, replacement=True, generator=g)
    eps = torch.randn(n, mean.shape[1], generator=g, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y
