# the difference of two KLs from the standard normal
def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    return kl_standard_normal(mu_q, logvar_q) - kl_standard_normal(mu_p, logvar_p)
