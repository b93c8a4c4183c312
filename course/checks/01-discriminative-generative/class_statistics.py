"""TITLE."""

import torch
from sklearn.naive_bayes import GaussianNB as SkNB
from torch.nn.functional import one_hot

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.naive_bayes import class_statistics as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_bincount_index_add(X, y, n_classes, shared_variance=False):
    n, d = X.shape
    n_k = torch.bincount(y, minlength=n_classes)
    mean = torch.zeros(n_classes, d, dtype=X.dtype).index_add(0, y, X) / n_k[:, None]
    sq = torch.zeros(n_classes, d, dtype=X.dtype).index_add(0, y, (X - mean[y]).square())
    if shared_variance:
        return n_k / n, mean, (sq.sum(0) / n).expand(n_classes, d)
    return n_k / n, mean, sq / n_k[:, None]


def right_copy_then_in_place(X, y, n_classes, shared_variance=False):
    prior = torch.zeros(n_classes)
    mean = torch.zeros(n_classes, X.size(1)).to(X)
    var = torch.zeros(n_classes, X.size(1)).to(X)
    for k in range(n_classes):
        rows = X[y == k]
        prior[k] = rows.shape[0] / X.shape[0]
        mean[k] = rows.sum(0) / rows.shape[0]
        rows -= mean[k]
        var[k] = (rows * rows).sum(0) / rows.shape[0]
    if shared_variance:
        var[:] = (var * prior.view(-1, 1)).sum(0)
    return prior, mean, var


def right_loop_over_classes(X, y, n_classes, shared_variance=False):
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


def right_masked_where(X, y, n_classes, shared_variance=False):
    mask = (y[:, None] == torch.arange(n_classes)[None, :]).float()
    counts = mask.sum(dim=0)
    prior = counts / counts.sum()
    mean = torch.einsum("nk,nd->kd", mask.to(X.dtype), X) / counts.view(-1, 1)
    diff2 = (X.unsqueeze(1) - mean.unsqueeze(0)) ** 2
    var = (mask.unsqueeze(2) * diff2).sum(dim=0) / counts.view(-1, 1)
    if shared_variance:
        var = torch.ones(n_classes, 1) * (mask.unsqueeze(2) * diff2).sum(dim=(0, 1)) / X.shape[0]
    return prior, mean, var


def right_one_hot(X, y, n_classes, shared_variance=False):
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


def right_single_precision(X, y, n_classes, shared_variance=False):
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


def right_sklearn(X, y, n_classes, shared_variance=False):
    nb = SkNB(var_smoothing=0).fit(X.numpy(), y.numpy())
    prior = torch.from_numpy(nb.class_prior_)
    mean = torch.from_numpy(nb.theta_)
    var = torch.from_numpy(nb.var_)
    if shared_variance:
        var = torch.outer(torch.ones_like(prior), prior @ var)
    return prior, mean, var


def right_square_minus_square(X, y, n_classes, shared_variance=False):
    Z = X.to(torch.float64)
    prior = torch.stack([(y == k).double().mean() for k in range(n_classes)])
    mean = torch.stack([Z[y == k].mean(0) for k in range(n_classes)])
    second = torch.stack([(Z[y == k] ** 2).mean(0) for k in range(n_classes)])
    var = second - mean**2
    if shared_variance:
        var = (prior[:, None] * var).sum(0, keepdim=True).repeat(n_classes, 1)
    return [prior, mean, var]


def right_three_loops(X, y, n_classes, shared_variance=False):
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


# Mistakes, and what a student is told.


def wrong_about_overall_mean(X, y, n_classes, shared_variance=False):
    """each class's variance is taken about the mean of all rows"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([((X[y == k] - X.mean(0)) ** 2).mean(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)
    return prior, mean, var


def wrong_absolute(X, y, n_classes, shared_variance=False):
    """the mean absolute deviation: the square is missing"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([(X[y == k] - mean[k]).abs().mean(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)
    return prior, mean, var


