# the log of the ratio is upside down
def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    each = logvar_q - logvar_p + (logvar_q.exp() + (mu_q - mu_p) ** 2) / logvar_p.exp() - 1
    return 0.5 * each.flatten(1).sum(1)
