# the log of a sigmoid, which is -inf where the sigmoid rounds to 0
def bernoulli_log_prob(x, logits):
    p = torch.sigmoid(logits)
    return (x * p.log() + (1 - x) * (1 - p).log()).flatten(1).sum(1)
