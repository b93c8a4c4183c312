"""TITLE."""

import torch
import torch.nn.functional as F

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.distributions import bernoulli_log_prob as definition


def cases(g):
    raise NotImplementedError


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


# Mistakes, and what a student is told.


def wrong_bce_of_sigmoid(x, logits):
    """binary_cross_entropy of the sigmoid: it stops at -100"""
    # SAID: one pixel right and one wrong by 1000: wanted -1000, got [-100.0, -100.0]. A probability kept away from 0 is not exact
    bce = torch.nn.functional.binary_cross_entropy(torch.sigmoid(logits), x, reduction="none")
    return -bce.flatten(1).sum(1)


def wrong_clamped_probability(x, logits):
    """the probability is clamped away from 0 and 1"""
    # SAID: one pixel right and one wrong by 1000: wanted -1000, got [-13.815511557964774, -13.815511557936018]. A probability kept away from 0 is not exact
    p = torch.sigmoid(logits).clamp(1e-6, 1 - 1e-6)
    return (x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(1)


def wrong_detached(x, logits):
    """rebuilds the result out of Python numbers: no gradient comes back"""
    # SAID: no gradient comes back: stay in torch, without .item(), .detach() and NumPy
    f = torch.nn.functional.binary_cross_entropy_with_logits
    return torch.tensor([-f(l, a, reduction="sum").item() for a, l in zip(x, logits)])


def wrong_epsilon(x, logits):
    """a small number inside the logarithm"""
    # SAID: one pixel right and one wrong by 1000: wanted -1000, got [-18.420680733952366, -18.420680733952366]. A probability kept away from 0 is not exact
    p = torch.sigmoid(logits)
    return (x * (p + 1e-8).log() + (1 - x) * (1 - p + 1e-8).log()).flatten(1).sum(1)


def wrong_first_axis_only(x, logits):
    """sums over axis 1 alone: images keep two axes"""
    # SAID: [visible passes] AssertionError: wrong for tensors of shape (7, 1, 8, 8)
    return torch.distributions.Bernoulli(logits=logits, validate_args=False).log_prob(x).sum(1)


def wrong_heads_only(x, logits):
    """the term of the zeros is missing"""
    # SAID: the pixels with x = 0 count too: where is (1 - x) log(1 - p)?
    return (x * torch.nn.functional.logsigmoid(logits)).flatten(1).sum(1)


def wrong_log_of_sigmoid(x, logits):
    """the log of a sigmoid, which is -inf where the sigmoid rounds to 0"""
    # SAID: at logits of 1000 and -1000 you get [nan, nan]: take the log of the sigmoid in one step
    p = torch.sigmoid(logits)
    return (x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(1)


def wrong_logits_as_probabilities(x, logits):
    """takes the logits for probabilities"""
    # SAID: NaN: did you take the log of a logit? Logits are log-odds, not probabilities
    return (x * logits.log() + (1 - x) * (1 - logits).log()).flatten(1).sum(1)


def wrong_logits_as_probabilities_bce(x, logits):
    """takes the logits for probabilities, and torch refuses them"""
    # SAID: RuntimeError: all elements of input should be between 0 and 1
    # RAISES: RuntimeError
    bce = torch.nn.functional.binary_cross_entropy(logits, x, reduction="none")
    return -bce.flatten(1).sum(1)


def wrong_mean_everything(x, logits):
    """the default of the loss: one mean over batch and pixels"""
    # SAID: one number for each of the 6 rows, shape (6,), got (): sum over the event, not over the batch
    return -torch.nn.functional.binary_cross_entropy_with_logits(logits, x)


def wrong_mean_over_pixels(x, logits):
    """a mean over pixels in place of the sum"""
    # SAID: a mean over the pixels; the log-probability of the picture is their sum
    bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
    return -bce.flatten(1).mean(1)


def wrong_sigmoid_twice(x, logits):
    """a sigmoid before a loss that takes logits"""
    # SAID: is the sigmoid taken twice? A function `with_logits` takes it itself
    p = torch.sigmoid(logits)
    bce = torch.nn.functional.binary_cross_entropy_with_logits(p, x, reduction="none")
    return -bce.flatten(1).sum(1)


def wrong_sign(x, logits):
    """the cross-entropy, a loss"""
    # SAID: the sign is turned: the cross-entropy is a loss
    bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
    return bce.flatten(1).sum(1)


def wrong_softmax(x, logits):
    """a softmax over the pixels in place of a sigmoid for each"""
    # SAID: pixel by pixel it is [-5.145267990616908, -7.238739021068984, -5.6120763393803905, -5.542772243984781, -5.846870562774233, -5.006596778607954], got [-7.204967109194631, -9.453649684445763, -7.0746057587048305, -7.537841707329141, -5.509688130345291, -9.111901999022344]
    return (x * torch.log_softmax(logits.flatten(1), 1).view_as(x)).flatten(1).sum(1)


def wrong_sum_over_batch(x, logits):
    """a sum over everything, the batch too"""
    # SAID: one number for each of the 6 rows, shape (6,), got (): sum over the event, not over the batch
    return -torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="sum")


def wrong_swapped(x, logits):
    """ones and zeros are the wrong way round"""
    # SAID: ones and zeros are the wrong way round
    f = torch.nn.functional.logsigmoid
    return (x * f(-logits) + (1 - x) * f(logits)).flatten(1).sum(1)


def wrong_thresholded(x, logits):
    """grey levels are rounded to 0 and 1"""
    # SAID: grey levels are weights: do not round them to 0 and 1
    x = (x > 0.5).to(logits.dtype)
    bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
    return -bce.flatten(1).sum(1)
