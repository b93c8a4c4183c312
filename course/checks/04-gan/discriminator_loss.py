"""4.3 What the discriminator makes small."""

import torch
import torch.nn.functional as F
from torch.distributions import Bernoulli

from course.checks import draw
from course.checks.cases import Call
from course.checks.exercise import change
from dgm.gan import discriminator_loss as definition


def cases(g):
    far = torch.tensor([3000.0, -2000.0, 30.0], dtype=draw.DOUBLE), torch.tensor([-3000.0, 2500.0], dtype=draw.DOUBLE)  # fmt: skip
    near = 1 + 2 * draw.normal(g, 6), 2 * draw.normal(g, 4) - 1
    clue = "From the logits in one step; an epsilon or a clamp is not exact"
    for logits, clue in ((near, ""), (far, clue)):
        for options in ({}, {"smooth": 0.3}):
            yield Call(*logits, **options).but(dtype=False, gradient=True, clue=clue)


# Right, in ways that differ.


def right_bce_with_logits(logits_real, logits_fake, *, smooth=0.0):
    bce = F.binary_cross_entropy_with_logits
    real = bce(logits_real, torch.full_like(logits_real, 1 - smooth))
    return real + bce(logits_fake, torch.zeros_like(logits_fake))


def right_distributions(logits_real, logits_fake, *, smooth=0.0):
    label = torch.full_like(logits_real, 1 - smooth)
    real = Bernoulli(logits=logits_real, validate_args=False).log_prob(label)
    fake = Bernoulli(logits=logits_fake).log_prob(torch.zeros_like(logits_fake))
    return -real.mean() - fake.mean()


def right_logsigmoid(logits_real, logits_fake, *, smooth=0.0):
    real = (1 - smooth) * F.logsigmoid(logits_real) + smooth * F.logsigmoid(-logits_real)
    return -(real.mean() + F.logsigmoid(-logits_fake).mean())


def right_loop(logits_real, logits_fake, *, smooth=0.0):
    zero = torch.zeros((), dtype=logits_real.dtype)
    total = zero
    for a in logits_real:
        total = total + (torch.logaddexp(zero, -a) + smooth * a) / len(logits_real)
    for b in logits_fake:
        total = total + torch.logaddexp(zero, b) / len(logits_fake)
    return total


def right_one_call_with_weights(logits_real, logits_fake, *, smooth=0.0):
    """one call for both batches, each row weighed by one over its batch"""
    n, m = len(logits_real), len(logits_fake)
    weight = torch.tensor([1 / n] * n + [1 / m] * m, dtype=logits_real.dtype)
    labels = torch.tensor([1 - smooth] * n + [0.0] * m, dtype=logits_real.dtype)
    criterion = torch.nn.BCEWithLogitsLoss(weight=weight, reduction="sum")
    return criterion(torch.cat([logits_real, logits_fake]), labels)


def right_softplus(logits_real, logits_fake, *, smooth=0.0):
    real = (1 - smooth) * F.softplus(-logits_real) + smooth * F.softplus(logits_real)
    return real.mean() + F.softplus(logits_fake).mean()


def right_two_classes(logits_real, logits_fake, *, smooth=0.0):
    """a softmax over (fake, real), with logits 0 and l"""

    def scores(logits):
        return torch.log_softmax(torch.stack([torch.zeros_like(logits), logits], 1), 1)

    labels = torch.tensor([smooth, 1 - smooth], dtype=logits_real.dtype)
    return -(scores(logits_real) @ labels).mean() - scores(logits_fake)[:, 0].mean()


# Mistakes, and what a student is told.

REAL, SMOOTH = "logsigmoid(logits_real)", " - smooth * logits_real  # log(1 - D) = log D - logit"
SUM = "-real.mean() - logsigmoid(-logits_fake).mean()"
CUT = "no gradient comes back: stay in torch, without .item() and .detach()"

