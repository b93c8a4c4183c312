"""5.5 What a wrong mean costs."""

import torch
import torch.nn.functional as F
from torch.distributions import Independent, Normal, kl_divergence

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.hierarchical import kl_equal_variance as definition


def cases(g):
    q, p, var = (
        draw.normal(g, 4, 3, 2),
        draw.normal(g, 4, 3, 2),
        draw.uniform(g, 4, low=0.2, high=2.1),
    )
    for spread in (var.reshape(4, 1, 1), var):
        yield Call(q, p, spread).but(gradient=True)
    near, far = (
        torch.full((1, 1), 3e-4, dtype=torch.float64),
        torch.zeros(1, 1, dtype=torch.float64),
    )
    yield Call(near, far, torch.full((1,), 1e-8, dtype=torch.float64)).but(
        clue="No epsilon, no clamp"
    )


# Right, in ways that differ.


def right_cdist(mean_q, mean_p, var):
    a, b = mean_q.flatten(1), mean_p.flatten(1)
    return torch.stack([(x - y) @ (x - y) for x, y in zip(a, b)]) / var.flatten() / 2


def right_distributions(mean_q, mean_p, var):
    sigma = var.sqrt().view(-1, *[1] * (mean_q.dim() - 1)).expand_as(mean_q)
    event = mean_q.dim() - 1
    return kl_divergence(
        Independent(Normal(mean_q, sigma), event), Independent(Normal(mean_p, sigma), event)
    )


def right_einsum(mean_q, mean_p, var):
    d = (mean_q - mean_p).flatten(1)
    return torch.einsum("bi,bi,b->b", d, d, 0.5 / var.reshape(len(d)))


def right_flatten(mean_q, mean_p, var):
    squares = (mean_q - mean_p).pow(2).flatten(1).sum(1)
    return squares / (2 * var.flatten())


def right_general_formula(mean_q, mean_p, var):
    """the KL of any two diagonal Gaussians, at equal log-variances"""
    v = var.reshape([-1] + [1] * (mean_q.ndim - 1)).expand_as(mean_q)
    each = (v / v - 1 - (v / v).log() + (mean_p - mean_q) ** 2 / v) / 2
    return each.flatten(1).sum(-1)


def right_log_densities(mean_q, mean_p, var):
    """E_q[log q - log p] with the expectation taken on paper: the noise cancels, the shift is left"""
    v = var.reshape([-1] + [1] * (mean_q.ndim - 1))
    sigma = v.sqrt()
    p = Normal(mean_p / sigma, 1.0)
    q = Normal(mean_q / sigma, 1.0)
    each = q.log_prob(mean_q / sigma) - p.log_prob(mean_q / sigma)
    return each.reshape(len(mean_q), -1).sum(1)


def right_loop(mean_q, mean_p, var):
    rows = []
    for a, b, v in zip(mean_q, mean_p, var):
        rows.append(torch.sum((a - b) ** 2) / (2 * v.squeeze()))
    return torch.stack(rows)


def right_mse_loss(mean_q, mean_p, var):
    each = F.mse_loss(mean_p, mean_q, reduction="none")
    return each.sum(dim=tuple(range(1, each.dim()))) * (0.5 / var.view(-1))


def right_norm(mean_q, mean_p, var):
    length = torch.linalg.vector_norm((mean_q - mean_p).reshape(len(mean_q), -1), dim=1)
    return 0.5 * length**2 / var.reshape(-1)


# Mistakes, and what a student is told.


def wrong_absolute(mean_q, mean_p, var):
    """squares, not absolute values"""
    return (mean_q - mean_p).abs().flatten(1).sum(1) / (2 * var.flatten())


def wrong_as_log_variance(mean_q, mean_p, var):
    """var is a variance, not a log-variance"""
    return (mean_q - mean_p).pow(2).flatten(1).sum(1) / (2 * var.flatten().exp())


def wrong_as_standard_deviation(mean_q, mean_p, var):
    """var is a variance already: do not square it"""
    return (mean_q - mean_p).pow(2).flatten(1).sum(1) / (2 * var.flatten() ** 2)


def wrong_axis_one_only(mean_q, mean_p, var):
    """right for matrices, a table for images"""
    return ((mean_q - mean_p) ** 2).sum(1) / (2 * var.reshape([-1] + [1] * (mean_q.dim() - 2)))


def wrong_both_variances(mean_q, mean_p, var):
    """half too little: 2 v, with one v"""
    return (mean_q - mean_p).pow(2).flatten(1).sum(1) / (2 * (var + var).flatten())


def wrong_column_only(mean_q, mean_p, var):
    """a flat var runs along the last axis"""
    return ((mean_q - mean_p) ** 2 / (2 * var)).flatten(1).sum(1)


def wrong_detached(mean_q, mean_p, var):
    """no gradient reaches mean_p: stay in torch, without .item(), .detach() and NumPy"""
    return (mean_q - mean_p.detach()).pow(2).flatten(1).sum(1) / (2 * var.flatten())


