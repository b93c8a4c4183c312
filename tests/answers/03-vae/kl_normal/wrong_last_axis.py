# sums over the last axis alone: right for vectors only
def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    each = logvar_p - logvar_q + (logvar_q.exp() + (mu_q - mu_p) ** 2) / logvar_p.exp() - 1
    return 0.5 * each.sum(-1)
