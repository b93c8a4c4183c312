def class_statistics(X, y, n_classes, shared_variance=False):
    x = X.float()
    prior = torch.zeros(n_classes)
    mean = torch.zeros(n_classes, x.shape[1])
    var = torch.zeros(n_classes, x.shape[1])
    for k in range(n_classes):
        rows = x[y == k]
        prior[k] = len(rows) / len(x)
        mean[k] = rows.mean(0)
        var[k] = ((rows - mean[k]) ** 2).mean(0)
    if shared_variance:
        var = torch.matmul(prior, var).unsqueeze(0).expand(n_classes, -1)
    return prior, mean, var
