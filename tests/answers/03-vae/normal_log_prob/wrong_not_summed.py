# one number for each entry
def normal_log_prob(x, mu, logvar):
    return torch.distributions.Normal(mu, torch.exp(logvar / 2)).log_prob(x)
