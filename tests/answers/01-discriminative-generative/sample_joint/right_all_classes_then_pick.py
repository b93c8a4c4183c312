def sample_joint(n, prior, mean, var, generator=None):
    d = mean.shape[1]
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    every = torch.randn(n, len(prior), d, generator=generator) * var.sqrt() + mean
    X = every.gather(1, y.view(n, 1, 1).expand(n, 1, d)).squeeze(1)
    return X, y
