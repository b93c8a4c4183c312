# the standard deviation where the variance belongs
def kl_standard_normal(mu, logvar):
    return 0.5 * (mu**2 + (logvar / 2).exp() - 1 - logvar).flatten(1).sum(1)
