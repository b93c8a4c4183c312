# only ever two classes
def class_statistics(X, y, n_classes, shared_variance=False):
    zero, one = X[y == 0], X[y == 1]
    prior = torch.tensor([len(zero) / len(X), len(one) / len(X)], dtype=X.dtype)
    mean = torch.stack([zero.mean(0), one.mean(0)])
    var = torch.stack([zero.var(0, unbiased=False), one.var(0, unbiased=False)])
    if shared_variance:
        var = (prior @ var).repeat(2, 1)
    return prior, mean, var
