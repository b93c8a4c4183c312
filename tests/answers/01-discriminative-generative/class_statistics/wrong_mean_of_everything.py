# one mean and one variance a class, over rows and features together
def class_statistics(X, y, n_classes, shared_variance=False):
    d = X.shape[1]
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean() for k in range(n_classes)])[:, None].repeat(1, d)
    if shared_variance:
        var = ((X - mean[y]) ** 2).mean(0).repeat(n_classes, 1)
    else:
        var = torch.stack([((X[y == k] - mean[k]) ** 2).mean(dim=0) for k in range(n_classes)])
    return prior, mean, var
