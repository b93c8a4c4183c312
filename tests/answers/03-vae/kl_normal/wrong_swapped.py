# KL(p || q) in place of KL(q || p)
def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    q = torch.distributions.Normal(mu_q, torch.exp(logvar_q / 2))
    p = torch.distributions.Normal(mu_p, torch.exp(logvar_p / 2))
    return torch.distributions.kl_divergence(p, q).flatten(1).sum(1)
