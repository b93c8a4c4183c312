"""1.8 The joint density."""

import math

import numpy as np
import torch
from scipy.stats import norm
from torch.distributions import Categorical, Independent, MultivariateNormal, Normal

from course.checks import draw
from course.checks.cases import Call
from dgm.naive_bayes import joint_log_prob as definition


def model(g, n, K, d, dtype=draw.DOUBLE):
    """Rows, and a prior, means and variances for them."""
    prior = torch.softmax(draw.normal(g, K, dtype=dtype), 0)
    var = draw.uniform(g, K, d, low=0.3, high=2.5, dtype=dtype)
    return 2 * draw.normal(g, n, d, dtype=dtype), prior, draw.normal(g, K, d, dtype=dtype), var


def cases(g):
    for n, K, d in ((6, 3, 2), (5, 2, 4), (4, 4, 4), (1, 3, 1)):
        yield Call(*model(g, n, K, d)).but(dtype="float", atol=1e-5)
    X, *rest = model(g, 5, 3, 2)
    yield Call(X + 1e3, *rest).but(dtype="float", words="far from all classes")


# Right, in ways that differ.


def right_broadcast(X, prior, mean, var):
    diff = X[:, None, :] - mean
    terms = -0.5 * torch.log(2 * torch.pi * var) - diff**2 / (2 * var)
    return torch.log(prior) + terms.sum(dim=2)


def right_independent_categorical(X, prior, mean, var):
    px = Independent(Normal(mean, torch.sqrt(var)), 1)
    py = Categorical(probs=prior)
    return px.log_prob(X[:, None]) + py.log_prob(torch.arange(len(prior)))


def right_loop_over_classes(X, prior, mean, var):
    columns = []
    for k in range(len(prior)):
        a = -0.5 * torch.log(2 * math.pi * var[k]).sum()
        b = -(((X - mean[k]) ** 2) / (2 * var[k])).sum(1)
        columns.append(prior[k].log() + a + b)
    return torch.stack(columns, 1)


def right_matmul_expanded(X, prior, mean, var):
    # (x - m)^2 / v = x^2 / v - 2 x m / v + m^2 / v
    X, mean, var = X.double(), mean.double(), var.double()
    precision = 1 / var
    quad = X**2 @ precision.T - 2 * X @ (mean * precision).T + (mean**2 * precision).sum(1)
    logdet = var.log().sum(1) + X.shape[1] * math.log(2 * math.pi)
    return prior.log() - 0.5 * (logdet + quad)


def right_multivariate_normal(X, prior, mean, var):
    d = MultivariateNormal(mean, covariance_matrix=torch.diag_embed(var))
    return torch.log(prior) + d.log_prob(X.unsqueeze(1))


def right_normal(X, prior, mean, var):
    dist = Normal(mean, var.sqrt())
    return dist.log_prob(X.unsqueeze(1)).sum(-1) + prior.log()


def right_scipy(X, prior, mean, var):
    X, prior, mean, var = X.numpy(), prior.numpy(), mean.numpy(), var.numpy()
    logs = norm.logpdf(X[:, None, :], loc=mean[None], scale=np.sqrt(var)[None]).sum(axis=2)
    return torch.from_numpy(logs + np.log(prior))


def right_single_precision_table(X, prior, mean, var):
    out = torch.zeros(len(X), len(prior))
    for k in range(len(prior)):
        out[:, k] = torch.log(prior[k])
        for j in range(X.shape[1]):
            out[:, k] += Normal(mean[k, j], var[k, j] ** 0.5).log_prob(X[:, j])
    return out


def right_three_loops(X, prior, mean, var):
    n, d = X.shape
    K = len(prior)
    out = torch.zeros(n, K, dtype=X.dtype)
    for i in range(n):
        for k in range(K):
            s = math.log(prior[k])
            for j in range(d):
                v = float(var[k, j])
                s -= 0.5 * math.log(2 * math.pi * v)
                s -= (float(X[i, j]) - float(mean[k, j])) ** 2 / (2 * v)
            out[i, k] = s
    return out


def right_torch_loss(X, prior, mean, var):
    loss = torch.nn.functional.gaussian_nll_loss
    each = [
        loss(X, m.expand_as(X), v.expand_as(X), full=True, eps=1e-12, reduction="none").sum(1)
        for m, v in zip(mean, var)
    ]
    return prior.log() - torch.stack(each, -1)


# Mistakes, and what a student is told.


def wrong_absolute(X, prior, mean, var):
    """the distance is absolute: its square is wanted"""
    diff = (X[:, None, :] - mean).abs()
    terms = -0.5 * torch.log(2 * math.pi * var) - diff / (2 * var)
    return torch.log(prior) + terms.sum(dim=2)


