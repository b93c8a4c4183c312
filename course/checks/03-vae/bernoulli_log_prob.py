"""3.2 The log-probability of coins."""

import torch
import torch.nn.functional as F

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.distributions import bernoulli_log_prob as definition


def cases(g):
    loose = {"dtype": False, "rtol": 1e-4, "atol": 1e-5}
    for shape in ((6, 5), (3, 4, 2)):
        x = draw.uniform(g, *shape)
        x[:, 0], x[:, 1] = 0, 1
        yield Call(x, 2 * draw.normal(g, *shape)).but(gradient=True, **loose)
    x = torch.tensor([[1.0, 0.0, 0.25], [0.0, 1.0, 1.0]], dtype=draw.DOUBLE)
    logits = torch.tensor([[-1000.0, -900.0, 4000.0], [1000.0, 800.0, 700.0]], dtype=draw.DOUBLE)
    yield Call(x, logits).but(
        gradient=True,
        words="at logits of 1000 and more, and -1000",
        clue="Take the log of the sigmoid in one step; no probability is kept away from 0",
        **loose,
    )


# Right, in ways that differ.


def right_bce_with_logits(x, logits):
    bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
    return -bce.flatten(1).sum(1)


def right_by_hand(x, logits):
    log1p = torch.log1p(torch.exp(-logits.abs()))
    each = logits * x - torch.clamp(logits, min=0) - log1p
    return torch.einsum("bd->b", each.flatten(1))


def right_column(x, logits):
    """a BCE criterion object, one row at a time"""
    criterion = torch.nn.BCEWithLogitsLoss(reduction="sum")
    return torch.stack([-criterion(logits[i], x[i]) for i in range(x.shape[0])])


def right_distributions(x, logits):
    coin = torch.distributions.Bernoulli(logits=logits, validate_args=False)
    return coin.log_prob(x).reshape(len(x), -1).sum(-1)


def right_logsigmoid(x, logits):
    each = x * F.logsigmoid(logits) + (1 - x) * F.logsigmoid(-logits)
    return each.sum(dim=list(range(1, x.ndim)))


def right_loop(x, logits):
    rows = []
    for xi, li in zip(x, logits):
        zero = torch.zeros_like(li)
        tails = -torch.logaddexp(zero, li)
        heads = -torch.logaddexp(zero, -li)
        rows.append((xi * heads).sum() + ((1 - xi) * tails).sum())
    return torch.stack(rows)


def right_softplus(x, logits):
    each = x * logits - F.softplus(logits)
    return each.view(x.size(0), -1).sum(1)


def right_float32_result(x, logits):
    return definition(x, logits).float()


def right_two_sums(x, logits):
    axes = tuple(range(1, x.dim()))
    return (x * logits).sum(axes) - torch.logaddexp(torch.zeros_like(logits), logits).sum(axes)


# Mistakes, and what a student is told.

SUM = ".reshape(len(x), -1).sum(1)"
ONE_AXIS = "the sum runs over one axis of the event; it runs over all axes but the first"

wrong_first_axis_only = change(ONE_AXIS, SUM, ".sum(1)")
wrong_heads_only = change(
    "the pixels with x = 0 count too: (1 - x) log(1 - p) is missing", " + (1 - x) * tails", ""
)
wrong_in_place = change(
    "the logits are changed in place, and belong to the caller: work on a copy",
    "(-logits)",
    "(logits.neg_())",
)
wrong_last_axis_only = change(ONE_AXIS, SUM, ".sum(-1)")
wrong_logits_clamped = change(
    "the logits are clamped; they may be any number",
    "heads =",
    "logits = logits.clamp(-100, 100)\n    heads =",
)
wrong_mean_over_pixels = change(
    "this is a mean over the pixels; log p(x) is their sum", "sum(1)", "mean(1)"
)
wrong_no_return = change("nothing came back: is a `return` missing?", "return (x", "(x")
wrong_not_summed = change("this is one number for each pixel; add up over the event", SUM, "")
wrong_odds_from_log = change(
    "log(1 - p) is wanted, not 1 - log p", "torch.nn.functional.logsigmoid(-logits)", "1 - heads"
)
wrong_sigmoid_twice = change(
    "the sigmoid is taken twice: logsigmoid, or a loss `with_logits`, takes it too",
    "heads =",
    "logits = logits.sigmoid()\n    heads =",
)
wrong_sign = change("the sign is turned: the cross-entropy is a loss", "return (x", "return -(x")
wrong_sum_over_batch = change(
    "the sum runs over the batch too: one number for each row, shape (B,)", "sum(1)", "sum()"
)
wrong_swapped = change(
    "ones and zeros are the wrong way round", "x * heads + (1 - x)", "(1 - x) * heads + x"
)
wrong_thresholded = change(
    "grey levels are rounded; they are weights and stay as they are",
    "heads =",
    "x = (x > 0.5).to(x.dtype)\n    heads =",
)
wrong_truncated = change(
    "grey levels are cut down to 0; they are weights and stay as they are",
    "heads =",
    "x = x.long()\n    heads =",
)


def wrong_bce_of_sigmoid(x, logits):
    """F.binary_cross_entropy of a sigmoid stops at -100: take the log of the sigmoid in one step"""
    bce = F.binary_cross_entropy(torch.sigmoid(logits), x, reduction="none")
    return -bce.flatten(1).sum(1)


def wrong_clamped_probability(x, logits):
    """the probability is kept away from 0 and 1: take the log of the sigmoid in one step"""
    p = torch.sigmoid(logits).clamp(1e-6, 1 - 1e-6)
    return (x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(1)


def wrong_detached(x, logits):
    """no gradient comes back: no .item(), no .detach(), no NumPy"""
    f = F.binary_cross_entropy_with_logits
    return torch.tensor([-f(l, a, reduction="sum").item() for a, l in zip(x, logits)])


def wrong_epsilon(x, logits):
    """a number is added inside the logarithm: take the log of the sigmoid in one step"""
    p = torch.sigmoid(logits)
    return (x * (p + 1e-8).log() + (1 - x) * (1 - p + 1e-8).log()).flatten(1).sum(1)


def wrong_log_of_sigmoid(x, logits):
    """log(sigmoid(-1000)) is log(0): take the log of the sigmoid in one step"""
    p = torch.sigmoid(logits)
    return (x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(1)


def wrong_logits_as_probabilities(x, logits):
    """the logits are taken for probabilities; they are log-odds, p = sigmoid(logits)"""
    return (x * logits.log() + (1 - x) * (1 - logits).log()).flatten(1).sum(1)


def wrong_logits_as_probabilities_bce(x, logits):
    """the logits are taken for probabilities; they are log-odds, p = sigmoid(logits)"""
    return -F.binary_cross_entropy(logits, x, reduction="none").flatten(1).sum(1)


def wrong_mean_everything(x, logits):
    """this is one mean over all, the loss's default; each row has a sum of its own"""
    return -F.binary_cross_entropy_with_logits(logits, x)


def wrong_softmax(x, logits):
    """this is a softmax over the pixels; each pixel is a coin of its own: a sigmoid for each"""
    return (x * torch.log_softmax(logits.flatten(1), 1).view_as(x)).flatten(1).sum(1)