def wrong_distance(mean_q, mean_p, var):
    """the distance is squared"""
    return (mean_q - mean_p).flatten(1).norm(dim=1) / (2 * var.flatten())


def wrong_divided_by_sigma(mean_q, mean_p, var):
    """divided by the standard deviation; the variance is wanted"""
    return (mean_q - mean_p).pow(2).flatten(1).sum(1) / (2 * var.flatten().sqrt())


def wrong_entropy_left(mean_q, mean_p, var):
    """the trace of the general formula, D, is cancelled by its -D"""
    d = mean_q[0].numel()
    return ((mean_q - mean_p).pow(2).flatten(1).sum(1) / var.flatten() + d) / 2


def wrong_first_variance(mean_q, mean_p, var):
    """each row has a variance of its own; here one serves all"""
    return (mean_q - mean_p).pow(2).flatten(1).sum(1) / (2 * var.flatten()[0])


def wrong_flat_only(mean_q, mean_p, var):
    """var is squeezed by one axis only"""
    return ((mean_q - mean_p) ** 2).flatten(1).sum(1) / (2 * var.squeeze(-1))


def wrong_floor(mean_q, mean_p, var):
    """the variance is kept away from 0"""
    return (mean_q - mean_p).pow(2).flatten(1).sum(1) / (2 * var.flatten() + 1e-3)


def wrong_in_place(mean_q, mean_p, var):
    """q's mean is changed in place"""
    mean_q -= mean_p
    return mean_q.pow(2).flatten(1).sum(1) / (2 * var.flatten())


def wrong_item(mean_q, mean_p, var):
    """no gradient reaches mean_q: stay in torch, without .item(), .detach() and NumPy"""
    rows = [((a - b) ** 2).sum().item() / (2 * v.item()) for a, b, v in zip(mean_q, mean_p, var)]
    return torch.tensor(rows, dtype=mean_q.dtype)


def wrong_last_axis(mean_q, mean_p, var):
    """the sum runs over the last axis alone"""
    return (mean_q - mean_p).pow(2).sum(-1) / (2 * var.reshape([-1] + [1] * (mean_q.dim() - 2)))


def wrong_log_likelihood(mean_q, mean_p, var):
    """this is -log p at q's mean; in the KL the constant of q is taken off"""
    v = var.reshape([-1] + [1] * (mean_q.ndim - 1))
    return -Normal(mean_p, v.sqrt()).log_prob(mean_q).flatten(1).sum(1)


def wrong_mean_over_batch(mean_q, mean_p, var):
    """the batch's mean"""
    return ((mean_q - mean_p).pow(2).flatten(1).sum(1) / (2 * var.flatten())).mean()


def wrong_mean_over_entries(mean_q, mean_p, var):
    """a mean over the entries; the KL of the event is their sum"""
    return (mean_q - mean_p).pow(2).flatten(1).mean(1) / (2 * var.flatten())


def wrong_mean_variance(mean_q, mean_p, var):
    """each row has a variance of its own; this is their mean"""
    return (mean_q - mean_p).pow(2).flatten(1).sum(1) / (2 * var.mean())


def wrong_no_half(mean_q, mean_p, var):
    """the half is missing"""
    return (mean_q - mean_p).pow(2).flatten(1).sum(1) / var.flatten()


def wrong_no_return(mean_q, mean_p, var):
    """forgot to return"""
    kl = (mean_q - mean_p).pow(2).flatten(1).sum(1) / (2 * var.flatten())


def wrong_no_variance(mean_q, mean_p, var):
    """the variance is missing"""
    return (mean_q - mean_p).pow(2).flatten(1).sum(1) / 2


def wrong_sign(mean_q, mean_p, var):
    """a KL is never below 0: the sign is turned"""
    return -(mean_q - mean_p).pow(2).flatten(1).sum(1) / (2 * var.flatten())


def wrong_square_of_sum(mean_q, mean_p, var):
    """square first, then sum"""
    return (mean_q - mean_p).flatten(1).sum(1) ** 2 / (2 * var.flatten())


def wrong_standard_normal(mean_q, mean_p, var):
    """this compares q with N(0, 1), not with p"""
    v = var.reshape([-1] + [1] * (mean_q.ndim - 1)).expand_as(mean_q)
    return ((mean_q**2 + v - 1 - v.log()) / 2).flatten(1).sum(1)


def wrong_sum_over_batch(mean_q, mean_p, var):
    """one number for the whole batch"""
    return ((mean_q - mean_p).pow(2).flatten(1).sum(1) / (2 * var.flatten())).sum()


def wrong_times_variance(mean_q, mean_p, var):
    """divide by the variance: a narrow Gaussian makes an error dear"""
    return (mean_q - mean_p).pow(2).flatten(1).sum(1) * var.flatten() / 2


def wrong_trailing_axis(mean_q, mean_p, var):
    """var is left as (B, 1, ..., 1) beside the summed squares: a table of B by B"""
    return ((mean_q - mean_p) ** 2).flatten(1).sum(1) / (2 * var)
