# a sigmoid before a loss that takes logits
def bernoulli_log_prob(x, logits):
    p = torch.sigmoid(logits)
    bce = torch.nn.functional.binary_cross_entropy_with_logits(p, x, reduction="none")
    return -bce.flatten(1).sum(1)
