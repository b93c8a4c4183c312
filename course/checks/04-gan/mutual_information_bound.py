"""4.8 A code that can be read back."""

import math

import torch
import torch.nn.functional as F
from torch.distributions import Categorical

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.infogan import mutual_information_bound as definition


def cases(g):
    rule = {"dtype": False, "gradient": True}
    code = torch.tensor([0, 1, 1, 3, 0, 1, 3])[torch.randperm(7, generator=g)]  # no 2, no 4
    yield Call(2 * draw.normal(g, 7, 5), code).but(**rule)
    sure = torch.tensor([[3000.0, 0.0, 0.0], [0.0, -3000.0, 0.0]], dtype=draw.DOUBLE)
    clue = "The bound may be below 0; log-softmax in one step, no epsilon, no clamp"
    for code in ([0, 0], [1, 1]):
        yield Call(sure, torch.tensor(code)).but(
            words=f"logits {sure.tolist()}, codes {code}", clue=clue, **rule
        )


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

BOUND = "math.log(k) - cross_entropy(logits, code)"
CUT = "no gradient comes back, and G and Q would not learn: no .detach(), no .item()"
MEAN = "a sum over the batch; its mean is wanted"
SEEN = "K is the number of columns; not every value comes up in each batch"


def bound(words, entropy="math.log(k)", logs="-cross_entropy(logits, code)"):
    """Another entropy, or another mean of log Q."""
    return change(words, BOUND, f"{entropy} + {logs}")


def chosen(words, table, after=".mean()"):
    """A mean over the entries of `table` at the codes."""
    return bound(words, logs=f"{table}[torch.arange(len(code)), code]{after}")


wrong_accuracy = change(
    "the share of right guesses is no bound in nats",
    BOUND,
    "(logits.argmax(1) == code).to(logits.dtype).mean() * math.log(k)",
)
wrong_all_columns = bound(
    "each row has its own code: logits[:, code] takes the codes of all rows",
    logs="torch.log_softmax(logits, 1)[:, code].mean()",
)
wrong_all_summed = change(MEAN, BOUND, f"({BOUND}) * len(code)")
wrong_binary = bound(
    "one softmax over the K values is wanted, not K sigmoids",
    logs="nn.functional.logsigmoid(logits * (2 * one_hot(code, k) - 1)).sum(1).mean()",
)
wrong_bits = change("nats are wanted, not bits", BOUND, f"({BOUND}) / math.log(2)")
wrong_clamped = change("the bound may be below 0: leave it so", BOUND, f"({BOUND}).clamp(min=0)")
wrong_cross_entropy_added = change(
    "mean log Q is below 0 and is added; minus a cross-entropy", BOUND, BOUND.replace(" -", " +")
)
wrong_detached = change(CUT, BOUND, BOUND + ".detach()")
wrong_detached_normaliser = bound(
    "the value is right and its gradient is not: is part of it detached?",
    logs="(logits - logits.logsumexp(1, keepdim=True).detach())[torch.arange(len(code)), code].mean()",
)
wrong_empirical_entropy = bound(
    "H(c) belongs to how codes are drawn, uniformly; this is the entropy of this batch's codes",
    "torch.special.entr(torch.bincount(code, minlength=k).to(logits.dtype) / len(code)).sum()",
)
wrong_entropy_of_mean_q = bound(
    "H(c) is the entropy of the code, log K; this is that of Q, averaged",
    "torch.special.entr(torch.softmax(logits, 1).mean(0)).sum()",
)
wrong_entropy_of_q = bound(
    "H(c) is the entropy of the code, log K; this is that of Q",
    "torch.distributions.Categorical(logits=logits).entropy().mean()",
)
wrong_entropy_taken_off = bound("the entropy is added, not taken off", "-math.log(k)")
wrong_epsilon = chosen(
    "a small number stands inside the logarithm: log-softmax in one step",
    "(torch.softmax(logits, 1) + 1e-8).log()",
)
wrong_in_place = change(
    "logits is changed in place: no sub_() and the like",
    "    return",
    "    logits.sub_(logits.detach().amax(1, keepdim=True))\n    return",
)
wrong_item = change(
    "a tensor is wanted: training differentiates it, so no .item()", BOUND, BOUND + ".item()"
)
wrong_label_smoothing = change(
    "the labels are smoothed: log Q at the code alone is wanted",
    BOUND,
    BOUND.replace("code)", "code, label_smoothing=0.1)"),
)
wrong_log2 = bound("the entropy is in bits and the rest in nats", "math.log2(k)")
wrong_log_of_batch_size = bound(
    "K is the number of the code's values, not of the rows", "math.log(len(logits))"
)
wrong_log_of_mean = chosen(
    "the mean of the logs is wanted, not the log of the mean",
    "torch.softmax(logits, 1)",
    ".mean().log()",
)
wrong_log_of_softmax = chosen(
    "the log of a probability underflows: log-softmax in one step",
    "torch.softmax(logits, 1).log()",
)
wrong_mean_over_values = bound(
    "a mean over the K values too: only the entry of the code counts",
    logs="cross_entropy(logits, code) / -k",
)
wrong_no_entropy = bound("the entropy of the code is missing: log K", "0")
wrong_no_return = change("forgot to return", f"return {BOUND}", BOUND)
wrong_no_softmax = chosen("logits are no log-probabilities yet: where is the softmax?", "logits")
wrong_not_averaged = change(
    "one number for each row: take the mean over the batch",
    BOUND,
    BOUND.replace("code)", 'code, reduction="none")'),
)
wrong_probability = chosen("the logarithm is missing", "torch.softmax(logits, 1)")
wrong_sign = change(
    "the sign is turned: it is a bound, and training makes it large", BOUND, f"-({BOUND})"
)
wrong_softmax_over_batch = chosen(
    "the softmax runs over the K values of a row, not over the rows", "logits.log_softmax(0)"
)
wrong_softmax_twice = bound(
    "the softmax is taken twice: cross_entropy takes logits",
    logs="-cross_entropy(torch.softmax(logits, 1), code)",
)
wrong_sum = bound(MEAN, logs='-cross_entropy(logits, code, reduction="sum")')
wrong_ten_values = bound("K is the number of columns, not always 10", "math.log(10)")
wrong_values_found = bound(SEEN, "math.log(len(code.unique()))")
wrong_values_seen = bound(SEEN, "math.log(code.max() + 1)")
wrong_weighed_by_code = change(
    "each row counts once: this mean gives each value of the code the same weight",
    BOUND,
    BOUND.replace(
        "code)", "code, weight=1 / torch.bincount(code, minlength=k).to(logits.dtype).clamp(min=1))"
    ),
)
