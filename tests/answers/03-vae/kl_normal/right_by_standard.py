def kl_normal(mu_q, logvar_q, mu_p, logvar_p):
    # measured in units of p, p is the standard normal
    return kl_standard_normal((mu_q - mu_p) * torch.exp(-logvar_p / 2), logvar_q - logvar_p)