def wrong_always_shared(X, y, n_classes, shared_variance=False):
    """the variance is shared whether asked for or not"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = ((X - mean[y]) ** 2).mean(0).repeat(n_classes, 1)
    return prior, mean, var


def wrong_changes_x(X, y, n_classes, shared_variance=False):
    """your function changed X, which is the caller's: work on a copy"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    X -= mean[y]
    var = torch.stack([(X[y == k] ** 2).mean(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = (X**2).mean(0).repeat(n_classes, 1)
    return prior, mean, var


def wrong_counts_for_prior(X, y, n_classes, shared_variance=False):
    """counts of the classes, not divided by n"""
    prior = torch.bincount(y, minlength=n_classes).to(X.dtype)
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = ((X - mean[y]) ** 2).mean(0).repeat(n_classes, 1)
    else:
        var = torch.stack([((X[y == k] - mean[k]) ** 2).mean(dim=0) for k in range(n_classes)])
    return prior, mean, var


def wrong_covariance(X, y, n_classes, shared_variance=False):
    """wanted shapes (2,), (2, 3), (2, 3); got (2,), (2, 3), (2, 3, 3)"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([torch.cov(X[y == k].T, correction=0) for k in range(n_classes)])
    if shared_variance:
        var = (prior[:, None, None] * var).sum(0).expand(n_classes, -1, -1)
    return prior, mean, var


def wrong_divided_by_n(X, y, n_classes, shared_variance=False):
    """sums over a class divided by all n rows, not by those of the class"""
    member = torch.nn.functional.one_hot(y, n_classes).to(X.dtype)
    prior = member.mean(0)
    mean = member.T @ X / len(X)
    var = member.T @ (X - mean[y]) ** 2 / len(X)
    if shared_variance:
        var = var.sum(0).repeat(n_classes, 1)
    return prior, mean, var


def wrong_last_class_missing(X, y, n_classes, shared_variance=False):
    """the loop over the classes stops one too early"""
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


def wrong_mean_of_everything(X, y, n_classes, shared_variance=False):
    """one mean and one variance a class, over rows and features together"""
    d = X.shape[1]
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean() for k in range(n_classes)])[:, None].repeat(1, d)
    if shared_variance:
        var = ((X - mean[y]) ** 2).mean(0).repeat(n_classes, 1)
    else:
        var = torch.stack([((X[y == k] - mean[k]) ** 2).mean(dim=0) for k in range(n_classes)])
    return prior, mean, var


def wrong_mean_over_features(X, y, n_classes, shared_variance=False):
    """the mean is over the features of a row, not over the rows"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=1) for k in range(n_classes)])
    var = torch.stack([X[y == k].var(dim=1, unbiased=False) for k in range(n_classes)])
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)
    return prior, mean, var


def wrong_no_return(X, y, n_classes, shared_variance=False):
    """forgot to return"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([X[y == k].var(dim=0, unbiased=False) for k in range(n_classes)])
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)


def wrong_no_square_subtracted(X, y, n_classes, shared_variance=False):
    """E[x^2] in place of the variance: the squared mean is not taken off"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([(X[y == k] ** 2).mean(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)
    return prior, mean, var


def wrong_one_variance_a_class(X, y, n_classes, shared_variance=False):
    """one variance a class, averaged over the features"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([((X[y == k] - mean[k]) ** 2).mean(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)
    return prior, mean, var.mean(1, keepdim=True).expand_as(var)


def wrong_order(X, y, n_classes, shared_variance=False):
    """variance and mean are returned in the wrong order"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([X[y == k].var(dim=0, unbiased=False) for k in range(n_classes)])
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)
    return prior, var, mean


def wrong_overall_mean(X, y, n_classes, shared_variance=False):
    """the mean and the variance of all rows for each class"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = X.mean(0).repeat(n_classes, 1)
    var = X.var(0, unbiased=False).repeat(n_classes, 1)
    return prior, mean, var


def wrong_prior_inverse(X, y, n_classes, shared_variance=False):
    """the prior is n over the count"""
    prior = len(y) / torch.bincount(y, minlength=n_classes).to(X.dtype)
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = ((X - mean[y]) ** 2).mean(0).repeat(n_classes, 1)
    else:
        var = torch.stack([X[y == k].var(0, unbiased=False) for k in range(n_classes)])
    return prior, mean, var


def wrong_shared_about_global_mean(X, y, n_classes, shared_variance=False):
    """the shared variance is the plain variance of all rows, about their one mean"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = X.var(dim=0, unbiased=False).repeat(n_classes, 1)
    else:
        var = torch.stack([X[y == k].var(dim=0, unbiased=False) for k in range(n_classes)])
    return prior, mean, var


def wrong_shared_ignored(X, y, n_classes, shared_variance=False):
    """a shared variance has two equal rows: is shared_variance used?"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([X[y == k].var(dim=0, unbiased=False) for k in range(n_classes)])
    return prior, mean, var


def wrong_shared_n_minus_k(X, y, n_classes, shared_variance=False):
    """the shared variance is divided by n - K"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([X[y == k].var(dim=0, unbiased=False) for k in range(n_classes)])
    if shared_variance:
        var = (((X - mean[y]) ** 2).sum(0) / (len(X) - n_classes)).repeat(n_classes, 1)
    return prior, mean, var


def wrong_shared_not_repeated(X, y, n_classes, shared_variance=False):
    """the shared variance has shape (d,), not repeated for each class"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([X[y == k].var(dim=0, unbiased=False) for k in range(n_classes)])
    if shared_variance:
        var = prior @ var
    return prior, mean, var


def wrong_shared_plain_mean(X, y, n_classes, shared_variance=False):
    """the shared variance is the plain mean of the classes' variances"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([X[y == k].var(dim=0, unbiased=False) for k in range(n_classes)])
    if shared_variance:
        var = var.mean(0).repeat(n_classes, 1)
    return prior, mean, var


def wrong_shared_sum(X, y, n_classes, shared_variance=False):
    """the shared variance is the sum of the classes' variances"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([X[y == k].var(dim=0, unbiased=False) for k in range(n_classes)])
    if shared_variance:
        var = var.sum(0).repeat(n_classes, 1)
    return prior, mean, var


def wrong_std(X, y, n_classes, shared_variance=False):
    """the standard deviation in place of the variance"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([X[y == k].std(dim=0, unbiased=False) for k in range(n_classes)])
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)
    return prior, mean, var


def wrong_two_classes(X, y, n_classes, shared_variance=False):
    """only ever two classes"""
    zero, one = X[y == 0], X[y == 1]
    prior = torch.tensor([len(zero) / len(X), len(one) / len(X)], dtype=X.dtype)
    mean = torch.stack([zero.mean(0), one.mean(0)])
    var = torch.stack([zero.var(0, unbiased=False), one.var(0, unbiased=False)])
    if shared_variance:
        var = (prior @ var).repeat(2, 1)
    return prior, mean, var


def wrong_unbiased(X, y, n_classes, shared_variance=False):
    """the variance is divided by n_k - 1"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    var = torch.stack([X[y == k].var(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)
    return prior, mean, var


def wrong_uniform_prior(X, y, n_classes, shared_variance=False):
    """the prior is 1/K whatever the data"""
    prior = torch.full((n_classes,), 1 / n_classes, dtype=X.dtype)
    mean = torch.stack([X[y == k].mean(dim=0) for k in range(n_classes)])
    if shared_variance:
        var = ((X - mean[y]) ** 2).mean(0).repeat(n_classes, 1)
    else:
        var = torch.stack([((X[y == k] - mean[k]) ** 2).mean(dim=0) for k in range(n_classes)])
    return prior, mean, var
