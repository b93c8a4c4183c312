# the means are taken off the caller's X in place
def class_statistics(X, y, n_classes, shared_variance=False):
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    X -= mean[y]
    var = torch.stack([(X[y == k] ** 2).mean(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = (X**2).mean(0).repeat(n_classes, 1)
    return prior, mean, var
