# ones and zeros are the wrong way round
def bernoulli_log_prob(x, logits):
    f = torch.nn.functional.logsigmoid
    return (x * f(-logits) + (1 - x) * f(logits)).flatten(1).sum(1)
