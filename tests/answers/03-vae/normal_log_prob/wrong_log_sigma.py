# the log-variance read as a log of the standard deviation
def normal_log_prob(x, mu, logvar):
    return torch.distributions.Normal(mu, logvar.exp()).log_prob(x).flatten(1).sum(1)