wrong_both_divided_by_real = change(
    "each batch is divided by its own size",
    SUM,
    "-(real.sum() + logsigmoid(-logits_fake).sum()) / len(real)",
)
wrong_clamped_logits = change(
    "the logits are clamped, and beyond that no gradient comes back: take them as they are",
    "    real =",
    "    logits_real, logits_fake = logits_real.clamp(-50, 50), logits_fake.clamp(-50, 50)\n    real =",
)
wrong_detached = change(CUT, f"return {SUM}", f"return torch.tensor(({SUM}).item())")
wrong_detached_to_the_end = change(CUT, f"return {SUM}", f"return ({SUM}).detach()")
wrong_difference = change("the second term is added, not taken off", SUM, SUM.replace(" - ", " + "))
wrong_fake_detached = change(
    "no gradient reaches logits_fake: is something detached?",
    "-logits_fake",
    "-logits_fake.detach()",
)
wrong_half = change("half of it: add the two means, do not average them", SUM, f"({SUM}) / 2")
wrong_hinge = change(
    "a hinge loss; the logarithms are wanted",
    SUM,
    "(1 - smooth - logits_real).relu().mean() + (1 + logits_fake).relu().mean()",
)
wrong_in_place = change(
    "logits_fake is changed in place: no neg_() and the like",
    "-logits_fake)",
    "logits_fake.neg_())",
)
wrong_labels_swapped = change(
    "the labels are swapped: real is 1, generated is 0",
    "    real =",
    "    logits_real, logits_fake = logits_fake, logits_real\n    real =",
)
wrong_mean_logits = change(
    "the mean of the losses is wanted, not the loss of the mean logit",
    "    real =",
    "    logits_real, logits_fake = logits_real.mean(), logits_fake.mean()\n    real =",
)
wrong_no_mean = change(
    "one number for each row: take the mean of each batch", "-real.mean()", "-real"
)
wrong_no_return = change("forgot to return", "    return -", "    -")
wrong_one_of_one_mean = change(
    "a tensor without dimensions is wanted", "-real.mean()", "-real.mean(0, keepdim=True)"
)
wrong_one_mean = change(
    "one mean over both batches: each batch has a mean of its own, and they are added",
    SUM,
    "-torch.cat([real, logsigmoid(-logits_fake)]).mean()",
)
wrong_real_detached = change(
    "no gradient reaches logits_real: is something detached?",
    "-real.mean()",
    "-real.detach().mean()",
)
wrong_real_only = change("the second term is missing: generated samples", SUM, "-real.mean()")
wrong_fake_only = change(
    "the first term is missing: real data", SUM, "-logsigmoid(-logits_fake).mean()"
)
wrong_same_sign = change(
    "generated samples have the label 0; here both batches have 1", "-logits_fake)", "logits_fake)"
)
wrong_sign = change("the sign is turned: this is the value that D makes large", SUM, f"-({SUM})")
wrong_smooth_added = change(
    "smoothing adds smooth times the logit to each real row's loss; here it is taken off",
    "- smooth * logits_real",
    "+ smooth * logits_real",
)
wrong_smooth_by_default = change(
    "without smooth the label of real data is 1: its default is 0",
    "smooth: float = 0.0",
    "smooth: float = 0.1",
)
wrong_smooth_detached = change(
    "no gradient comes back of the smoothed part: is it detached?",
    "smooth * logits_real",
    "smooth * logits_real.detach()",
)
wrong_smooth_fakes = change(
    "the label of the real data is smoothed, not that of the generated",
    SMOOTH,
    "",
    SUM,
    "-real.mean() - (logsigmoid(-logits_fake) + smooth * logits_fake).mean()",
)
wrong_smooth_half = change(
    "the label of real data is 1 - smooth, not 1 - smooth / 2",
    "smooth * logits_real",
    "smooth / 2 * logits_real",
)
wrong_smooth_half_each = change(
    "one-sided: the whole of smooth goes to real data, and generated samples keep the label 0",
    "smooth * logits_real",
    "smooth / 2 * logits_real",
    SUM,
    "-real.mean() - (logsigmoid(-logits_fake) + smooth / 2 * logits_fake).mean()",
)
wrong_smooth_ignored = change("smooth is not used", SMOOTH, "")
wrong_smooth_two_sided = change(
    "one-sided: the label of generated samples stays 0",
    SUM,
    "-real.mean() - (logsigmoid(-logits_fake) + smooth * logits_fake).mean()",
)
wrong_smooth_weight = change(
    "where is smooth times log(1 - D(x))?", REAL + SMOOTH, f"(1 - smooth) * {REAL}"
)
wrong_softmax = change(
    "a softmax runs over the batch; each row has a sigmoid of its own",
    SUM,
    "-logits_real.log_softmax(0).mean() - (-logits_fake).log_softmax(0).mean()",
)
wrong_sum = change("sums over the batches; means are wanted", SUM, SUM.replace("mean", "sum"))
wrong_twice_one_mean = change(
    "one mean over both batches, doubled: that is right for batches of one size only",
    SUM,
    "-2 * torch.cat([real, logsigmoid(-logits_fake)]).mean()",
)
wrong_wasserstein = change(
    "a critic's loss: the logarithms are missing",
    SUM,
    "logits_fake.mean() - (1 - smooth) * logits_real.mean()",
)
wrong_zip = change(
    "only as many rows as the shorter batch has are used: do not pair the rows",
    SUM,
    "-torch.stack([a + b for a, b in zip(real, logsigmoid(-logits_fake))]).mean()",
)


