# a small number is added to the variance of p
def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    var_p = logvar_p.exp() + 1e-3
    each = var_p.log() - logvar_q + (logvar_q.exp() + (mu_q - mu_p) ** 2) / var_p - 1
    return 0.5 * each.flatten(1).sum(1)
