# takes the logits for probabilities
def bernoulli_log_prob(x, logits):
    return (x * logits.log() + (1 - x) * (1 - logits).log()).flatten(1).sum(1)
