def sample_joint(n, prior, mean, var, generator=None):
    # how many of each class is itself drawn, and the order is shuffled at the end
    drawn = torch.multinomial(prior, n, replacement=True, generator=generator)
    counts = torch.bincount(drawn, minlength=len(prior))
    blocks, labels = [], []
    for k, c in enumerate(counts.tolist()):
        eps = torch.randn(c, mean.shape[1], generator=generator, dtype=mean.dtype)
        blocks.append(mean[k] + var[k].sqrt() * eps)
        labels.append(torch.full((c,), k))
    order = torch.randperm(n, generator=generator)
    return torch.cat(blocks)[order], torch.cat(labels)[order]
