# E[x^2] in place of the variance: the squared mean is not taken off
def class_statistics(X, y, n_classes, shared_variance=False):
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([(X[y == k] ** 2).mean(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)
    return prior, mean, var
