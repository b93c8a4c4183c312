"""1.7 Count and average."""

import warnings

import torch
from sklearn.naive_bayes import GaussianNB as SkNB
from torch.nn.functional import one_hot

from course.checks import draw
from course.checks.cases import Call, Doing
from course.checks.exercise import change
from dgm.naive_bayes import class_statistics as definition


def labelled(g, d, *counts):
    """So many rows of each class, in random order, whose classes differ in mean and spread."""
    y = torch.repeat_interleave(torch.arange(len(counts)), torch.tensor(counts))
    y = y[torch.randperm(len(y), generator=g)]
    scale = draw.uniform(g, len(counts), d, low=0.5, high=4.0)
    return 3 * draw.normal(g, len(counts), d)[y] + scale[y] * draw.normal(g, len(y), d), y


def without_rows(g, *counts):
    X, y = labelled(g, 3, *counts)

    def play(answer):
        with warnings.catch_warnings():
            warnings.simplefilter(
                "ignore"
            )  # of a variance of no rows, of which nothing is promised
            prior, mean, var = answer(X.clone(), y.clone(), len(counts))
        return {"prior": prior, "mean": mean, "var, by its shape": tuple(var.shape)}

    words = f"{len(counts)} classes, of which one has no rows"
    return Doing(words, play).but(dtype="float", atol=1e-5)


def cases(g):
    X, y = labelled(g, 3, 8, 32)
    for shared in ({}, {"shared_variance": False}, {"shared_variance": True}):
        yield Call(X, y, 2, **shared).but(dtype="float", atol=1e-5)
    yield without_rows(g, 9, 0, 5, 7)
    yield without_rows(g, 6, 4, 0)
    X, y = labelled(g, 2, 1, 9, 6)  # one row: a variance of 0
    X[:, 0] = 7.0
    for shared in (False, True):
        yield Call(X, y, 3, shared).but(dtype="float", atol=1e-5)


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
    prior = torch.zeros(n_classes, dtype=torch.float64)
    mean = torch.full((n_classes, X.shape[1]), torch.nan, dtype=torch.float64)
    var = mean.clone()
    prior[nb.classes_] = torch.from_numpy(nb.class_prior_)
    mean[nb.classes_] = torch.from_numpy(nb.theta_)
    var[nb.classes_] = torch.from_numpy(nb.var_)
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


def right_scatter(X, y, n_classes, shared_variance=False):
    where = y[:, None].expand_as(X)
    mean, second = (
        X.new_full((n_classes, X.shape[1]), torch.nan).scatter_reduce(
            0, where, Z, "mean", include_self=False
        )
        for Z in (X, X**2)
    )
    prior = torch.bincount(y, minlength=n_classes).double() / y.numel()
    if shared_variance:
        return prior, mean, (X - mean[y]).square().mean(0).expand(n_classes, -1)
    return prior, mean, second - mean**2


# Mistakes, and what a student is told.


