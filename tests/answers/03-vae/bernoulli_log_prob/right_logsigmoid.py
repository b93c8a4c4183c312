import torch.nn.functional as F


def bernoulli_log_prob(x, logits):
    each = x * F.logsigmoid(logits) + (1 - x) * F.logsigmoid(-logits)
    return each.sum(dim=list(range(1, x.ndim)))