def _of(log, logits_real, logits_fake, smooth):
    """The loss by a logarithm of probabilities."""
    real, fake = torch.sigmoid(logits_real), torch.sigmoid(logits_fake)
    first = (1 - smooth) * log(real) + smooth * log(1 - real)
    return -first.mean() - log(1 - fake).mean()


def wrong_bce_of_sigmoid(logits_real, logits_fake, *, smooth=0.0):
    """binary_cross_entropy of the sigmoid stops its logarithm at -100: take it from the logits"""
    real, fake = torch.sigmoid(logits_real), torch.sigmoid(logits_fake)
    real_loss = F.binary_cross_entropy(real, torch.full_like(real, 1 - smooth))
    return real_loss + F.binary_cross_entropy(fake, torch.zeros_like(fake))


def wrong_clamped_probability(logits_real, logits_fake, *, smooth=0.0):
    """the probability is clamped away from 0 and 1: take the logarithm from the logits"""
    return _of(lambda p: p.clamp(1e-7, 1 - 1e-7).log(), logits_real, logits_fake, smooth)


def wrong_epsilon(logits_real, logits_fake, *, smooth=0.0):
    """a small number stands inside the logarithms: take them from the logits"""
    return _of(lambda p: (p + 1e-8).log(), logits_real, logits_fake, smooth)


def wrong_labels_of_one_size(logits_real, logits_fake, *, smooth=0.0):
    """the two batches need not have equally many rows: each has labels of its own"""
    bce, ones = F.binary_cross_entropy_with_logits, torch.ones_like(logits_real)
    return bce(logits_real, (1 - smooth) * ones) + bce(logits_fake, 0 * ones)


def wrong_log_of_mean(logits_real, logits_fake, *, smooth=0.0):
    """the mean of the logs is wanted, not the log of the mean"""
    real, fake = torch.sigmoid(logits_real).mean(), torch.sigmoid(logits_fake).mean()
    return -(1 - smooth) * real.log() - smooth * (1 - real).log() - (1 - fake).log()


def wrong_log_of_sigmoid(logits_real, logits_fake, *, smooth=0.0):
    """the log of a probability underflows at large logits: take it in one step"""
    return _of(torch.log, logits_real, logits_fake, smooth)


def wrong_logs_of_logits(logits_real, logits_fake, *, smooth=0.0):
    """the log of a logit: logits are log-odds, not probabilities"""
    return -logits_real.log().mean() - (1 - logits_fake).log().mean()


def wrong_sigmoid_twice(logits_real, logits_fake, *, smooth=0.0):
    """the sigmoid is taken twice: a function `with_logits` takes it itself"""
    return definition(torch.sigmoid(logits_real), torch.sigmoid(logits_fake), smooth=smooth)


def wrong_smooth_as_label(logits_real, logits_fake, *, smooth=0.0):
    """the label of real data is 1 - smooth, not smooth"""
    return definition(logits_real, logits_fake, smooth=1 - smooth if smooth else 0.0)


def wrong_squares(logits_real, logits_fake, *, smooth=0.0):
    """squared errors of the probabilities; the logarithms are wanted"""
    real, fake = torch.sigmoid(logits_real), torch.sigmoid(logits_fake)
    return ((real - 1 + smooth) ** 2).mean() + (fake**2).mean()
