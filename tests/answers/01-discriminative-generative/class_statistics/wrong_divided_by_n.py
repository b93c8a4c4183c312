# sums over a class divided by all n rows, not by those of the class
def class_statistics(X, y, n_classes, shared_variance=False):
    member = torch.nn.functional.one_hot(y, n_classes).to(X.dtype)
    prior = member.mean(0)
    mean = member.T @ X / len(X)
    var = member.T @ (X - mean[y]) ** 2 / len(X)
    if shared_variance:
        var = var.sum(0).repeat(n_classes, 1)
    return prior, mean, var
