def class_statistics(X, y, n_classes, shared_variance=False):
    prior, means, variances = [], [], []
    for k in range(n_classes):
        rows = X[y == k]
        prior.append(len(rows) / len(X))
        means.append(rows.mean(dim=0))
        variances.append(rows.var(dim=0, unbiased=False))
    prior = torch.tensor(prior)
    means = torch.stack(means)
    variances = torch.stack(variances)
    if shared_variance:
        total = 0
        for k in range(n_classes):
            total = total + prior[k] * variances[k]
        variances = torch.stack([total] * n_classes)
    return prior, means, variances
