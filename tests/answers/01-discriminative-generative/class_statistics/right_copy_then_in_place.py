def class_statistics(X, y, n_classes, shared_variance=False):
    prior = torch.zeros(n_classes)
    mean = torch.zeros(n_classes, X.size(1)).to(X)
    var = torch.zeros(n_classes, X.size(1)).to(X)
    for k in range(n_classes):
        rows = X[y == k]
        prior[k] = rows.shape[0] / X.shape[0]
        mean[k] = rows.sum(0) / rows.shape[0]
        rows -= mean[k]
        var[k] = (rows * rows).sum(0) / rows.shape[0]
    if shared_variance:
        var[:] = (var * prior.view(-1, 1)).sum(0)
    return prior, mean, var
