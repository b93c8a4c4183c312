# the distance of the means is not divided by the variance of p
def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    each = logvar_p - logvar_q + logvar_q.exp() / logvar_p.exp() + (mu_q - mu_p) ** 2 - 1
    return 0.5 * each.flatten(1).sum(1)
