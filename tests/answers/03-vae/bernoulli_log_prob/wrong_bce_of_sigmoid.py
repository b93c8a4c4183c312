# binary_cross_entropy of the sigmoid: it stops at -100
def bernoulli_log_prob(x, logits):
    bce = torch.nn.functional.binary_cross_entropy(torch.sigmoid(logits), x, reduction="none")
    return -bce.flatten(1).sum(1)
