def sample_joint(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    noise = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + torch.sqrt(var[y]) * noise, y
