# round(n * prior) samples of each class, in order
def sample_joint(n, prior, mean, var, generator=None):
    counts = (n * prior).round().long()
    counts[-1] = n - counts[:-1].sum()
    y = torch.repeat_interleave(torch.arange(len(prior)), counts)
    eps = torch.randn(n, mean.shape[1], generator=generator, dtype=mean.dtype)
    return mean[y] + var[y].sqrt() * eps, y
