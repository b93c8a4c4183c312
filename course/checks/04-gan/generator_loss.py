"""TITLE."""

import torch
import torch.nn.functional as F
from torch.distributions import Bernoulli

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.gan import generator_loss as definition


def cases(g):
    raise NotImplementedError


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


def wrong_always_minimax(logits_fake, kind="non_saturating"):
    """kind='non_saturating': this is the other loss: is kind used, and used the right way round?"""
    return F.logsigmoid(-logits_fake).mean()


def wrong_always_non_saturating(logits_fake, kind="non_saturating"):
    """kind='minimax': this is the other loss: is kind used, and used the right way round?"""
    return F.softplus(-logits_fake).mean()


def wrong_bce_of_sigmoid(logits_fake, kind="non_saturating"):
    """binary_cross_entropy of the sigmoid: its logarithm stops at -100"""
    p = torch.sigmoid(logits_fake)
    if kind == "minimax":
        return -F.binary_cross_entropy(p, torch.zeros_like(p))
    return F.binary_cross_entropy(p, torch.ones_like(p))


def wrong_both_added(logits_fake, kind="non_saturating"):
    """kind='non_saturating': this is minus the mean logit: are the logarithms missing, or both
    losses added?"""
    return F.logsigmoid(-logits_fake).mean() - F.logsigmoid(logits_fake).mean()


def wrong_both_signs(logits_fake, kind="non_saturating"):
    """kind='non_saturating': the sign is turned: made small, this loss would make G help D"""
    if kind == "non_saturating":
        return F.logsigmoid(logits_fake).mean()
    return -F.logsigmoid(-logits_fake).mean()


def wrong_clamped_logits(logits_fake, kind="non_saturating"):
    """the logits are clamped: no gradient beyond"""
    logits = logits_fake.clamp(-30, 30)
    return F.logsigmoid(-logits).mean() if kind == "minimax" else -F.logsigmoid(logits).mean()


def wrong_clamped_probability(logits_fake, kind="non_saturating"):
    """the probability is clamped away from 0 and 1"""
    p = torch.sigmoid(logits_fake).clamp(1e-6, 1 - 1e-6)
    return (1 - p).log().mean() if kind == "minimax" else -p.log().mean()


def wrong_default(logits_fake, kind="minimax"):
    """kind='non_saturating': the default should be non_saturating"""
    if kind == "non_saturating":
        return F.softplus(-logits_fake).mean()
    return F.logsigmoid(-logits_fake).mean()


def wrong_detached(logits_fake, kind="non_saturating"):
    """no gradient comes back: G would learn nothing. No .detach(), no .item()"""
    logits = logits_fake.detach()
    return F.logsigmoid(-logits).mean() if kind == "minimax" else -F.logsigmoid(logits).mean()


def wrong_epsilon(logits_fake, kind="non_saturating"):
    """a small number inside the logarithms"""
    p = torch.sigmoid(logits_fake)
    return (1 - p + 1e-8).log().mean() if kind == "minimax" else -(p + 1e-8).log().mean()


def wrong_half(logits_fake, kind="non_saturating"):
    """kind='non_saturating': half of it: there is no 1/2"""
    if kind == "minimax":
        return F.logsigmoid(-logits_fake).mean() / 2
    return -F.logsigmoid(logits_fake).mean() / 2


def wrong_item(logits_fake, kind="non_saturating"):
    """a tensor is wanted: training differentiates it, so no .item()"""
    f = F.logsigmoid
    return f(-logits_fake).mean().item() if kind == "minimax" else -f(logits_fake).mean().item()


def wrong_kinds_swapped(logits_fake, kind="non_saturating"):
    """kind='non_saturating': this is the other loss: is kind used, and used the right way round?"""
    if kind == "minimax":
        return F.softplus(-logits_fake).mean()
    return F.logsigmoid(-logits_fake).mean()


def wrong_labels_swapped(logits_fake, kind="non_saturating"):
    """kind='non_saturating': this is the other loss with its sign turned: the wrong label, or
    the wrong logarithm"""
    bce = F.binary_cross_entropy_with_logits
    if kind == "minimax":
        return -bce(logits_fake, torch.ones_like(logits_fake))
    return bce(logits_fake, torch.zeros_like(logits_fake))


def wrong_log_of_mean(logits_fake, kind="non_saturating"):
    """kind='non_saturating': the mean of the logs is wanted, not the log of the mean"""
    p = torch.sigmoid(logits_fake).mean()
    return (1 - p).log() if kind == "minimax" else -p.log()


def wrong_log_of_sigmoid(logits_fake, kind="non_saturating"):
    """kind='non_saturating': at logits of 1000 and -1000 you get inf: the log of a probability
    underflows. Take it in one step"""
    p = torch.sigmoid(logits_fake)
    return (1 - p).log().mean() if kind == "minimax" else -p.log().mean()


def wrong_mean_logit(logits_fake, kind="non_saturating"):
    """kind='non_saturating': this is minus the mean logit: are the logarithms missing, or both
    losses added?"""
    return F.logsigmoid(-logits_fake).mean() if kind == "minimax" else -logits_fake.mean()


def wrong_minimax_is_negated(logits_fake, kind="non_saturating"):
    """kind='minimax': this is the other loss with its sign turned: the wrong label, or the wrong
    logarithm"""
    loss = F.softplus(-logits_fake).mean()
    return -loss if kind == "minimax" else loss


def wrong_minimax_sign(logits_fake, kind="non_saturating"):
    """kind='minimax': the sign is turned: made small, this loss would make G help D"""
    if kind == "non_saturating":
        return F.softplus(-logits_fake).mean()
    return F.softplus(logits_fake).mean()


def wrong_no_log(logits_fake, kind="non_saturating"):
    """kind='non_saturating': the logarithm is missing"""
    p = torch.sigmoid(logits_fake).mean()
    return 1 - p if kind == "minimax" else -p


def wrong_no_mean(logits_fake, kind="non_saturating"):
    """one number for each row"""
    return F.logsigmoid(-logits_fake) if kind == "minimax" else -F.logsigmoid(logits_fake)


def wrong_no_return_minimax(logits_fake, kind="non_saturating"):
    """only one kind is returned"""
    if kind == "non_saturating":
        return F.softplus(-logits_fake).mean()
    loss = F.logsigmoid(-logits_fake).mean()


def wrong_non_saturating_sign(logits_fake, kind="non_saturating"):
    """kind='non_saturating': the sign is turned: made small, this loss would make G help D"""
    if kind == "non_saturating":
        return F.logsigmoid(logits_fake).mean()
    return F.logsigmoid(-logits_fake).mean()


def wrong_sigmoid_twice(logits_fake, kind="non_saturating"):
    """kind='non_saturating': is the sigmoid taken twice? A function `with_logits` takes it
    itself"""
    p = torch.sigmoid(logits_fake)
    if kind == "minimax":
        return -F.binary_cross_entropy_with_logits(p, torch.zeros_like(p))
    return F.binary_cross_entropy_with_logits(p, torch.ones_like(p))


def wrong_sum(logits_fake, kind="non_saturating"):
    """kind='non_saturating': a sum over the batch; its mean is wanted"""
    if kind == "minimax":
        return F.logsigmoid(-logits_fake).sum()
    return -F.logsigmoid(logits_fake).sum()
