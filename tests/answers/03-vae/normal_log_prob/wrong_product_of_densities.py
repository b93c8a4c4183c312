# multiplies the densities of all entries, then takes the log
def normal_log_prob(x, mu, logvar):
    p = torch.distributions.Normal(mu, torch.exp(logvar / 2)).log_prob(x).exp()
    return p.flatten(1).prod(1).log()
