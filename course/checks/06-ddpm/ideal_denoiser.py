"""TITLE."""

import math

import torch

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.exact.ideal import ideal_denoiser as definition
from dgm.schedule import at


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_cdist(xt, t, data, schedule):
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    flat = data.flatten(1)
    d = torch.cdist(xt.flatten(1)[:, None], ab.sqrt()[:, :, None] * flat)[:, 0]
    return (torch.softmax(-(d**2) / 2 / (1 - ab), 1) @ flat).reshape_as(xt)


def right_logsumexp(xt, t, data, schedule):
    ab = at(schedule.alpha_bar, t, t.to(xt.dtype))
    rows = data.reshape(len(data), -1)
    diff = xt.reshape(len(xt), 1, -1) - torch.einsum("b,nd->bnd", ab.sqrt(), rows)
    logw = -0.5 * torch.linalg.vector_norm(diff, dim=2) ** 2 / (1 - ab)[:, None]
    w = torch.exp(logw - torch.logsumexp(logw, 1, keepdim=True))
    return torch.einsum("bn,n...->b...", w, data)


def right_normal(xt, t, data, schedule):
    view = (-1,) + (1,) * xt.dim()
    ab = schedule.alpha_bar[t].view(view).to(xt.dtype)
    q = torch.distributions.Normal(ab.sqrt() * data[None], (1 - ab).sqrt())
    logits = q.log_prob(xt[:, None]).flatten(2).sum(2)
    w = logits.softmax(1)
    return (w.view(*w.shape, *[1] * (data.dim() - 1)) * data).sum(1)


def right_row_by_row(xt, t, data, schedule):
    out = []
    for x, k in zip(xt, t):
        ab = schedule.alpha_bar[k].item()
        sq = torch.stack([((x - math.sqrt(ab) * point) ** 2).sum() for point in data])
        logits = -sq / (2 * (1 - ab))
        w = (logits - logits.max()).exp()
        w = w / w.sum()
        out.append(sum(weight * point for weight, point in zip(w, data)))
    return torch.stack(out)


def right_scores(xt, t, data, schedule):
    ab = schedule.alpha_bar[t].to(xt.dtype).unsqueeze(1)
    a, b = xt.flatten(1), data.flatten(1)
    logits = (ab.sqrt() * (a @ b.T) - 0.5 * ab * (b * b).sum(1)) / (1 - ab)
    return (logits.softmax(-1) @ b).unflatten(1, xt.shape[1:])


def right_softmax(xt, t, data, schedule):
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (weights @ points).view(xt.shape)


# Mistakes, and what a student is told.


def wrong_alpha(xt, t, data, schedule):
    """alpha in place of alpha_bar"""
    ab = schedule.alpha[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (weights @ points).view(xt.shape)


def wrong_each_pixel(xt, t, data, schedule):
    """one weight for each picture, not for each pixel"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = (noisy[:, None] - ab.sqrt() * points) ** 2
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (weights * points).sum(1).view(xt.shape)


def wrong_eps(xt, t, data, schedule):
    """this is the noise; x0 is wanted"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return ((noisy - ab.sqrt() * (weights @ points)) / (1 - ab).sqrt()).view(xt.shape)


def wrong_epsilon(xt, t, data, schedule):
    """at t = 1, far from all data, the nearest point should win, however small its exponential
    is. Is something added to the weights' sum?"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    w = torch.exp(-distance / (2 * (1 - ab)))
    return (w / (w.sum(1, keepdim=True) + 1e-8) @ points).view(xt.shape)


def wrong_flat(xt, t, data, schedule):
    """the result is flat: the pictures' shape is lost"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return weights @ points


def wrong_mean_square(xt, t, data, schedule):
    """a squared distance is a sum over the entries, not a mean"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).mean(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (weights @ points).view(xt.shape)


def wrong_naive_exp(xt, t, data, schedule):
    """far from all data, at t = 1: NaN. The exponentials underflow; softmax in one step"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    w = torch.exp(-distance / (2 * (1 - ab)))
    return (w / w.sum(1, keepdim=True) @ points).view(xt.shape)


def wrong_nearest(xt, t, data, schedule):
    """this is the nearest point; their weighed mean is wanted"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    return data[distance.argmin(1)]


def wrong_no_half(xt, t, data, schedule):
    """the 2 in the exponent is missing"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (1 - ab), dim=1)
    return (weights @ points).view(xt.shape)


def wrong_no_return(xt, t, data, schedule):
    """no return"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    (weights @ points).view(xt.shape)


def wrong_no_root(xt, t, data, schedule):
    """the data are scaled by the root of alpha_bar"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (weights @ points).view(xt.shape)


def wrong_not_scaled(xt, t, data, schedule):
    """the data shrink by sqrt(alpha_bar) on their way to step t: scale them"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (weights @ points).view(xt.shape)


def wrong_not_squared(xt, t, data, schedule):
    """distances are squared"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1).sqrt()
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (weights @ points).view(xt.shape)


def wrong_off_by_one(xt, t, data, schedule):
    """t off by one"""
    ab = schedule.alpha_bar[t - 1].to(xt.dtype)[:, None].clamp(max=1 - 1e-6)
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (weights @ points).view(xt.shape)


def wrong_one_t(xt, t, data, schedule):
    """each row has its own step; this is the first one's for all"""
    ab = schedule.alpha_bar[t[:1]].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (weights @ points).view(xt.shape)


def wrong_plus(xt, t, data, schedule):
    """the exponent's minus is missing: the farthest point wins"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(distance / (2 * (1 - ab)), dim=1)
    return (weights @ points).view(xt.shape)


def wrong_scaled_result(xt, t, data, schedule):
    """the mean of the data as they are, not as they are scaled"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (ab.sqrt() * (weights @ points)).view(xt.shape)


def wrong_sigma_for_variance(xt, t, data, schedule):
    """divided by the variance 1 - alpha_bar, not by its root"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab).sqrt()), dim=1)
    return (weights @ points).view(xt.shape)


def wrong_sigmoid(xt, t, data, schedule):
    """the weights of a row add up to 1: a softmax, not sigmoids"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.sigmoid(-distance / (2 * (1 - ab)))
    return (weights @ points).view(xt.shape)


def wrong_variance_squared(xt, t, data, schedule):
    """divided by the variance 1 - alpha_bar, not by its square"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab) ** 2), dim=1)
    return (weights @ points).view(xt.shape)


def wrong_weights(xt, t, data, schedule):
    """these are the weights; the data's mean under them is wanted"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    return torch.softmax(-distance / (2 * (1 - ab)), dim=1)


def wrong_wrong_axis(xt, t, data, schedule):
    """the softmax runs over the batch; it should run over the data"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=0)
    return (weights @ points).view(xt.shape)


def wrong_xt_scaled_back(xt, t, data, schedule):
    """xt / sqrt(alpha_bar) has noise of the variance (1 - alpha_bar) / alpha_bar"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = (
        data.flatten(1),
        xt.flatten(1) / schedule.alpha_bar[t].to(xt.dtype)[:, None].sqrt(),
    )
    distance = ((noisy[:, None] - points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (weights @ points).view(xt.shape)
