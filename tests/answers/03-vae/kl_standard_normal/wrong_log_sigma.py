# the log-variance read as the log of the standard deviation
def kl_standard_normal(mu, logvar):
    q = torch.distributions.Normal(mu, logvar.exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return torch.distributions.kl_divergence(q, p).flatten(1).sum(1)
