def class_statistics(X, y, n_classes, shared_variance=False):
    n, d = X.shape
    n_k = torch.bincount(y, minlength=n_classes)
    mean = torch.zeros(n_classes, d, dtype=X.dtype).index_add(0, y, X) / n_k[:, None]
    sq = torch.zeros(n_classes, d, dtype=X.dtype).index_add(0, y, (X - mean[y]).square())
    if shared_variance:
        return n_k / n, mean, (sq.sum(0) / n).expand(n_classes, d)
    return n_k / n, mean, sq / n_k[:, None]
