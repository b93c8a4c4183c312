# no gradient reaches p
def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    mu_p, logvar_p = mu_p.detach(), logvar_p.detach()
    each = logvar_p - logvar_q + (logvar_q.exp() + (mu_q - mu_p) ** 2) / logvar_p.exp() - 1
    return 0.5 * each.flatten(1).sum(1)
