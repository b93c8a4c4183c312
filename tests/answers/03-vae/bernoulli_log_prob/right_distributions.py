def bernoulli_log_prob(x, logits):
    coin = torch.distributions.Bernoulli(logits=logits, validate_args=False)
    return coin.log_prob(x).reshape(len(x), -1).sum(-1)