def wrong_changes_x(X, prior, mean, var):
    """X is changed in place"""
    columns = []
    for k in range(len(prior)):
        X -= mean[k]
        terms = -0.5 * torch.log(2 * math.pi * var[k]) - X**2 / (2 * var[k])
        columns.append(prior[k].log() + terms.sum(1))
    return torch.stack(columns, 1)


def wrong_changes_x_and_back(X, prior, mean, var):
    """X is changed in place, and not quite changed back"""
    columns, last = [], 0
    for k in range(len(prior)):
        X += last - mean[k]
        last = mean[k]
        terms = -0.5 * torch.log(2 * math.pi * var[k]) - X**2 / (2 * var[k])
        columns.append(prior[k].log() + terms.sum(1))
    return torch.stack(columns, 1)


def wrong_clamped_density(X, prior, mean, var):
    """the density is kept above 1e-300, so its logarithm is cut at -690: write the logarithm
    directly, without exp"""
    diff = X[:, None, :] - mean
    p = torch.exp(-(diff**2) / (2 * var)) / torch.sqrt(2 * math.pi * var)
    return torch.log((prior * p.prod(dim=2)).clamp(min=1e-300))


def wrong_constant_once(X, prior, mean, var):
    """the 2 pi is there once, and belongs to each feature"""
    diff = X[:, None, :] - mean
    quad = (diff**2 / var).sum(2)
    return prior.log() - 0.5 * (math.log(2 * math.pi) + var.log().sum(1) + quad)


def wrong_density(X, prior, mean, var):
    """this is the density: its logarithm is wanted"""
    return (Normal(mean, var.sqrt()).log_prob(X[:, None, :]).sum(2) + prior.log()).exp()


def wrong_exponent_sign(X, prior, mean, var):
    """the sign of the exponent is turned: far away is improbable"""
    diff = X[:, None, :] - mean
    terms = -0.5 * torch.log(2 * math.pi * var) + diff**2 / (2 * var)
    return torch.log(prior) + terms.sum(dim=2)


def wrong_first_variance(X, prior, mean, var):
    """each class has variances of its own; here those of class 0 serve for all"""
    return Normal(mean, var[0].sqrt()).log_prob(X[:, None, :]).sum(2) + prior.log()


def wrong_log_of_each_density(X, prior, mean, var):
    """far away each density is 0 in floating point, and its logarithm -inf: write the logarithm
    directly, without exp"""
    diff = X[:, None, :] - mean
    p = torch.exp(-(diff**2) / (2 * var)) / torch.sqrt(2 * math.pi * var)
    return torch.log(prior) + torch.log(p).sum(dim=2)


def wrong_mean_over_features(X, prior, mean, var):
    """a mean over the features: their sum is wanted"""
    diff = X[:, None, :] - mean
    terms = -0.5 * torch.log(2 * math.pi * var) - diff**2 / (2 * var)
    return torch.log(prior) + terms.mean(dim=2)


def wrong_negative(X, prior, mean, var):
    """the sign of the whole is turned"""
    return -(Normal(mean, var.sqrt()).log_prob(X[:, None, :]).sum(2) + prior.log())


def wrong_no_broadcast(X, prior, mean, var):
    """each row meets each class: X[:, None, :] - mean"""
    terms = -0.5 * torch.log(2 * math.pi * var) - (X - mean) ** 2 / (2 * var)
    return torch.log(prior) + terms.sum(dim=1)


def wrong_no_half_before_log(X, prior, mean, var):
    """the half before log(2 pi var) is missing"""
    diff = X[:, None, :] - mean
    return torch.log(prior) + (-torch.log(2 * math.pi * var) - diff**2 / (2 * var)).sum(dim=2)


def wrong_no_half_in_exponent(X, prior, mean, var):
    """the half in the exponent is missing"""
    diff = X[:, None, :] - mean
    return torch.log(prior) + (-0.5 * torch.log(2 * math.pi * var) - diff**2 / var).sum(dim=2)


def wrong_no_normalisation(X, prior, mean, var):
    """-1/2 log(2 pi var) is missing: it differs by class"""
    diff = X[:, None, :] - mean
    return torch.log(prior) - (diff**2 / (2 * var)).sum(dim=2)


def wrong_no_prior(X, prior, mean, var):
    """the prior is missing"""
    return Normal(mean, var.sqrt()).log_prob(X[:, None, :]).sum(2)


def wrong_no_return(X, prior, mean, var):
    """forgot to return"""
    diff = X[:, None, :] - mean
    torch.log(prior) + (-0.5 * torch.log(2 * math.pi * var) - diff**2 / (2 * var)).sum(dim=2)


