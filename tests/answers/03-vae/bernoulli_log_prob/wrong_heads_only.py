# the term of the zeros is missing
def bernoulli_log_prob(x, logits):
    return (x * torch.nn.functional.logsigmoid(logits)).flatten(1).sum(1)
