# the mean is not squared
def kl_standard_normal(mu, logvar):
    return 0.5 * (mu + logvar.exp() - 1 - logvar).flatten(1).sum(1)
