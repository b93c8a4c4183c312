"""TITLE."""

import math

import torch
import torch.nn.functional as F
from torch.distributions import Categorical

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.infogan import mutual_information_bound as definition


def cases(g):
    raise NotImplementedError


# Right, in ways that differ.


def right_cross_entropy(logits, code):
    return math.log(logits.size(1)) - F.cross_entropy(logits, code)


def right_distributions(logits, code):
    prior = Categorical(probs=torch.ones_like(logits[0]))
    return Categorical(logits=logits).log_prob(code).mean() + prior.entropy()


def right_gather(logits, code):
    log_q = torch.log_softmax(logits, dim=1).gather(1, code[:, None])
    return log_q.mean() + math.log(logits.shape[-1])


def right_loop(logits, code):
    K = logits.shape[1]
    total = 0.0
    for row, c in zip(logits, code):
        total = total + row[c] - torch.logsumexp(row, 0)
    return total / len(code) + math.log(K)


def right_nll(logits, code):
    K = logits.shape[1]
    uniform = torch.full((K,), 1 / K, dtype=logits.dtype)
    entropy = -(uniform * uniform.log()).sum()
    return entropy - F.nll_loss(F.log_softmax(logits, 1), code)


def right_one_hot(logits, code):
    B, K = logits.shape
    one_hot = torch.nn.functional.one_hot(code, K).to(logits.dtype)
    log_q = logits - logits.logsumexp(1, keepdim=True)
    return torch.einsum("bk,bk->", one_hot, log_q) / B - math.log(1 / K)


def right_relative_to_uniform(logits, code):
    """the mean of log(Q / uniform)"""
    log_ratio = torch.log_softmax(logits, 1) + math.log(logits.shape[1])
    return log_ratio[torch.arange(len(code)), code].mean()


# Mistakes, and what a student is told.


def wrong_accuracy(logits, code):
    """the bound may be below 0: leave it so"""
    right = (logits.argmax(1) == code).to(logits.dtype).mean()
    return right * math.log(logits.shape[1])


def wrong_all_columns(logits, code):
    """each row has its own code: logits[:, code] takes the codes of all rows"""
    return torch.log_softmax(logits, 1)[:, code].mean() + math.log(logits.shape[1])


def wrong_all_summed(logits, code):
    """a sum over the batch; its mean is wanted"""
    return (math.log(logits.shape[1]) - F.cross_entropy(logits, code, reduction="none")).sum()


def wrong_binary(logits, code):
    """one softmax over the K values is wanted, not K sigmoids"""
    K = logits.shape[1]
    labels = F.one_hot(code, K).to(logits.dtype)
    bce = F.binary_cross_entropy_with_logits(logits, labels, reduction="none")
    return math.log(K) - bce.sum(1).mean()


def wrong_bits(logits, code):
    """nats are wanted, not bits"""
    return (math.log(logits.shape[1]) - F.cross_entropy(logits, code)) / math.log(2)


def wrong_clamped(logits, code):
    """the bound may be below 0: leave it so"""
    return (math.log(logits.shape[1]) - F.cross_entropy(logits, code)).clamp(min=0)


def wrong_cross_entropy_added(logits, code):
    """mean log Q is below 0 and is added; minus a cross-entropy"""
    return F.cross_entropy(logits, code) + math.log(logits.shape[1])


def wrong_detached(logits, code):
    """no gradient comes back: G and Q would not learn. No .detach(), no .item()"""
    return math.log(logits.shape[1]) - F.cross_entropy(logits, code).detach()


def wrong_empirical_entropy(logits, code):
    """H(c) belongs to how codes are drawn, uniformly; this is the entropy of this batch's codes"""
    share = torch.bincount(code, minlength=logits.shape[1]).to(logits.dtype) / len(code)
    return -torch.xlogy(share, share).sum() - F.cross_entropy(logits, code)


def wrong_entropy_of_mean_q(logits, code):
    """H(c) is the entropy of the code, log K; this is that of Q, averaged"""
    q = torch.softmax(logits, 1).mean(0)
    return -torch.xlogy(q, q).sum() - F.cross_entropy(logits, code)


