from torch.nn.functional import one_hot


def class_statistics(X, y, n_classes, shared_variance=False):
    Y = one_hot(y, n_classes).to(X)
    counts = Y.sum(0)
    prior = counts / len(y)
    mean = (Y.T @ X) / counts.unsqueeze(1)
    centred = X - Y @ mean
    if shared_variance:
        var = centred.pow(2).mean(0).expand(n_classes, -1)
    else:
        var = Y.T @ centred.pow(2) / counts.unsqueeze(1)
    return prior, mean, var
