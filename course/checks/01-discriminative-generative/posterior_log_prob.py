"""1.9 Bayes' rule, in log space."""

import torch
from scipy.special import logsumexp
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from course.checks import draw
from course.checks.cases import Call
from dgm.naive_bayes import joint_log_prob
from dgm.naive_bayes import posterior_log_prob as definition


def model(g, n, K, d, dtype=draw.DOUBLE):
    """Rows, and a prior, means and variances for them, which overlap."""
    prior = torch.softmax(draw.normal(g, K, dtype=dtype), 0)
    var = draw.uniform(g, K, d, low=1.0, high=3.0, dtype=dtype)
    return draw.normal(g, n, d, dtype=dtype), prior, draw.normal(g, K, d, dtype=dtype), var


def cases(g):
    for n, K, d in ((5, 3, 2), (4, 2, 3), (3, 3, 3), (1, 4, 1)):
        yield Call(*model(g, n, K, d)).but(dtype="float", atol=1e-5)
    x, prior, mean, var = model(g, 1, 3, 1)
    yield Call(x + 200, prior, mean / 20, torch.ones_like(var)).but(
        dtype="float", rtol=5e-3, atol=5e-3, words="a row far from all classes"
    )
    X = torch.tensor([[0.2], [1e4], [-1e4], [-30.0]], dtype=torch.float64)
    prior = torch.tensor([0.5, 0.2, 0.3], dtype=torch.float64)
    mean = torch.tensor([[-1.0], [0.5], [1.0]], dtype=torch.float64)
    yield Call(X, prior, mean, torch.ones_like(mean)).but(
        dtype="float", rtol=5e-3, atol=1e-3, words="rows near the classes, and far from all"
    )


# Right, in ways that differ.


def right_from_scratch(X, prior, mean, var):
    # the constants with pi cancel
    logits = torch.zeros(X.shape[0], prior.shape[0], dtype=X.dtype)
    for k in range(prior.shape[0]):
        d2 = (X - mean[k]).pow(2).div(var[k]).sum(1)
        logits[:, k] = prior[k].log() - 0.5 * var[k].log().sum() - 0.5 * d2
    return logits - logits.logsumexp(dim=1).reshape(-1, 1)


def right_largest_off(X, prior, mean, var):
    j = joint_log_prob(X, prior, mean, var)
    j = j - j.max(dim=1).values[:, None]
    return j - j.exp().sum(dim=1)[:, None].log()


def right_log_odds(X, prior, mean, var):
    # 1 / sum_l exp(joint_l - joint_k), and no exponent is trusted to be small
    joint = joint_log_prob(X, prior, mean, var)
    rows = []
    for row in joint:
        rows.append(torch.stack([-torch.logsumexp(row - row[k], 0) for k in range(len(row))]))
    return torch.stack(rows)


def right_log_softmax(X, prior, mean, var):
    return torch.nn.functional.log_softmax(joint_log_prob(X, prior, mean, var), dim=-1)


def right_logaddexp_loop(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    evidence = joint[:, 0]
    for k in range(1, joint.shape[1]):
        evidence = torch.logaddexp(evidence, joint[:, k])
    return joint - evidence.unsqueeze(1)


def right_logsumexp(X, prior, mean, var):
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint, 1, keepdim=True)


def right_mixture(X, prior, mean, var):
    parts = Independent(Normal(mean, var.sqrt()), 1)
    px = MixtureSameFamily(Categorical(prior), parts).log_prob(X)
    return joint_log_prob(X, prior, mean, var) - px[:, None]


def right_scipy(X, prior, mean, var):
    a = joint_log_prob(X, prior, mean, var).numpy()
    return torch.tensor(a - logsumexp(a, axis=1, keepdims=True))


def right_single_precision_table(X, prior, mean, var):
    joint = torch.zeros(len(X), len(prior))
    for k in range(len(prior)):
        joint[:, k] = Normal(mean[k], var[k].sqrt()).log_prob(X).sum(1) + prior[k].log()
    top = joint.max(1, keepdim=True)[0]
    return joint - (top + (joint - top).exp().sum(1, keepdim=True).log())


# Mistakes, and what a student is told.


def wrong_argmax(X, prior, mean, var):
    """the likeliest class has got all the probability"""
    best = joint_log_prob(X, prior, mean, var).argmax(dim=1)
    return torch.nn.functional.one_hot(best, len(prior)).to(X.dtype).log()


def wrong_clamped(X, prior, mean, var):
    """far from all classes the posterior need not be 1 / K: stay in log space, and cut nothing"""
    return joint_log_prob(X, prior, mean, var).clamp(min=-700).log_softmax(1)


def wrong_divide_then_log(X, prior, mean, var):
    """far from all classes each joint density is 0: stay in log space"""
    p = joint_log_prob(X, prior, mean, var).exp()
    return (p / p.sum(dim=1, keepdim=True)).log()


def wrong_epsilon(X, prior, mean, var):
    """a small number is added where each density is 0: stay in log space"""
    p = joint_log_prob(X, prior, mean, var).exp()
    return ((p + 1e-12) / (p + 1e-12).sum(dim=1, keepdim=True)).log()


def wrong_evidence(X, prior, mean, var):
    """this is log p(x): take it off log p(x, Y=k)"""
    return torch.logsumexp(joint_log_prob(X, prior, mean, var), dim=1, keepdim=True)


