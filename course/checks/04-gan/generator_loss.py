"""4.4 What the generator makes small."""

import torch
import torch.nn.functional as F
from torch.distributions import Bernoulli

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.gan import generator_loss as definition


def cases(g):
    near, far = 2 * draw.normal(g, 5), torch.tensor([3000.0, -2000.0], dtype=draw.DOUBLE)
    clue = "From the logits in one step; an epsilon or a clamp is not exact"
    for logits, clue in ((near, ""), (far, clue)):
        for options in ({}, {"kind": "minimax"}, {"kind": "non_saturating"}):
            yield Call(logits, **options).but(dtype=False, gradient=True, clue=clue)


# Right, in ways that differ.


def right_bce_with_logits(logits_fake, kind="non_saturating"):
    bce = F.binary_cross_entropy_with_logits
    if kind == "minimax":
        return -bce(logits_fake, torch.zeros_like(logits_fake))
    return bce(logits_fake, torch.ones_like(logits_fake))


def right_logaddexp_loop(logits_fake, kind="non_saturating"):
    zero = torch.zeros((), dtype=logits_fake.dtype)
    losses = []
    for logit in logits_fake:
        if kind == "minimax":
            losses.append(-torch.logaddexp(zero, logit))
        else:
            losses.append(torch.logaddexp(zero, -logit))
    return sum(losses) / len(losses)


def right_match(logits_fake, kind="non_saturating"):
    coin = Bernoulli(logits=logits_fake)
    match kind:
        case "minimax":
            return coin.log_prob(torch.zeros_like(logits_fake)).mean()
        case "non_saturating":
            return -coin.log_prob(torch.ones_like(logits_fake)).mean()
        case _:
            raise ValueError(kind)


def right_minimax_by_logit(logits_fake, kind="non_saturating"):
    """log(1 - D) = log D - logit"""
    log_d = F.logsigmoid(logits_fake)
    each = {"non_saturating": -log_d, "minimax": log_d - logits_fake}[kind]
    return torch.mean(each)


def right_one_formula(logits_fake, kind="non_saturating"):
    """both in one formula"""
    sign = 1 if kind == "non_saturating" else -1
    return -sign * F.logsigmoid(sign * logits_fake).mean()


def right_softplus(logits_fake, kind="non_saturating"):
    if kind == "non_saturating":
        return F.softplus(-logits_fake).mean()
    return -F.softplus(logits_fake).mean()


def right_two_classes(logits_fake, kind="non_saturating"):
    pair = torch.stack([torch.zeros_like(logits_fake), logits_fake], dim=1)
    log_fake, log_real = torch.log_softmax(pair, dim=1).unbind(1)
    return log_fake.mean() if kind == "minimax" else -log_real.mean()


# Mistakes, and what a student is told.

MINIMAX, OTHER = "logsigmoid(-logits_fake).mean()", "-logsigmoid(logits_fake).mean()"
CUT = "no gradient comes back, and G would learn nothing: no .detach(), no .item()"
HELPS = "the sign is turned: made small, this loss would make G help D"
LOGARITHM = "this is the other loss with its sign turned: the wrong label, or the wrong logarithm"
MEAN = "this is minus the mean logit: is the logarithm missing, or are both losses added?"
SWAPPED = "this is the other loss: is kind used, and used the right way round?"


def both(words, new):
    """Both losses as `new` makes them out of their texts."""
    return change(words, f"return {MINIMAX}", new(MINIMAX), f"return {OTHER}", new(OTHER))


