def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    q = torch.distributions.Normal(mu_q, torch.exp(logvar_q / 2))
    p = torch.distributions.Normal(mu_p, torch.exp(logvar_p / 2))
    return torch.distributions.kl_divergence(q, p).sum(dim=tuple(range(1, mu_q.ndim)))
