# the prior is n over the count
def class_statistics(X, y, n_classes, shared_variance=False):
    prior = len(y) / torch.bincount(y, minlength=n_classes).to(X.dtype)
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = ((X - mean[y]) ** 2).mean(0).repeat(n_classes, 1)
    else:
        var = torch.stack([X[y == k].var(0, unbiased=False) for k in range(n_classes)])
    return prior, mean, var
