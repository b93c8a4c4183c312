"""TITLE."""

import torch
from scipy.special import logsumexp
from torch.distributions import Categorical, Independent, MixtureSameFamily, Normal

from course.checks import draw
from course.checks.cases import Call, Doing, Law
from dgm.naive_bayes import joint_log_prob
from dgm.naive_bayes import posterior_log_prob as definition


def cases(g):
    raise NotImplementedError


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
    """the likeliest class gets all the probability"""
    best = joint_log_prob(X, prior, mean, var).argmax(dim=1)
    return torch.nn.functional.one_hot(best, len(prior)).to(X.dtype).log()


def wrong_clamped(X, prior, mean, var):
    """the joint density is kept above -700 so that exp does not underflow"""
    return joint_log_prob(X, prior, mean, var).clamp(min=-700).log_softmax(1)


def wrong_divide_then_log(X, prior, mean, var):
    """far from all classes the joint is exp(-1e8), that is 0: stay in log space"""
    p = joint_log_prob(X, prior, mean, var).exp()
    return (p / p.sum(dim=1, keepdim=True)).log()


def wrong_epsilon(X, prior, mean, var):
    """1e-12 added so that the log is never of 0"""
    p = joint_log_prob(X, prior, mean, var).exp()
    return ((p + 1e-12) / (p + 1e-12).sum(dim=1, keepdim=True)).log()


def wrong_evidence(X, prior, mean, var):
    """log p(x) alone"""
    return torch.logsumexp(joint_log_prob(X, prior, mean, var), dim=1, keepdim=True)


def wrong_exp_sum_log(X, prior, mean, var):
    """far from all classes the joint is exp(-1e8), that is 0: stay in log space"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.log(torch.exp(joint).sum(dim=1, keepdim=True))


def wrong_float32_exp_max(X, prior, mean, var):
    """far from all classes the joint is exp(-1e8), that is 0: stay in log space"""
    return joint_log_prob(X, prior, mean, var).float().softmax(1).log().to(X.dtype)


def wrong_largest_for_sum(X, prior, mean, var):
    """the classes' probabilities should add up to 1 in each row (over columns); the rows add up
    to [1.8116091744600593, 1.7564478218135582, 1.2856054010295828, 2.6680439972274947,
    1.6627500735900074]"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - joint.max(dim=1, keepdim=True).values


def wrong_largest_not_restored(X, prior, mean, var):
    """the classes' probabilities should add up to 1 in each row (over columns); the rows add up
    to [0.0027322024143395054, 0.03373181383807315, 0.032552296625758446,
    0.019220811631288588, 0.07092248952769152]"""
    joint = joint_log_prob(X, prior, mean, var)
    top = joint.max(dim=1, keepdim=True).values
    return joint - (joint - top).exp().sum(dim=1, keepdim=True).log()


def wrong_log_of_softmax(X, prior, mean, var):
    """far from all classes the joint is exp(-1e8), that is 0: stay in log space"""
    return torch.log(torch.softmax(joint_log_prob(X, prior, mean, var), dim=1))


def wrong_nan_to_num(X, prior, mean, var):
    """exp, divide, and a half wherever that is NaN"""
    p = joint_log_prob(X, prior, mean, var).exp()
    return torch.nan_to_num(p / p.sum(dim=1, keepdim=True), nan=1 / len(prior)).log()


def wrong_no_keepdim(X, prior, mean, var):
    """no keepdim: the normaliser is spread over the columns"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint, dim=1)


def wrong_no_prior(X, prior, mean, var):
    """the prior is taken out: the likelihood's share"""
    return (joint_log_prob(X, prior, mean, var) - prior.log()).log_softmax(1)


def wrong_no_return(X, prior, mean, var):
    """forgot to return"""
    joint = joint_log_prob(X, prior, mean, var)
    joint - torch.logsumexp(joint, dim=1, keepdim=True)


def wrong_not_normalised(X, prior, mean, var):
    """the classes' probabilities should add up to 1 in each row (over columns); the rows add up
    to [0.004949682960299372, 0.05924817094170402, 0.04184940835799211, 0.05128197109469992,
    0.11792637468135561]"""
    return joint_log_prob(X, prior, mean, var)


def wrong_one_largest(X, prior, mean, var):
    """far from all classes the joint is exp(-1e8), that is 0: stay in log space"""
    joint = joint_log_prob(X, prior, mean, var)
    p = (joint - joint.max()).exp()
    return (p / p.sum(dim=1, keepdim=True)).log()


def wrong_over_everything(X, prior, mean, var):
    """the classes' probabilities should add up to 1 in each row (over columns); the rows add up
    to [0.01798213302760791, 0.215247824974175, 0.1520383495783707, 0.1863067258124069,
    0.42842496660743945]"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint.flatten(), dim=0)


def wrong_over_rows(X, prior, mean, var):
    """the classes' probabilities should add up to 1 in each row (over columns); the rows add up
    to [0.07343623703614545, 0.6490693211249222, 0.3625779709251541, 0.6960126686991963,
    1.218903802214582]"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint, dim=0, keepdim=True)


def wrong_prior_over_sum(X, prior, mean, var):
    """the classes' probabilities should add up to 1 in each row (over columns); the rows add up
    to [0.24542527065652986, 0.353650365449916, 0.3948296781489171, 0.2866515233950614,
    0.33682750026219727]"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.logsumexp(joint - prior.log(), dim=1, keepdim=True)


def wrong_prior_twice(X, prior, mean, var):
    """the prior is counted twice: joint_log_prob has it already"""
    joint = joint_log_prob(X, prior, mean, var) + prior.log()
    return joint - torch.logsumexp(joint, dim=1, keepdim=True)


def wrong_ratio_of_logs(X, prior, mean, var):
    """these are logarithms of probabilities: none may be above 0"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint / torch.logsumexp(joint, dim=1, keepdim=True)


def wrong_sign(X, prior, mean, var):
    """the classes' probabilities should add up to 1 in each row (over columns); the rows add up
    to [2.449936140747795e-05, 0.00351034575993738, 0.0017513729799139791,
    0.0026298405593576375, 0.013906629845487467]"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint + torch.logsumexp(joint, dim=1, keepdim=True)


def wrong_softmax(X, prior, mean, var):
    """these are the probabilities; wanted their logarithms"""
    return torch.softmax(joint_log_prob(X, prior, mean, var), dim=1)


def wrong_sum_of_logs(X, prior, mean, var):
    """these are logarithms of probabilities: none may be above 0"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - joint.sum(dim=1, keepdim=True)


def wrong_tiny_epsilon(X, prior, mean, var):
    """1e-300 inside the log of the sum"""
    joint = joint_log_prob(X, prior, mean, var)
    return joint - torch.log(torch.exp(joint).sum(dim=1, keepdim=True) + 1e-300)


def wrong_two_classes(X, prior, mean, var):
    """the sigmoid of the log-odds of classes 1 and 0, whatever K"""
    joint = joint_log_prob(X, prior, mean, var)
    odds = joint[:, 1] - joint[:, 0]
    f = torch.nn.functional.logsigmoid
    return torch.stack([f(-odds), f(odds)], dim=1)
