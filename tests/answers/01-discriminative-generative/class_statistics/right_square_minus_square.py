def class_statistics(X, y, n_classes, shared_variance=False):
    Z = X.to(torch.float64)
    prior = torch.stack([(y == k).double().mean() for k in range(n_classes)])
    mean = torch.stack([Z[y == k].mean(0) for k in range(n_classes)])
    second = torch.stack([(Z[y == k] ** 2).mean(0) for k in range(n_classes)])
    var = second - mean**2
    if shared_variance:
        var = (prior[:, None] * var).sum(0, keepdim=True).repeat(n_classes, 1)
    return [prior, mean, var]
