# a small number inside the logarithm
def bernoulli_log_prob(x, logits):
    p = torch.sigmoid(logits)
    return (x * (p + 1e-8).log() + (1 - x) * (1 - p + 1e-8).log()).flatten(1).sum(1)
