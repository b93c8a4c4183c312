# sums over axis 1 alone: images keep two axes
def bernoulli_log_prob(x, logits):
    return torch.distributions.Bernoulli(logits=logits, validate_args=False).log_prob(x).sum(1)