def wrong_entropy_of_q(logits, code):
    """H(c) is the entropy of the code, log K; this is that of Q"""
    return Categorical(logits=logits).entropy().mean() - F.cross_entropy(logits, code)


def wrong_entropy_taken_off(logits, code):
    """the entropy is added, not taken off"""
    return -F.cross_entropy(logits, code) - math.log(logits.shape[1])


def wrong_epsilon(logits, code):
    """a small number inside the logarithm"""
    q = torch.softmax(logits, 1)[torch.arange(len(code)), code]
    return (q + 1e-8).log().mean() + math.log(logits.shape[1])


def wrong_item(logits, code):
    """a tensor is wanted: training differentiates it, so no .item()"""
    return math.log(logits.shape[1]) - F.cross_entropy(logits, code).item()


def wrong_label_smoothing(logits, code):
    """with Q formed row by row it is -2.084833; got -2.024163. Plain labels, nothing smoothed?"""
    return math.log(logits.shape[1]) - F.cross_entropy(logits, code, label_smoothing=0.1)


def wrong_log2(logits, code):
    """the entropy is in bits and the rest in nats"""
    return math.log2(logits.shape[1]) - F.cross_entropy(logits, code)


def wrong_log_of_batch_size(logits, code):
    """K is the number of the code's values, not of the rows"""
    return math.log(len(logits)) - F.cross_entropy(logits, code)


def wrong_log_of_mean(logits, code):
    """the mean of the logs is wanted, not the log of the mean"""
    q = torch.softmax(logits, 1)[torch.arange(len(code)), code]
    return q.mean().log() + math.log(logits.shape[1])


def wrong_log_of_softmax(logits, code):
    """logits of 1000 and -1000 give -inf: the log of a probability underflows; log-softmax in
    one step"""
    log_q = torch.softmax(logits, 1).log()[torch.arange(len(code)), code]
    return log_q.mean() + math.log(logits.shape[1])


def wrong_mean_over_values(logits, code):
    """a mean over the K values too: only the entry of the code counts"""
    B, K = logits.shape
    one_hot = torch.nn.functional.one_hot(code, K).to(logits.dtype)
    return (one_hot * torch.log_softmax(logits, 1)).mean() + math.log(K)


def wrong_no_entropy(logits, code):
    """the entropy of the code is missing: log K"""
    return -F.cross_entropy(logits, code)


def wrong_no_return(logits, code):
    """forgot to return"""
    math.log(logits.shape[1]) - F.cross_entropy(logits, code)


def wrong_no_softmax(logits, code):
    """logits are no log-probabilities yet: where is the softmax?"""
    return math.log(logits.shape[1]) - F.nll_loss(logits, code)


def wrong_not_averaged(logits, code):
    """one number for each row"""
    return math.log(logits.shape[1]) - F.cross_entropy(logits, code, reduction="none")


def wrong_probability(logits, code):
    """the logarithm is missing"""
    q = torch.softmax(logits, 1)[torch.arange(len(code)), code]
    return q.mean() + math.log(logits.shape[1])


def wrong_sign(logits, code):
    """the sign is turned: it is a bound, and training makes it large"""
    return F.cross_entropy(logits, code) - math.log(logits.shape[1])


def wrong_softmax_over_batch(logits, code):
    """the softmax runs over the K values of a row, not over the rows"""
    log_q = F.log_softmax(logits, dim=0)[torch.arange(len(code)), code]
    return log_q.mean() + math.log(logits.shape[1])


def wrong_softmax_twice(logits, code):
    """is the softmax taken twice? cross_entropy takes logits"""
    return math.log(logits.shape[1]) - F.cross_entropy(torch.softmax(logits, 1), code)


def wrong_sum(logits, code):
    """a sum over the batch; its mean is wanted"""
    return math.log(logits.shape[1]) - F.cross_entropy(logits, code, reduction="sum")


def wrong_ten_values(logits, code):
    """K is the number of columns, not always 10"""
    return math.log(10) - F.cross_entropy(logits, code)


def wrong_values_seen(logits, code):
    """K is the number of columns; not every value comes up in each batch"""
    return math.log(code.max().item() + 1) - F.cross_entropy(logits, code)
