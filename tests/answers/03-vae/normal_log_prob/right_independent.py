from torch.distributions import Independent


def normal_log_prob(x, mu, logvar):
    return Independent(torch.distributions.Normal(mu, logvar.exp().sqrt()), x.ndim - 1).log_prob(x)