wrong_always_minimax = change(SWAPPED, OTHER, MINIMAX)
wrong_always_non_saturating = change(SWAPPED, f"return {MINIMAX}", f"return {OTHER} ")
wrong_both_added = change(MEAN, OTHER, f"{MINIMAX} {OTHER}")
wrong_both_signs = both(HELPS, lambda loss: f"return -({loss})")
wrong_clamped_logits = both(
    "the logits are clamped, and beyond that no gradient comes back: take them as they are",
    lambda loss: "return " + loss.replace("logits_fake", "logits_fake.clamp(-30, 30)"),
)
wrong_default = change(
    "the default of kind should be non_saturating",
    'kind: str = "non_saturating"',
    'kind: str = "minimax"',
)
wrong_detached = both(CUT, lambda loss: f"return ({loss}).detach()")
wrong_half = both("half of it: there is no 1/2", lambda loss: f"return ({loss}) / 2")
wrong_in_place = change(
    "the logits are changed in place: no neg_() and the like",
    "(-logits_fake)",
    "(logits_fake.neg_())",
)
wrong_item = both(
    "a tensor is wanted: training differentiates it, so no .item()",
    lambda loss: f"return ({loss}).item()",
)
wrong_kinds_swapped = change(SWAPPED, 'kind == "minimax"', 'kind != "minimax"')
wrong_labels_swapped = change(
    LOGARITHM, MINIMAX, MINIMAX.replace("-", ""), f"    return {OTHER}", f"    return -{MINIMAX}"
)
wrong_mean_logit = change(MEAN, OTHER, "-logits_fake.mean()")
wrong_minimax_is_negated = change(LOGARITHM, MINIMAX, MINIMAX.replace("-", ""))
wrong_minimax_sign = change(HELPS, f"return {MINIMAX}", f"return -{MINIMAX}")
wrong_mean_keeps_its_axis = both(
    "a tensor without dimensions is wanted: the mean keeps its axis",
    lambda loss: "return " + loss.replace("mean()", "mean(0, keepdim=True)"),
)
wrong_no_mean = both(
    "one number for each row: take the mean over the batch",
    lambda loss: "return " + loss.removesuffix(".mean()"),
)
wrong_no_return_minimax = change(
    "nothing comes back for kind='minimax': a `return` is missing",
    f"    return {MINIMAX}",
    f"    loss = {MINIMAX}\n        return None",
)
wrong_non_saturating_sign = change(HELPS, OTHER, OTHER[1:])
wrong_sigmoid_twice = change(
    "the sigmoid is taken twice: a function `with_logits` takes it itself",
    "    if kind ==",
    "    logits_fake = torch.sigmoid(logits_fake)\n    if kind ==",
)
wrong_sum = both(
    "a sum over the batch; its mean is wanted", lambda loss: "return " + loss.replace("mean", "sum")
)
wrong_weights_detached = both(
    "the value is right and its gradient is not: is part of it detached?",
    lambda loss: f"return 2 * ({loss}) - ({loss}).detach()",
)


def _of(log, logits, kind):
    """The loss by a logarithm of the mean or of probabilities."""
    p = torch.sigmoid(logits)
    return log(1 - p).mean() if kind == "minimax" else -log(p).mean()


def wrong_bce_of_sigmoid(logits_fake, kind="non_saturating"):
    """binary_cross_entropy of the sigmoid stops its logarithm at -100: take it from the logits"""
    p = torch.sigmoid(logits_fake)
    if kind == "minimax":
        return -F.binary_cross_entropy(p, torch.zeros_like(p))
    return F.binary_cross_entropy(p, torch.ones_like(p))


def wrong_clamped_probability(logits_fake, kind="non_saturating"):
    """the probability is clamped away from 0 and 1: take the logarithm from the logits"""
    return _of(lambda p: p.clamp(1e-6, 1 - 1e-6).log(), logits_fake, kind)


def wrong_epsilon(logits_fake, kind="non_saturating"):
    """a small number stands inside the logarithms: take them from the logits"""
    return _of(lambda p: (p + 1e-8).log(), logits_fake, kind)


def wrong_log_of_mean(logits_fake, kind="non_saturating"):
    """the mean of the logs is wanted, not the log of the mean"""
    return _of(lambda p: p.mean().log(), logits_fake, kind)


def wrong_log_of_sigmoid(logits_fake, kind="non_saturating"):
    """the log of a probability underflows at large logits: take it in one step"""
    return _of(torch.log, logits_fake, kind)


def wrong_no_log(logits_fake, kind="non_saturating"):
    """the logarithm is missing"""
    return _of(lambda p: p, logits_fake, kind)
