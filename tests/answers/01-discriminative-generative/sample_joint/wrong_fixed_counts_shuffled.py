# round(n * prior) samples of each class, shuffled
def sample_joint(n, prior, mean, var, generator=None):
    counts = (n * prior).round().long()
    counts[-1] = n - counts[:-1].sum()
    y = torch.repeat_interleave(torch.arange(len(prior)), counts)
    y = y[torch.randperm(n, generator=generator)]
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y
