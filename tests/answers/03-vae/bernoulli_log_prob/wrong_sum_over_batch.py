# a sum over everything, the batch too
def bernoulli_log_prob(x, logits):
    return -torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="sum")
