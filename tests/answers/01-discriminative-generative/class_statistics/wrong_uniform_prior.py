# the prior is 1/K whatever the data
def class_statistics(X, y, n_classes, shared_variance=False):
    prior = torch.full((n_classes,), 1 / n_classes, dtype=X.dtype)
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = ((X - mean[y]) ** 2).mean(0).repeat(n_classes, 1)
    else:
        var = torch.stack([((X[y == k] - mean[k]) ** 2).mean(dim=0) for k in range(n_classes)])
    return prior, mean, var
