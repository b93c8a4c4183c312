def normal_log_prob(x, mu, logvar):
    each = torch.distributions.Normal(mu, torch.exp(0.5 * logvar)).log_prob(x)
    return each.sum(dim=tuple(range(1, x.dim())))
