# full covariance matrices (K, d, d) and not the variances of the features
def class_statistics(X, y, n_classes, shared_variance=False):
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([torch.cov(X[y == k].T, correction=0) for k in range(n_classes)])
    if shared_variance:
        var = (prior[:, None, None] * var).sum(0).expand(n_classes, -1, -1)
    return prior, mean, var
