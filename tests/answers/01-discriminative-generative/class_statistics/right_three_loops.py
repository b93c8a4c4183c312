def class_statistics(X, y, n_classes, shared_variance=False):
    n, d = X.shape
    counts = [0] * n_classes
    mean = torch.zeros(n_classes, d, dtype=X.dtype)
    var = torch.zeros(n_classes, d, dtype=X.dtype)
    for i in range(n):
        k = int(y[i])
        counts[k] += 1
        for j in range(d):
            mean[k, j] += X[i, j]
    for k in range(n_classes):
        mean[k] /= counts[k]
    for i in range(n):
        k = int(y[i])
        for j in range(d):
            var[k, j] += (X[i, j] - mean[k, j]) ** 2
    if shared_variance:
        pooled = var.sum(0) / n
        for k in range(n_classes):
            var[k] = pooled
    else:
        for k in range(n_classes):
            var[k] /= counts[k]
    prior = torch.tensor([c / n for c in counts], dtype=X.dtype)
    return prior, mean, var
