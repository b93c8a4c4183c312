# the -1 is missing
def kl_standard_normal(mu, logvar):
    return 0.5 * (mu**2 + logvar.exp() - logvar).flatten(1).sum(1)
