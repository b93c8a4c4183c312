# p is taken for the standard normal
def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    return 0.5 * (mu_q**2 + logvar_q.exp() - 1 - logvar_q).flatten(1).sum(1)