wrong_classes_counted_in_y = change(
    "there are n_classes classes, and y need not hold them all",
    "    member =",
    "    n_classes = len(y.unique())\n    member =",
)
wrong_classes_up_to_the_largest = change(
    "there are n_classes classes, and y need not hold them all",
    "    member =",
    "    n_classes = int(y.max()) + 1\n    member =",
)
wrong_empty_class_made_zero = change(
    "a class without rows has a mean of NaN: nothing is known of it",
    "[:, None]  # (K, 1)",
    "[:, None].clamp(min=1)",
)
wrong_prior_smoothed = change(
    "the prior is the plain share: no rows are made up",
    "return prior, mean, var",
    "return (count[:, 0] + 1) / (len(X) + n_classes), mean, var",
)
wrong_rows_taken_as_sorted = change(
    "the rows come in any order of classes: y says which is which",
    "one_hot(y, ",
    "one_hot(y.sort().values, ",
    "(X - mean[y])",
    "(X - mean[y.sort().values])",
)
wrong_variance_floor = change(
    "a feature that is constant in a class has a variance of 0: add nothing",
    "    if shared_variance:",
    "    var = var + 1e-3\n    if shared_variance:",
)
wrong_about_overall_mean = change(
    "each class's variance is about its own mean, not that of all rows",
    "(X - mean[y])",
    "(X - X.mean(dim=0))",
)
wrong_absolute = change("the square of the distance is missing", ".square_()", ".abs_()")
wrong_always_shared = change(
    "the variance is shared only if shared_variance is true", "if shared_variance:", "if True:"
)
wrong_changes_x = change(
    "X is changed in place", "(X - mean[y]).square_()", "X.sub_(mean[y]).square()"
)
wrong_counts_for_prior = change(
    "these are counts: divide them by the number of rows",
    "return prior, mean, var",
    "return count[:, 0], mean, var",
)
wrong_covariance = change(
    "these are covariance matrices: the variances alone are wanted, (K, d)",
    "return prior, mean, var",
    "z = X - mean[y]\n    return prior, mean, torch.einsum('nk,ni,nj->kij', member, z, z) / count[:, :, None]",
)
wrong_divided_by_n = change(
    "a class's sums are divided by its own number of rows, not by that of all",
    "@ X / count",
    "@ X / len(X)",
    "square / count",
    "square / len(X)",
    "(prior @ var)",
    "var.sum(dim=0)",
)
wrong_last_class_missing = change(
    "the last class is left out: the loop goes over all n_classes",
    "    if shared_variance:",
    "    prior[-1], mean[-1], var[-1] = 0, 0, 1\n    if shared_variance:",
)
wrong_mean_of_everything = change(
    "one mean a class, over its features together: each feature has its own",
    "mean = member.T @ X / count",
    "mean = (member.T @ X / count).mean(dim=1, keepdim=True).expand(-1, X.shape[1])",
)
wrong_no_return = change("forgot to return", "return prior, mean, var", "(prior, mean, var)")
wrong_no_square_subtracted = change(
    "this is the mean of x^2: the mean is to be taken off before the square",
    "(X - mean[y]).square_()",
    "X.square()",
)
wrong_one_variance_a_class = change(
    "one variance a class, averaged over its features: each feature has its own",
    "return prior, mean, var",
    "return prior, mean, var.mean(dim=1, keepdim=True).expand_as(var)",
)
wrong_order = change(
    "prior, mean, var is the order; here the last two have changed places",
    "return prior, mean, var",
    "return prior, var, mean",
)
wrong_overall_mean = change(
    "the mean and variance of all rows: each class has its own",
    "return prior, mean, var",
    "return prior, X.mean(0).repeat(n_classes, 1), X.var(0, correction=0).repeat(n_classes, 1)",
)
wrong_prior_inverse = change(
    "the prior is upside down: the class's rows over all rows",
    "return prior, mean, var",
    "return 1 / prior, mean, var",
)
wrong_shared_about_global_mean = change(
    "the shared variance is about each row's own class mean, not about that of all rows",
    "(prior @ var)",
    "X.var(dim=0, correction=0)",
)
wrong_shared_ignored = change(
    "shared_variance has no effect: all rows of var are the same then",
    "if shared_variance:",
    "if False:",
)
wrong_shared_n_minus_k = change(
    "the shared variance is divided by the number of rows, n, not by n - K",
    "(prior @ var)",
    "(prior @ var * len(X) / (len(X) - n_classes))",
)
wrong_shared_not_repeated = change(
    "the shared variance is repeated for each class: (K, d)",
    "(prior @ var).repeat(n_classes, 1)",
    "prior @ var",
)
wrong_shared_plain_mean = change(
    "the classes differ in size: their variances are weighted by the prior",
    "(prior @ var)",
    "var.mean(dim=0)",
)
wrong_shared_sum = change(
    "the shared variance is a mean, weighted by the prior, not a sum",
    "(prior @ var)",
    "var.sum(dim=0)",
)
wrong_std = change(
    "this is the standard deviation: the variance is wanted",
    "    if shared_variance:",
    "    var = var.sqrt()\n    if shared_variance:",
)
wrong_two_classes = change(
    "written out for two classes: there are n_classes",
    "return prior, mean, var",
    "return prior[:2], mean[:2], var[:2]",
)
wrong_unbiased = change(
    "divided by the number of rows less one: by the number itself",
    "square / count",
    "square / (count - 1)",
)
wrong_uniform_prior = change(
    "the prior is the class's share of the rows, not 1 / K",
    "return prior, mean, var",
    "return torch.full_like(prior, 1 / n_classes), mean, var",
)


def wrong_mean_over_features(X, y, n_classes, shared_variance=False):
    """the mean runs over the rows of a class, dim=0, not over a row's features"""
    prior = torch.stack([(y == k).to(X.dtype).mean() for k in range(n_classes)])
    mean = torch.stack([X[y == k].mean(dim=1) for k in range(n_classes)])
    var = torch.stack([X[y == k].var(dim=1, unbiased=False) for k in range(n_classes)])
    if shared_variance:
        var = (prior @ var).repeat(n_classes, 1)
    return prior, mean, var
