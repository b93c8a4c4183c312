# the arguments of the KL are swapped: KL(N(0, 1) || q)
def kl_standard_normal(mu, logvar):
    q = torch.distributions.Normal(mu, (logvar / 2).exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return torch.distributions.kl_divergence(p, q).flatten(1).sum(1)
