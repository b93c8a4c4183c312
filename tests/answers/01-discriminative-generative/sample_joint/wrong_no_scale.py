# noise of variance 1 whatever var says
def sample_joint(n, prior, mean, var, generator=None):
    y = torch.multinomial(prior, n, replacement=True, generator=generator)
    return mean[y] + torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype), y
