# estimated with one sample
def kl_standard_normal(mu, logvar):
    q = torch.distributions.Normal(mu, (logvar / 2).exp())
    z = q.rsample()
    return (q.log_prob(z) - torch.distributions.Normal(0.0, 1.0).log_prob(z)).flatten(1).sum(1)
