# the shared variance is divided by n - K
def class_statistics(X, y, n_classes, shared_variance=False):
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([X[y == k].var(dim=0, unbiased=False) for k in range(n_classes)])
    if shared_variance:
        var = (((X - mean[y]) ** 2).sum(0) / (len(X) - n_classes)).repeat(n_classes, 1)
    return prior, mean, var
