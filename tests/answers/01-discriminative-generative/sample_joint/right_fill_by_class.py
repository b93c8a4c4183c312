def sample_joint(n, prior, mean, var, generator=None):
    K, d = mean.shape
    labels = torch.multinomial(prior, n, replacement=True, generator=generator)
    samples = torch.empty(n, d)
    for k in range(K):
        where = labels == k
        count = int(where.sum())
        eps = torch.randn(count, d, generator=generator)
        samples[where] = (mean[k] + var[k].sqrt() * eps).float()
    return samples, labels