def wrong_exp_sum_log(X, prior, mean, var):
    """far from all classes each joint density is 0: stay in log space"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.log(torch.exp(joint).sum(dim=1, keepdim=True))


def wrong_float32_exp_max(X, prior, mean, var):
    """far from all classes each joint density is 0: stay in log space"""
    return joint_log_prob(X, prior, mean, var).float().softmax(1).log().to(X.dtype)


def wrong_largest_for_sum(X, prior, mean, var):
    """the largest class alone is taken off: the sum over all of them"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - joint.max(dim=1, keepdim=True).values


def wrong_largest_not_restored(X, prior, mean, var):
    """the largest entry is taken off inside the sum and not outside"""
    joint = joint_log_prob(X, prior, mean, var)
    top = joint.max(dim=1, keepdim=True).values
    return joint - (joint - top).exp().sum(dim=1, keepdim=True).log()


def wrong_log_of_softmax(X, prior, mean, var):
    """far from all classes each joint density is 0: stay in log space"""
    return torch.log(torch.softmax(joint_log_prob(X, prior, mean, var), dim=1))


def wrong_nan_to_num(X, prior, mean, var):
    """far from all classes the posterior need not be 1 / K: stay in log space, and cut nothing"""
    p = joint_log_prob(X, prior, mean, var).exp()
    return torch.nan_to_num(p / p.sum(dim=1, keepdim=True), nan=1 / len(prior)).log()


def wrong_no_keepdim(X, prior, mean, var):
    """the sum is lined up with the classes, not with the rows: keepdim=True"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint, dim=1)


def wrong_no_prior(X, prior, mean, var):
    """the prior is missing: it is in the joint, and stays"""
    return (joint_log_prob(X, prior, mean, var) - prior.log()).log_softmax(1)


def wrong_no_return(X, prior, mean, var):
    """forgot to return"""
    joint = joint_log_prob(X, prior, mean, var)
    joint - torch.logsumexp(joint, dim=1, keepdim=True)


def wrong_not_normalised(X, prior, mean, var):
    """this is log p(x, Y=k): log p(x) is to be taken off"""
    return joint_log_prob(X, prior, mean, var)


def wrong_one_largest(X, prior, mean, var):
    """each row has a largest entry of its own to take off; here one serves for all"""
    joint = joint_log_prob(X, prior, mean, var)
    p = (joint - joint.max()).exp()
    return (p / p.sum(dim=1, keepdim=True)).log()


def wrong_over_everything(X, prior, mean, var):
    """summed over rows and classes: each row has a sum of its own"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint.flatten(), dim=0)


def wrong_over_rows(X, prior, mean, var):
    """summed over the rows: over the classes"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint, dim=0, keepdim=True)


def wrong_prior_over_sum(X, prior, mean, var):
    """the prior is missing in the sum"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint - prior.log(), dim=1, keepdim=True)


def wrong_prior_twice(X, prior, mean, var):
    """the prior is counted twice: joint_log_prob has it already"""
    joint = joint_log_prob(X, prior, mean, var) + prior.log()
    return joint - torch.logsumexp(joint, dim=1, keepdim=True)


def wrong_ratio_of_logs(X, prior, mean, var):
    """the logarithms are divided: a ratio's logarithm is their difference"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint / torch.logsumexp(joint, dim=1, keepdim=True)


def wrong_sign(X, prior, mean, var):
    """log p(x) is added: take it off"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint + torch.logsumexp(joint, dim=1, keepdim=True)


def wrong_softmax(X, prior, mean, var):
    """these are the probabilities: their logarithms are wanted"""
    return torch.softmax(joint_log_prob(X, prior, mean, var), dim=1)


def wrong_sum_of_logs(X, prior, mean, var):
    """the sum of the logarithms is not the logarithm of the sum: logsumexp"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - joint.sum(dim=1, keepdim=True)


def wrong_tiny_epsilon(X, prior, mean, var):
    """a small number is added where each density is 0: stay in log space"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.log(torch.exp(joint).sum(dim=1, keepdim=True) + 1e-300)


def wrong_two_classes(X, prior, mean, var):
    """written out for two classes: there are K"""
    joint = joint_log_prob(X, prior, mean, var)
    odds = joint[:, 1] - joint[:, 0]
    f = torch.nn.functional.logsigmoid
    return torch.stack([f(-odds), f(odds)], dim=1)


def wrong_base_two(X, prior, mean, var):
    """the logarithm to base 2: the natural one is wanted"""
    return torch.log_softmax(joint_log_prob(X, prior, mean, var), 1) / 0.6931471805599453


def wrong_floor(X, prior, mean, var):
    """the logarithms are cut from below: a class may be as improbable as it likes"""
    return torch.log_softmax(joint_log_prob(X, prior, mean, var), 1).clamp(min=-100)


def wrong_negative(X, prior, mean, var):
    """the sign of the whole is turned: a logarithm of a probability is not above 0"""
    return -torch.log_softmax(joint_log_prob(X, prior, mean, var), 1)


def wrong_prior_changed(X, prior, mean, var):
    """prior is changed in place"""
    joint = joint_log_prob(X, prior, mean, var)
    prior.log_()
    return joint - torch.logsumexp(joint, dim=1, keepdim=True)


def wrong_shared_variance(X, prior, mean, var):
    """each class has variances of its own; here their mean over the classes serves for all"""
    return torch.log_softmax(joint_log_prob(X, prior, mean, var.mean(0).expand_as(var)), 1)


def wrong_squeezed(X, prior, mean, var):
    """an axis of one entry is lost: shape (n, K) is wanted"""
    return torch.log_softmax(joint_log_prob(X, prior, mean, var), 1).squeeze()
