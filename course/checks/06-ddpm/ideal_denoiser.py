"""6.9 The ideal denoiser."""

import math

import torch

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.diffusion import q_sample
from dgm.exact.ideal import ideal_denoiser as definition
from dgm.schedule import NoiseSchedule, at


def cases(g):
    schedule = draw.schedule(g, 10, low=0.05, high=0.5)
    for t, shape, dtype in (
        ([1, 4, 6, 8, 10, 3], (6, 2, 3), draw.DOUBLE),
        ([4, 7, 5], (5, 4), draw.SINGLE),
    ):
        xt, data = noised(g, torch.tensor(t), shape, dtype, schedule)
        yield Call(xt, torch.tensor(t), data, schedule).but(rtol=1e-3, atol=1e-4)
    xt, data = draw.normal(g, 4, 2, 2), 0.7 * draw.normal(g, 5, 2, 2)
    yield Call(xt, torch.ones(4, dtype=torch.int64), data, NoiseSchedule.linear(1000)).but(
        words="far from all data, at t = 1",
        clue="The nearest point should win, however small its exponential is: softmax in one step",
    )


def noised(g, t, shape, dtype, schedule):
    """Some rows of data of that shape, noised to the steps t; and the data."""
    data = (0.7 * draw.normal(g, *shape) + 0.5).to(dtype)
    x0 = data[torch.randint(len(data), t.shape, generator=g)]
    return q_sample(x0, t, draw.normal(g, *x0.shape, dtype=dtype), schedule), data


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


def right_chunks(xt, t, data, schedule):
    """over the data one by one, with a running maximum"""
    ab = at(schedule.alpha_bar, t, xt.flatten(1))[:, 0]
    top, total, mean = torch.full_like(ab, -math.inf), torch.zeros_like(ab), torch.zeros_like(xt)
    rows = [-1] + [1] * (xt.dim() - 1)
    for point in data:
        logit = -(xt - ab.sqrt().view(rows) * point).flatten(1).pow(2).sum(1) / (2 - 2 * ab)
        new = torch.maximum(top, logit)
        old, w, top = (top - new).exp(), (logit - new).exp(), new
        total, mean = total * old + w, mean * old.view(rows) + w.view(rows) * point
    return mean / total.view(rows)


# Mistakes, and what a student is told.


LINE = "signal, noise = at(schedule.alpha_bar.sqrt(), t, x), at(1 - schedule.alpha_bar, t, x)"
LOGITS = "(signal * x @ d.T - signal**2 * (d**2).sum(1) / 2) / noise"
SQUARES = "((x[:, None] - signal[..., None] * d) ** 2)"
MEAN, RESULT = "(torch.softmax(logits, 1) @ d)", "(torch.softmax(logits, 1) @ d).reshape(xt.shape)"


def _logits(words, formula):
    return change(words, LOGITS, formula)


def _result(words, formula):
    return change(words, RESULT, formula)


