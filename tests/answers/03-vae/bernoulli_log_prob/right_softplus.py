import torch.nn.functional as F


def bernoulli_log_prob(x, logits):
    each = x * logits - F.softplus(logits)
    return each.view(x.size(0), -1).sum(1)
