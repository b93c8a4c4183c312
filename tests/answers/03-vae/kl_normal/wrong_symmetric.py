# the mean of both directions
def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    q = torch.distributions.Normal(mu_q, torch.exp(logvar_q / 2))
    p = torch.distributions.Normal(mu_p, torch.exp(logvar_p / 2))
    kl = torch.distributions.kl_divergence
    return ((kl(p, q) + kl(q, p)) / 2).flatten(1).sum(1)
