# the distance of the means is divided by the variance of q
def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    each = logvar_p - logvar_q + (logvar_q - logvar_p).exp() + (mu_q - mu_p) ** 2 / logvar_q.exp() - 1
    return 0.5 * each.flatten(1).sum(1)
