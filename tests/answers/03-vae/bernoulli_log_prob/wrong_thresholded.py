# grey levels are rounded to 0 and 1
def bernoulli_log_prob(x, logits):
    x = (x > 0.5).to(logits.dtype)
    bce = torch.nn.functional.binary_cross_entropy_with_logits(logits, x, reduction="none")
    return -bce.flatten(1).sum(1)
