# 2 * logvar for the log-variance
def kl_standard_normal(mu, logvar):
    return 0.5 * (mu**2 + logvar.exp() - 1 - 2 * logvar).flatten(1).sum(1)
