# the default of the loss: one mean over batch and pixels
def bernoulli_log_prob(x, logits):
    return -torch.nn.functional.binary_cross_entropy_with_logits(logits, x)
