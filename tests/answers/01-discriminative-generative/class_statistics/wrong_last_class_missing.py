# the loop over the classes stops one too early
def class_statistics(X, y, n_classes, shared_variance=False):
    prior = torch.zeros(n_classes, dtype=X.dtype)
    mean = torch.zeros(n_classes, X.shape[1], dtype=X.dtype)
    var = torch.ones(n_classes, X.shape[1], dtype=X.dtype)
    for k in range(n_classes - 1):
        prior[k] = (y == k).sum() / len(y)
        mean[k] = X[y == k].mean(0)
        var[k] = X[y == k].var(0, correction=0)
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)
    return prior, mean, var
