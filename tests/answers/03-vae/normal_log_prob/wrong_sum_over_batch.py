# a sum over everything, the batch too
def normal_log_prob(x, mu, logvar):
    return torch.distributions.Normal(mu, torch.exp(logvar / 2)).log_prob(x).sum()
