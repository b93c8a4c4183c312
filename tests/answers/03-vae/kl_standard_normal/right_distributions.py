from torch.distributions import kl_divergence as divergence


def kl_standard_normal(mu, logvar):
    q = torch.distributions.Normal(mu, (logvar / 2).exp())
    p = torch.distributions.Normal(torch.zeros_like(mu), torch.ones_like(mu))
    return divergence(q, p).reshape(mu.shape[0], -1).sum(1)
