# a softmax over the pixels in place of a sigmoid for each
def bernoulli_log_prob(x, logits):
    return (x * torch.log_softmax(logits.flatten(1), 1).view_as(x)).flatten(1).sum(1)
