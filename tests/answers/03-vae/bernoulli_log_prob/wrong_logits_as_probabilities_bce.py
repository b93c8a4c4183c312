# takes the logits for probabilities, and torch refuses them
# raises: RuntimeError
def bernoulli_log_prob(x, logits):
    bce = torch.nn.functional.binary_cross_entropy(logits, x, reduction="none")
    return -bce.flatten(1).sum(1)
