# variance and mean are returned in the wrong order
def class_statistics(X, y, n_classes, shared_variance=False):
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([X[y == k].var(dim=0, unbiased=False) for k in range(n_classes)])
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)
    return prior, var, mean
