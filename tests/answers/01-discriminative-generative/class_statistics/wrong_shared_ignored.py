# shared_variance is ignored
def class_statistics(X, y, n_classes, shared_variance=False):
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([X[y == k].var(dim=0, unbiased=False) for k in range(n_classes)])
    return prior, mean, var
