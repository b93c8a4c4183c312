# log-variances read as logs of standard deviations
def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    q = torch.distributions.Normal(mu_q, logvar_q.exp())
    p = torch.distributions.Normal(mu_p, logvar_p.exp())
    return torch.distributions.kl_divergence(q, p).flatten(1).sum(1)
