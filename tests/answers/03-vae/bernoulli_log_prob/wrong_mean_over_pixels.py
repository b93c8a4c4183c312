# a mean over pixels in place of the sum
def bernoulli_log_prob(x, logits):
    bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
    return -bce.flatten(1).mean(1)