wrong_alpha = change("alpha in place of alpha_bar", LINE, LINE.replace("alpha_bar", "alpha"))
wrong_no_root = change("the data are scaled by the root of alpha_bar, not by alpha_bar", LINE, LINE.replace(".sqrt()", ""))  # fmt: skip
wrong_not_scaled = _logits(
    "the data shrink by sqrt(alpha_bar) on their way to step t: scale them",
    "-((x[:, None] - d) ** 2).sum(2) / (2 * noise)",
)
wrong_one_t = change(
    "each row has its own step; this is the first one's for all",
    LINE,
    f"t = t[:1].expand(len(t))\n    {LINE}",
)
wrong_mean_square = _logits("a squared distance is a sum over the entries, not a mean", f"-{SQUARES}.mean(2) / (2 * noise)")  # fmt: skip
wrong_no_half = _logits("the 2 in the exponent is missing", f"-{SQUARES}.sum(2) / noise")
wrong_no_variance = _logits("the variance 1 - alpha_bar is missing in the exponent", f"-{SQUARES}.sum(2) / 2")  # fmt: skip
wrong_not_squared = _logits(
    "the distances are squared in the exponent; here they are not",
    f"-{SQUARES}.sum(2).sqrt() / (2 * noise)",
)
wrong_absolute = _logits(
    "the distance is that of Euclid, squared; this is a sum of absolute values",
    f"-{SQUARES}.sqrt().sum(2) / (2 * noise)",
)
wrong_plus = _logits("the exponent's minus is missing: the farthest point wins", f"{SQUARES}.sum(2) / (2 * noise)")  # fmt: skip
wrong_sigma_for_variance = _logits(
    "divided by the variance 1 - alpha_bar, not by its root",
    f"-{SQUARES}.sum(2) / (2 * noise.sqrt())",
)
wrong_variance_squared = _logits(
    "divided by the variance 1 - alpha_bar, not by its square",
    f"-{SQUARES}.sum(2) / (2 * noise**2)",
)
wrong_xt_scaled_back = _logits(
    "xt / sqrt(alpha_bar) has noise of the variance (1 - alpha_bar) / alpha_bar",
    "-((x[:, None] / signal[..., None] - d) ** 2).sum(2) / (2 * noise)",
)
wrong_log_weights = _logits("this is the softmax of a softmax: hand it the exponents", f"torch.softmax({LOGITS}, 1)")  # fmt: skip
wrong_likeness = _logits(
    "xt times a point is not their distance: the point's own length is missing",
    "signal * x @ d.T / noise",
)
wrong_variance_raised = _logits(
    "nothing is added to the variance: 1 - alpha_bar may be as small as it is",
    f"{LOGITS[:-5]}(noise + 1e-3)",
)
wrong_logits_clamped = _logits("the exponents are clamped: nothing overflows in a softmax", f"({LOGITS}).clamp(-50, 50)")  # fmt: skip
wrong_eps = _result("this is the noise; x0 is wanted", f"((x - signal * {MEAN}) / noise.sqrt()).reshape(xt.shape)")  # fmt: skip
wrong_nearest = _result("this is the nearest point; their weighed mean is wanted", "d[logits.argmax(1)].reshape(xt.shape)")  # fmt: skip
wrong_mean_of_data = _result(
    "all points weigh the same here; the near ones weigh more",
    "d.mean(0).expand(x.shape).reshape(xt.shape)",
)
wrong_scaled_result = _result(
    "the mean of the data as they are, not as they are scaled",
    f"(signal * {MEAN}).reshape(xt.shape)",
)
wrong_sigmoid = change(
    "the weights of a row add up to 1: a softmax, not sigmoids",
    LOGITS,
    f"-{SQUARES}.sum(2) / (2 * noise)",
    "torch.softmax(logits, 1)",
    "torch.sigmoid(logits)",
)
wrong_weights = _result("these are the weights; the data's mean under them is wanted", "torch.softmax(logits, 1)")  # fmt: skip
wrong_wrong_axis = change("the softmax runs over the batch; it should run over the data", "(logits, 1)", "(logits, 0)")  # fmt: skip
wrong_flat = _result("the result is flat: give it the shape of xt", MEAN)
wrong_no_return = change("nothing came back: is a `return` missing?", f"return {RESULT}", RESULT)
wrong_float64 = _result("float32 in, float64 out: keep the dtype of xt", f"{RESULT}.double()")


def wrong_each_pixel(xt, t, data, schedule):
    """one weight for each picture, not for each pixel"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = (noisy[:, None] - ab.sqrt() * points) ** 2
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (weights * points).sum(1).view(xt.shape)


def wrong_epsilon(xt, t, data, schedule):
    """the exponentials underflow, and what is added to their sum wins: softmax in one step"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    w = torch.exp(-distance / (2 * (1 - ab)))
    return (w / (w.sum(1, keepdim=True) + 1e-8) @ points).view(xt.shape)


def wrong_naive_exp(xt, t, data, schedule):
    """the exponentials underflow, and 0 / 0 comes out: softmax in one step"""
    ab = schedule.alpha_bar[t].to(xt.dtype)[:, None]
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    w = torch.exp(-distance / (2 * (1 - ab)))
    return (w / w.sum(1, keepdim=True) @ points).view(xt.shape)


def wrong_off_by_one(xt, t, data, schedule):
    """the tables are read at t - 1; entry t belongs to step t"""
    ab = schedule.alpha_bar[t - 1].to(xt.dtype)[:, None].clamp(max=1 - 1e-6)
    points, noisy = data.flatten(1), xt.flatten(1)
    distance = ((noisy[:, None] - ab.sqrt()[..., None] * points) ** 2).sum(-1)
    weights = torch.softmax(-distance / (2 * (1 - ab)), dim=1)
    return (weights @ points).view(xt.shape)


def wrong_in_place(xt, t, data, schedule):
    """data were changed, and belong to the caller: work on a copy"""
    old = data.clone()
    data *= schedule.alpha_bar[t[0]].sqrt()
    return definition(xt, t, old, schedule)