def wrong_no_square(X, prior, mean, var):
    """the square of the distance is missing"""
    diff = X[:, None, :] - mean
    terms = -0.5 * torch.log(2 * math.pi * var) - diff / (2 * var)
    return torch.log(prior) + terms.sum(dim=2)


def wrong_no_two_pi(X, prior, mean, var):
    """the 2 pi is missing"""
    diff = X[:, None, :] - mean
    return torch.log(prior) + (-0.5 * torch.log(var) - diff**2 / (2 * var)).sum(dim=2)


def wrong_pi_is_three_fourteen(X, prior, mean, var):
    """pi is not quite 3.14: math.pi"""
    diff = X[:, None, :] - mean
    terms = -0.5 * torch.log(2 * 3.14 * var) - diff**2 / (2 * var)
    return torch.log(prior) + terms.sum(dim=2)


def wrong_posterior(X, prior, mean, var):
    """this is normalised over the classes: that comes with the next exercise"""
    return (Normal(mean, var.sqrt()).log_prob(X[:, None, :]).sum(2) + prior.log()).log_softmax(1)


def wrong_prior_in_sum(X, prior, mean, var):
    """the log of the prior is added once, not once a feature"""
    dist = Normal(mean, var.sqrt())
    return (dist.log_prob(X[:, None, :]) + prior.log()[:, None]).sum(2)


def wrong_prior_not_logged(X, prior, mean, var):
    """the prior is there without its logarithm"""
    return Normal(mean, var.sqrt()).log_prob(X[:, None, :]).sum(2) + prior


def wrong_prior_times_log(X, prior, mean, var):
    """the prior multiplies the density, so its logarithm is added"""
    return Normal(mean, var.sqrt()).log_prob(X[:, None, :]).sum(2) * prior


def wrong_product_then_log(X, prior, mean, var):
    """far away each density is 0 in floating point, and its logarithm -inf: write the logarithm
    directly, without exp"""
    diff = X[:, None, :] - mean
    p = torch.exp(-(diff**2) / (2 * var)) / torch.sqrt(2 * math.pi * var)
    return torch.log(prior * p.prod(dim=2))


def wrong_sum_over_classes(X, prior, mean, var):
    """the sum runs over the classes: over the features"""
    diff = X[:, None, :] - mean
    terms = -0.5 * torch.log(2 * math.pi * var) - diff**2 / (2 * var)
    return (torch.log(prior)[:, None] + terms).sum(dim=1)


def wrong_transposed(X, prior, mean, var):
    """(K, n): rows first, (n, K)"""
    return torch.stack(
        [
            Normal(m, v.sqrt()).log_prob(X).sum(1) + p.log()
            for p, m, v in zip(prior, mean, var, strict=True)
        ]
    )


def wrong_two_classes(X, prior, mean, var):
    """written out for two classes: there are K"""
    out = torch.zeros(len(X), 2, dtype=X.dtype)
    for k in range(2):
        out[:, k] = Normal(mean[k], var[k].sqrt()).log_prob(X).sum(1) + prior[k].log()
    return out


def wrong_two_features(X, prior, mean, var):
    """written out for two features: there are d"""
    first = Normal(mean[:, 0], var[:, 0].sqrt()).log_prob(X[:, :1])
    second = Normal(mean[:, 1], var[:, 1].sqrt()).log_prob(X[:, 1:2])
    return first + second + prior.log()


def wrong_var_as_std(X, prior, mean, var):
    """a variance is read as a standard deviation: Normal takes the root"""
    return Normal(mean, var).log_prob(X[:, None, :]).sum(2) + prior.log()


def wrong_clamped(X, prior, mean, var):
    """far away the logarithm is cut: it has to go down with the square of the distance"""
    return (Normal(mean, var.sqrt()).log_prob(X[:, None, :]).sum(2) + prior.log()).clamp(min=-1e4)


def wrong_mean_changed(X, prior, mean, var):
    """mean or var is changed in place"""
    scale = var.sqrt_()
    return Normal(mean, scale).log_prob(X[:, None, :]).sum(2) + prior.log()


def wrong_pooled_variance(X, prior, mean, var):
    """each class has variances of its own; here their mean over the classes serves for all"""
    return Normal(mean, var.mean(0).sqrt()).log_prob(X[:, None, :]).sum(2) + prior.log()


def wrong_squeezed(X, prior, mean, var):
    """an axis of one entry is lost: shape (n, K) is wanted"""
    return (Normal(mean, var.sqrt()).log_prob(X[:, None, :]).sum(2) + prior.log()).squeeze()


def wrong_variance_floor(X, prior, mean, var):
    """no smallest variance: it is used as it is given"""
    return Normal(mean, (var + 1e-3).sqrt()).log_prob(X[:, None, :]).sum(2) + prior.log()
