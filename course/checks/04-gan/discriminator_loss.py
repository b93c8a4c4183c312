"""TITLE."""

import torch
import torch.nn.functional as F
from torch.distributions import Bernoulli

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.gan import discriminator_loss as definition


def cases(g):
    raise NotImplementedError


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


def wrong_bce_of_sigmoid(logits_real, logits_fake, *, smooth=0.0):
    """binary_cross_entropy of the sigmoid: its logarithm stops at -100"""
    real, fake = torch.sigmoid(logits_real), torch.sigmoid(logits_fake)
    real_loss = F.binary_cross_entropy(real, torch.full_like(real, 1 - smooth))
    return real_loss + F.binary_cross_entropy(fake, torch.zeros_like(fake))


def wrong_both_divided_by_real(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: each batch is divided by its own size"""
    real = F.softplus(-logits_real) + smooth * logits_real
    return (real.sum() + F.softplus(logits_fake).sum()) / len(logits_real)


def wrong_clamped_logits(logits_real, logits_fake, *, smooth=0.0):
    """the logits are clamped: no gradient beyond"""
    a, b = logits_real.clamp(-50, 50), logits_fake.clamp(-50, 50)
    return (F.softplus(-a) + smooth * a).mean() + F.softplus(b).mean()


def wrong_clamped_probability(logits_real, logits_fake, *, smooth=0.0):
    """the probability is clamped away from 0 and 1"""
    real = torch.sigmoid(logits_real).clamp(1e-7, 1 - 1e-7)
    fake = torch.sigmoid(logits_fake).clamp(1e-7, 1 - 1e-7)
    first = (1 - smooth) * real.log() + smooth * (1 - real).log()
    return -first.mean() - (1 - fake).log().mean()


def wrong_detached(logits_real, logits_fake, *, smooth=0.0):
    """no gradient comes back: stay in torch, without .item() and .detach()"""
    real = F.softplus(-logits_real) + smooth * logits_real
    return torch.tensor((real.mean() + F.softplus(logits_fake).mean()).item())


def wrong_difference(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: the second term is added, not taken off"""
    real = F.softplus(-logits_real) + smooth * logits_real
    return real.mean() - F.softplus(logits_fake).mean()


def wrong_epsilon(logits_real, logits_fake, *, smooth=0.0):
    """a small number inside the logarithms"""
    real, fake = torch.sigmoid(logits_real), torch.sigmoid(logits_fake)
    first = (1 - smooth) * (real + 1e-8).log() + smooth * (1 - real + 1e-8).log()
    return -first.mean() - (1 - fake + 1e-8).log().mean()


def wrong_fake_detached(logits_real, logits_fake, *, smooth=0.0):
    """no gradient reaches logits_fake: is something detached?"""
    real = F.softplus(-logits_real) + smooth * logits_real
    return real.mean() + F.softplus(logits_fake.detach()).mean()


def wrong_half(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: half of it: add the two means, do not average them"""
    real = F.softplus(-logits_real) + smooth * logits_real
    return (real.mean() + F.softplus(logits_fake).mean()) / 2


def wrong_hinge(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: a hinge loss; the logarithms are wanted"""
    return (1 - smooth - logits_real).relu().mean() + (1 + logits_fake).relu().mean()


def wrong_labels_swapped(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: the labels are swapped: real is 1, generated is 0"""
    fake = F.softplus(-logits_fake) + smooth * logits_fake
    return F.softplus(logits_real).mean() + fake.mean()


def wrong_log_of_mean(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: the mean of the logs is wanted, not the log of the mean"""
    real, fake = torch.sigmoid(logits_real).mean(), torch.sigmoid(logits_fake).mean()
    return -(1 - smooth) * real.log() - smooth * (1 - real).log() - (1 - fake).log()


def wrong_log_of_sigmoid(logits_real, logits_fake, *, smooth=0.0):
    """at logits of 1000 and -1000 you get nan: the log of a probability underflows. Take it in
    one step"""
    real, fake = torch.sigmoid(logits_real), torch.sigmoid(logits_fake)
    first = (1 - smooth) * real.log() + smooth * (1 - real).log()
    return -first.mean() - (1 - fake).log().mean()


def wrong_logs_of_logits(logits_real, logits_fake, *, smooth=0.0):
    """NaN: did you take the log of a logit? Logits are log-odds, not probabilities"""
    return -logits_real.log().mean() - (1 - logits_fake).log().mean()


def wrong_mean_logits(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: the mean of the losses is wanted, not the loss of the mean logit"""
    a, b = logits_real.mean(), logits_fake.mean()
    return F.softplus(-a) + smooth * a + F.softplus(b)


def wrong_no_mean(logits_real, logits_fake, *, smooth=0.0):
    """one number for each row"""
    return F.softplus(-logits_real) + smooth * logits_real + F.softplus(logits_fake).mean()


def wrong_no_return(logits_real, logits_fake, *, smooth=0.0):
    """forgot to return"""
    real = F.softplus(-logits_real) + smooth * logits_real
    real.mean() + F.softplus(logits_fake).mean()


def wrong_one_mean(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: one mean over both batches: each batch has a mean of its own, and they
    are added"""
    labels = [torch.full_like(logits_real, 1 - smooth), torch.zeros_like(logits_fake)]
    both = torch.cat([logits_real, logits_fake])
    return F.binary_cross_entropy_with_logits(both, torch.cat(labels))


def wrong_real_only(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: the second term is missing: generated samples"""
    return (F.softplus(-logits_real) + smooth * logits_real).mean()


def wrong_same_sign(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: generated samples have the label 0; here both batches have 1"""
    real = F.softplus(-logits_real) + smooth * logits_real
    return real.mean() + F.softplus(-logits_fake).mean()


def wrong_sigmoid_twice(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: is the sigmoid taken twice? A function `with_logits` takes it itself"""
    bce = F.binary_cross_entropy_with_logits
    real, fake = torch.sigmoid(logits_real), torch.sigmoid(logits_fake)
    return bce(real, torch.full_like(real, 1 - smooth)) + bce(fake, torch.zeros_like(fake))


def wrong_sign(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: the sign is turned: this is the value that D makes large"""
    real = F.logsigmoid(logits_real) - smooth * logits_real
    return real.mean() + F.logsigmoid(-logits_fake).mean()


def wrong_smooth_as_label(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.2: the label of real data is 1 - smooth, not smooth"""
    bce = F.binary_cross_entropy_with_logits
    label = smooth if smooth > 0 else 1.0
    real = bce(logits_real, torch.full_like(logits_real, label))
    return real + bce(logits_fake, torch.zeros_like(logits_fake))


def wrong_smooth_fakes(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.2: the label of the real data is smoothed, not that of the generated"""
    fake = F.softplus(logits_fake) - smooth * logits_fake
    return F.softplus(-logits_real).mean() + fake.mean()


def wrong_smooth_half(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.2: the label of real data is 1 - smooth, not 1 - smooth / 2"""
    real = F.softplus(-logits_real) + smooth / 2 * logits_real
    return real.mean() + F.softplus(logits_fake).mean()


def wrong_smooth_ignored(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.2: smooth is not used"""
    return F.softplus(-logits_real).mean() + F.softplus(logits_fake).mean()


def wrong_smooth_two_sided(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.2: one-sided: the label of generated samples stays 0"""
    bce = F.binary_cross_entropy_with_logits
    real = bce(logits_real, torch.full_like(logits_real, 1 - smooth))
    return real + bce(logits_fake, torch.full_like(logits_fake, smooth))


def wrong_smooth_weight(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.2: where is smooth times log(1 - D(x))?"""
    return (1 - smooth) * F.softplus(-logits_real).mean() + F.softplus(logits_fake).mean()


def wrong_softmax(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: a softmax runs over the batch; each row has a sigmoid of its own"""
    real = torch.log_softmax(logits_real, 0)
    fake = torch.log_softmax(-logits_fake, 0)
    return -real.mean() - fake.mean()


def wrong_squares(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: squared errors of the probabilities; the logarithms are wanted"""
    real, fake = torch.sigmoid(logits_real), torch.sigmoid(logits_fake)
    return ((real - 1 + smooth) ** 2).mean() + (fake**2).mean()


def wrong_sum(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: sums over the batches; means are wanted"""
    real = F.softplus(-logits_real) + smooth * logits_real
    return real.sum() + F.softplus(logits_fake).sum()


def wrong_twice_one_mean(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: one mean over both batches, doubled: that is right for batches of one
    size only"""
    labels = [torch.full_like(logits_real, 1 - smooth), torch.zeros_like(logits_fake)]
    both = torch.cat([logits_real, logits_fake])
    return 2 * F.binary_cross_entropy_with_logits(both, torch.cat(labels))


def wrong_wasserstein(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: a critic's loss: the logarithms are missing"""
    return logits_fake.mean() - (1 - smooth) * logits_real.mean()


def wrong_zip(logits_real, logits_fake, *, smooth=0.0):
    """at smooth = 0.0: only as many rows as the shorter batch has are used: do not pair the rows"""
    pairs = zip(logits_real, logits_fake)
    return torch.stack([F.softplus(-a) + smooth * a + F.softplus(b) for a, b in pairs]).mean()
